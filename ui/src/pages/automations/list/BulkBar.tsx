import { useTranslation } from 'react-i18next';
import { CategoryAction, DeleteAction, SelectionBar, TurnActions, useWork } from '@/components/selection';
import { useCall, useSession } from '@/data/hooks';
import type { Domain } from '../model/types';
import { configUrl, type ItemRow } from './rows';

/** What has no id of its own, or stands in another file, is no editor's. */
const isOurs = (row: ItemRow): boolean => row.itemId !== null;

/** What can be done with the selected automations or scripts. */
export function BulkBar({ domain, rows, onClear }: { domain: Domain; rows: readonly ItemRow[]; onClear: () => void }) {
  const { t } = useTranslation('automations');
  const session = useSession();
  const call = useCall();
  const work = useWork<ItemRow>(onClear);
  const turn = (on: boolean) => void call(domain, on ? 'turn_on' : 'turn_off', {}, { entity_id: rows.map((row) => row.entityId) }).then((worked) => worked && onClear());
  const remove = (row: ItemRow) => session.rest(configUrl(domain, row.itemId ?? ''), { method: 'DELETE' });
  return (
    <SelectionBar count={rows.length} work={work} onClear={onClear}>
      {domain === 'automation' && <TurnActions ready={work.ready} onTurn={turn} />}
      <CategoryAction scope={domain} items={rows} ready={work.ready} onDone={onClear} />
      <DeleteAction rows={rows} work={work} isOurs={isOurs} remove={remove} text={t('many.deleteText')} />
    </SelectionBar>
  );
}
