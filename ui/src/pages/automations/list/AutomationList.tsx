import { useMemo } from 'react';
import { mdiPlay, mdiRobotOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { toast } from '@/app/toasts';
import { Button, type Column, EntityToggle } from '@/components';
import { useCall } from '@/data/hooks';
import { ItemList } from './ItemList';
import { ItemMenu } from './ItemMenu';
import type { ItemRow } from './rows';

/** Of automations, beside what scripts have, too: a switch, and a run now. */
export default function AutomationList() {
  const { t } = useTranslation('automations');
  const [, navigate] = useLocation();
  const ends = useMemo<Column<ItemRow>[]>(
    () => [
      { id: 'on', label: t('list.on'), value: (row) => row.entityId, sortable: false, width: '68px', cell: (row) => <EntityToggle entityId={row.entityId} label={t('list.switch', { name: row.name })} /> },
      { id: 'menu', label: '', value: () => '', sortable: false, width: '56px', align: 'end', cell: (row) => <AutomationMenu row={row} /> },
    ],
    [t],
  );
  return (
    <ItemList domain="automation" icon={mdiRobotOutline} ends={ends}>
      <Button onPress={() => navigate('/blueprints')}>{t('list.blueprints')}</Button>
    </ItemList>
  );
}

function AutomationMenu({ row }: { row: ItemRow }) {
  const { t } = useTranslation('automations');
  const call = useCall();
  const run = () => void call('automation', 'trigger', {}, { entity_id: row.entityId }).then((worked) => worked && toast.ok(t('ran')));
  return <ItemMenu domain="automation" row={row} first={[{ id: 'run', label: t('menu.runNow'), icon: mdiPlay, run }]} />;
}
