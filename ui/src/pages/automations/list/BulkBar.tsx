/** What can be done with the selected automations or scripts. */

import { useState } from 'react';
import { mdiClose, mdiDelete, mdiFolderOutline, mdiPower, mdiPowerOff } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Button, CategoryDialog, ConfirmDialog, IconButton } from '@/components';
import { useCall, useConnected, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import type { Domain } from '../model/types';
import styles from './list.module.css';
import type { ItemRow } from './rows';

interface Props {
  domain: Domain;
  rows: readonly ItemRow[];
  onClear: () => void;
}

export function BulkBar({ domain, rows, onClear }: Props) {
  const { t } = useTranslation('automations');
  const session = useSession();
  const connected = useConnected();
  const call = useCall();
  const [asking, setAsking] = useState<'category' | 'delete' | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const busy = done !== null;
  const count = rows.length;
  // What has no id of its own, or stands in another file, is no editor's.
  const ours = rows.filter((row) => row.itemId !== null);
  const idle = busy || count === 0 || !connected;

  const turn = (service: string) => void call(domain, service, {}, { entity_id: rows.map((row) => row.entityId) }).then((worked) => worked && onClear());
  const remove = async () => {
    setAsking(null);
    let gone = 0;
    for (const [index, row] of ours.entries()) {
      setDone(index);
      try {
        await session.rest(`/api/config/${domain}/config/${encodeURIComponent(row.itemId ?? '')}`, { method: 'DELETE' });
        gone += 1;
      } catch (error) {
        toast.error(t('many.bulk.failed', { name: row.name, text: asApiError(error).message }));
      }
    }
    setDone(null);
    if (gone > 0) toast.ok(t('many.bulk.deleted', { count: gone }));
    onClear();
  };
  const categories = new Set(rows.map((row) => row.category ?? null));
  return (
    <div className={styles.bulk} role="region" aria-label={t('many.bulk.title')}>
      <strong role="status">{busy ? t('many.bulk.progress', { done, count: ours.length }) : t('many.bulk.chosen', { count })}</strong>
      {domain === 'automation' && (
        <>
          <Button small icon={mdiPower} isDisabled={idle} onPress={() => turn('turn_on')}>{t('many.bulk.on')}</Button>
          <Button small icon={mdiPowerOff} isDisabled={idle} onPress={() => turn('turn_off')}>{t('many.bulk.off')}</Button>
        </>
      )}
      <Button small icon={mdiFolderOutline} isDisabled={idle} onPress={() => setAsking('category')}>{t('many.setCategory')}</Button>
      <Button small icon={mdiDelete} isDisabled={idle || ours.length === 0} onPress={() => setAsking('delete')}>{t('many.bulk.delete')}</Button>
      <IconButton label={t('many.bulk.clear')} icon={mdiClose} isDisabled={busy} onPress={onClear} />
      {asking === 'category' && <CategoryDialog scope={domain} entityIds={rows.map((row) => row.entityId)} current={categories.size === 1 ? [...categories][0] : undefined} onClose={() => setAsking(null)} onDone={onClear} />}
      <ConfirmDialog
        open={asking === 'delete'}
        title={t('many.bulk.deleteTitle', { count: ours.length })}
        text={[t('many.bulk.deleteText'), ours.length < count ? t('many.bulk.byHand', { count: count - ours.length }) : ''].join(' ')}
        confirm={t('many.bulk.delete')}
        danger
        onClose={() => setAsking(null)}
        onConfirm={() => void remove()}
      />
    </div>
  );
}
