/** Which category things are in; categories are made, renamed and deleted here as well. */

import { useState } from 'react';
import { mdiCheck, mdiDelete, mdiFolderOutline, mdiFolderPlusOutline, mdiPencil } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { type CategoryScope, useCategories, useCategoryActs } from '@/data/categories';
import { useConnected } from '@/data/hooks';
import { useAct } from '@/data/useAct';
import { Button, IconButton } from './Button';
import styles from './CategoryDialog.module.css';
import { ConfirmDialog, Dialog } from './Dialog';
import { TextField } from './fields';
import { Icon, NamedIcon } from './Icon';

interface Props {
  scope: CategoryScope;
  /** What is sorted; none: only the categories themselves are changed. */
  entityIds: readonly string[];
  /** Of the one thing that is sorted, in the title. */
  name?: string;
  /** In which all of them are: it has a tick. */
  current: string | null | undefined;
  onClose: () => void;
  /** They are in another one now. */
  onDone?: () => void;
}

export function CategoryDialog({ scope, entityIds, name, current, onClose, onDone }: Props) {
  const { t } = useTranslation('components');
  const connected = useConnected();
  const categories = useCategories(scope);
  const acts = useCategoryActs(scope);
  const [typed, setTyped] = useState('');
  const [renaming, setRenaming] = useState<{ id: string; name: string } | null>(null);
  const [deleting, setDeleting] = useState<{ id: string; name: string } | null>(null);
  const [busy, act] = useAct();
  const sorts = entityIds.length > 0;

  const choose = (category: string | null) =>
    void act(() => acts.assign(entityIds, category)).then((worked) => {
      if (!worked) return;
      onDone?.();
      onClose();
    });
  const add = () =>
    void act(async () => {
      const made = await acts.create(typed.trim());
      setTyped('');
      if (sorts) await acts.assign(entityIds, made.category_id);
    }).then((worked) => {
      if (!worked || !sorts) return;
      onDone?.();
      onClose();
    });
  const isTaken = categories.some((each) => each.name.toLowerCase() === typed.trim().toLowerCase());
  const title = !sorts ? t('category.manage') : name === undefined ? t('category.titleMany', { count: entityIds.length }) : t('category.title', { name });

  return (
    <>
      <Dialog open onClose={onClose} title={title} size="small">
        <ul className={styles.list}>
          {sorts && (
            <li className={styles.row}>
              <button type="button" className={styles.choice} aria-pressed={current === null} disabled={busy || !connected} onClick={() => choose(null)}>
                <Icon path={current === null ? mdiCheck : mdiFolderOutline} size={20} />
                {t('category.none')}
              </button>
            </li>
          )}
          {categories.map((each) => (
            <li key={each.category_id} className={styles.row}>
              {renaming?.id === each.category_id ? (
                <form
                  className={styles.form}
                  onSubmit={(event) => {
                    event.preventDefault();
                    void act(() => acts.rename(each.category_id, renaming.name.trim())).then((worked) => worked && setRenaming(null));
                  }}
                >
                  <TextField label={t('category.rename', { name: each.name })} value={renaming.name} onChange={(next) => setRenaming({ ...renaming, name: next })} autoFocus />
                  <Button small type="submit" busy={busy} isDisabled={!renaming.name.trim() || !connected}>{t('category.save')}</Button>
                </form>
              ) : (
                <>
                  <button type="button" className={styles.choice} aria-pressed={sorts ? current === each.category_id : undefined} disabled={!sorts || busy || !connected} onClick={() => choose(each.category_id)}>
                    {current === each.category_id ? <Icon path={mdiCheck} size={20} /> : <NamedIcon name={each.icon} fallback={mdiFolderOutline} size={20} />}
                    {each.name}
                  </button>
                  <IconButton label={t('category.rename', { name: each.name })} icon={mdiPencil} onPress={() => setRenaming({ id: each.category_id, name: each.name })} />
                  <IconButton label={t('category.delete', { name: each.name })} icon={mdiDelete} onPress={() => setDeleting({ id: each.category_id, name: each.name })} />
                </>
              )}
            </li>
          ))}
        </ul>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() && !isTaken) add();
          }}
        >
          <TextField label={t('category.new')} value={typed} onChange={setTyped} placeholder={t('category.placeholder')} error={typed.trim() && isTaken ? t('category.taken') : null} />
          <Button small type="submit" icon={mdiFolderPlusOutline} busy={busy} isDisabled={!typed.trim() || isTaken || !connected}>{t('category.add')}</Button>
        </form>
      </Dialog>
      <ConfirmDialog
        open={deleting !== null}
        title={t('category.deleteTitle', { name: deleting?.name ?? '' })}
        text={t('category.deleteText')}
        confirm={t('category.deleteConfirm')}
        danger
        busy={busy}
        onClose={() => setDeleting(null)}
        onConfirm={() => deleting && void act(() => acts.remove(deleting.id)).then((worked) => worked && setDeleting(null))}
      />
    </>
  );
}
