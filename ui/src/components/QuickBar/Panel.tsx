/** The field and what fits: arrows choose, Enter opens. */

import { type KeyboardEvent, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react';
import { mdiDevices, mdiFileOutline, mdiMagnify, mdiRobotOutline, mdiTextureBox } from '@mdi/js';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { pages } from '@/app/pages';
import { EntityIcon, StateText } from '@/components/entity';
import { Icon } from '@/components/Icon';
import { openMoreInfo } from '@/components/MoreInfo';
import { best, type Item } from './find';
import styles from './QuickBar.module.css';
import { useItems } from './useItems';

const SHOWN = 30;
/** Pages look as in the navigation. */
const pageIcon = (href: string) => pages.find((page) => page.href === href)?.icon;
const ICONS = { page: mdiFileOutline, area: mdiTextureBox, device: mdiDevices, automation: mdiRobotOutline } as const;

export default function Panel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('search');
  const items = useItems();
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState('');
  const wanted = useDeferredValue(typed);
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(() => (wanted.trim() ? best(items, wanted, SHOWN) : items.filter((item) => item.kind === 'page')), [items, wanted]);
  const current = Math.min(at, found.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current, found]);

  const run = (item: Item | undefined) => {
    if (!item) return;
    onClose();
    if (item.kind === 'page') navigate(item.id);
    else if (item.kind === 'area') navigate(`/areas/${encodeURIComponent(item.id)}`);
    else if (item.kind === 'device') navigate(`/devices/${item.id}`);
    else openMoreInfo(item.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, current + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, current - 1));
    else if (event.key === 'Enter') run(typed === wanted ? found[current] : best(items, typed, SHOWN)[0]); // quicker than the list
    else return;
    event.preventDefault();
  };
  return (
    <ModalOverlay isOpen onOpenChange={(isOpen) => !isOpen && onClose()} isDismissable className={styles.scrim!}>
      <Modal className={styles.modal!}>
        <Dialog aria-label={t('title')} className={styles.dialog!}>
          <label className={styles.field}>
            <Icon path={mdiMagnify} />
            <input
              role="combobox"
              aria-label={t('label')}
              aria-expanded
              aria-controls={id}
              aria-activedescendant={found[current] ? `${id}-${current}` : undefined}
              aria-autocomplete="list"
              autoComplete="off"
              spellCheck={false}
              placeholder={t('placeholder')}
              value={typed}
              autoFocus
              onKeyDown={onKeyDown}
              onChange={(event) => {
                setTyped(event.target.value);
                setAt(0);
              }}
            />
            <kbd aria-hidden="true">Esc</kbd>
          </label>
          <div className={styles.list} ref={list} id={id} role="listbox" aria-label={t('results')}>
            {found.map((item, index) => (
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- keys are taken by the field, which has the focus
              <div key={`${item.kind} ${item.id}`} id={`${id}-${index}`} role="option" tabIndex={-1} aria-selected={index === current} className={styles.item} onClick={() => run(item)} onPointerMove={() => setAt(index)}>
                {item.kind === 'entity' ? (
                  <EntityIcon entityId={item.id} size={20} />
                ) : (
                  <span className={styles.face}>
                    <Icon path={(item.kind === 'page' && pageIcon(item.id)) || ICONS[item.kind]} size={20} />
                  </span>
                )}
                <span className={styles.words}>
                  <span className={styles.name}>{item.name}</span>
                  {item.more && <span className={styles.more}>{item.more}</span>}
                </span>
                <span className={styles.kind}>{item.kind === 'entity' || item.kind === 'automation' ? <StateText entityId={item.id} /> : t(`kind.${item.kind}`)}</span>
              </div>
            ))}
          </div>
          {found.length === 0 && (
            <p role="status" className={styles.nothing}>
              {t('nothing', { text: wanted })}
            </p>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
