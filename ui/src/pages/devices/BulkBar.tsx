import { useTranslation } from 'react-i18next';
import { RegistryActions, SelectionBar, useWork } from '@/components/selection';
import { useSession } from '@/data';
import { inTurns } from '@/data/inTurns';
import { fieldsOf, type RegistryChange } from '@/data/registryChange';
import type { DeviceRow } from './rows';

/** On their way at once: each changes the entities of a device, too. */
const AT_ONCE = 8;

/** What can be done with the selected devices. */
export function BulkBar({ rows, onClear }: { rows: readonly DeviceRow[]; onClear: () => void }) {
  const { t } = useTranslation('devices');
  const session = useSession();
  const work = useWork<DeviceRow>(onClear);
  const change = (what: RegistryChange) =>
    void work.begin(rows, (tell) => inTurns(rows, (row) => session.command('config/device_registry/update', { device_id: row.id, ...fieldsOf(what, row.labels) }), tell, AT_ONCE));
  return (
    <SelectionBar count={rows.length} work={work} onClear={onClear}>
      <RegistryActions count={rows.length} ready={work.ready} disableText={t('disableText')} onChange={change} />
    </SelectionBar>
  );
}
