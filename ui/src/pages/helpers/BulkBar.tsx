/** What can be done with the selected helpers. */

import { useState } from 'react';
import { mdiClose, mdiDelete, mdiFolderOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Button, CategoryDialog, ConfirmDialog, IconButton } from '@/components';
import { useConnected, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import styles from './Helpers.module.css';
import { isOurs, removeHelper } from './removeHelper';
import type { HelperRow } from './useHelpers';

interface Props {
  scope: 'helpers';
  rows: readonly HelperRow[];
  categoryOf: ReadonlyMap<string, string>;
  onClear: () => void;
  /** Some are gone. */
  onRemoved: () => void;
}

export function BulkBar({ scope, rows, categoryOf, onClear, onRemoved }: Props) {
  const { t } = useTranslation('helpers');
  const session = useSession();
  const connected = useConnected();
  const [asking, setAsking] = useState<'category' | 'delete' | null>(null);
  const [busy, setBusy] = useState(false);
  const ours = rows.filter(isOurs);
  const entityIds = rows.flatMap((row) => row.entityId ?? []);
  const categories = new Set(entityIds.map((id) => categoryOf.get(id) ?? null));
  const idle = busy || !connected;
  const remove = async () => {
    setAsking(null);
    setBusy(true);
    let gone = 0;
    for (const row of ours) {
      try {
        await removeHelper(session, row);
        gone += 1;
      } catch (error) {
        toast.error(t('bulk.failed', { name: row.name, text: asApiError(error).message }));
      }
    }
    setBusy(false);
    if (gone > 0) toast.ok(t('bulk.deleted', { count: gone }));
    onClear();
    onRemoved();
  };
  return (
    <div className={styles.bulk} role="region" aria-label={t('bulk.title')}>
      <strong role="status">{t('bulk.chosen', { count: rows.length })}</strong>
      <Button small icon={mdiFolderOutline} isDisabled={idle || entityIds.length === 0} onPress={() => setAsking('category')}>{t('category')}</Button>
      <Button small icon={mdiDelete} busy={busy} isDisabled={idle || ours.length === 0} onPress={() => setAsking('delete')}>{t('delete')}</Button>
      <IconButton label={t('bulk.clear')} icon={mdiClose} isDisabled={busy} onPress={onClear} />
      {asking === 'category' && <CategoryDialog scope={scope} entityIds={entityIds} current={categories.size === 1 ? [...categories][0] : undefined} onClose={() => setAsking(null)} onDone={onClear} />}
      <ConfirmDialog
        open={asking === 'delete'}
        danger
        title={t('bulk.deleteTitle', { count: ours.length })}
        text={[t('bulk.deleteText'), ours.length < rows.length ? t('bulk.byHand', { count: rows.length - ours.length }) : ''].join(' ')}
        confirm={t('delete')}
        onClose={() => setAsking(null)}
        onConfirm={() => void remove()}
      />
    </div>
  );
}
