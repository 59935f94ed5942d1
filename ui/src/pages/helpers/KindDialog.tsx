/** The choice of what to make. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '@/components/Dialog';
import { EmptyState } from '@/components/EmptyState';
import { SearchField } from '@/components/fields';
import { Icon } from '@/components/Icon';
import { FIELDS, iconOf } from './kinds';
import styles from './Helpers.module.css';
import { useKindWords } from './useKindWords';

export function KindDialog({ handlers, onChoose, onClose }: { handlers: readonly string[]; onChoose: (kind: string) => void; onClose: () => void }) {
  const { t } = useTranslation('helpers');
  const words = useKindWords();
  const [search, setSearch] = useState('');
  const fits = (kind: string) => `${words.name(kind)} ${words.text(kind)} ${kind}`.toLowerCase().includes(search.trim().toLowerCase());
  const groups = [
    { id: 'values', kinds: Object.keys(FIELDS).filter(fits) },
    { id: 'made', kinds: [...handlers].sort((a, b) => words.name(a).localeCompare(words.name(b))).filter(fits) },
  ].filter((group) => group.kinds.length > 0);
  return (
    <Dialog open onClose={onClose} title={t('choose')} size="large">
      <SearchField label={t('searchKinds')} value={search} onChange={setSearch} autoFocus />
      {groups.length === 0 && <EmptyState title={t('noKind')} />}
      {groups.map((group) => (
        <section key={group.id}>
          <h3 className={styles.group}>{t(`group.${group.id}`)}</h3>
          <ul className={styles.kinds}>
            {group.kinds.map((kind) => (
              <li key={kind}>
                <button type="button" className={styles.kind} onClick={() => onChoose(kind)}>
                  <Icon path={iconOf(kind)} />
                  <span>
                    <strong>{words.name(kind)}</strong>
                    {words.text(kind)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}
