import { useMemo, useState } from 'react';
import { mdiPlay, mdiScriptTextOutline, mdiStop } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { type Column, IconButton } from '@/components';
import { useCall, useEntityValue, useServices } from '@/data/hooks';
import { ItemList } from '../automations/list/ItemList';
import { ItemMenu } from '../automations/list/ItemMenu';
import styles from '../automations/list/list.module.css';
import type { ItemRow } from '../automations/list/rows';
import { RunDialog } from './RunDialog';

/** Of scripts, beside what automations have, too: run and stop. */
export default function ScriptList() {
  const ends = useMemo<Column<ItemRow>[]>(() => [{ id: 'menu', label: '', value: () => '', sortable: false, width: '112px', align: 'end', cell: (row) => <ScriptActions row={row} /> }], []);
  return <ItemList domain="script" icon={mdiScriptTextOutline} ends={ends} />;
}

function ScriptActions({ row }: { row: ItemRow }) {
  const { t } = useTranslation('scripts');
  const call = useCall();
  const services = useServices();
  const [asking, setAsking] = useState(false);
  const on = useEntityValue(row.entityId, (entity) => entity?.state === 'on');
  const name = row.itemId ?? '';
  const fields = services.script?.[name]?.fields ?? {};
  const turn = (service: 'turn_on' | 'turn_off') => void call('script', service, {}, { entity_id: row.entityId });
  return (
    <span className={styles.end}>
      {on ? (
        <IconButton label={t('stop', { name: row.name })} icon={mdiStop} onPress={() => turn('turn_off')} />
      ) : (
        <IconButton label={t('run', { name: row.name })} icon={mdiPlay} onPress={() => (Object.keys(fields).length > 0 ? setAsking(true) : turn('turn_on'))} />
      )}
      <ItemMenu domain="script" row={row} />
      <RunDialog open={asking} name={row.name} service={name} fields={fields} onClose={() => setAsking(false)} />
    </span>
  );
}
