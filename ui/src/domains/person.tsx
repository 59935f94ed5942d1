import { useTranslation } from 'react-i18next';
import { useSession } from '@/data/hooks';
import type { Entity } from '@/data/types';
import { listOf } from './_controls/control';
import { Members } from './_controls/Members';
import { Stack } from './_controls/parts';
import { Whereabouts } from './_controls/Whereabouts';

export default function PersonControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { entities } = useSession();
  const trackers = listOf(entity, 'device_trackers').filter((id) => entities.get(id));
  return (
    <Stack>
      <Whereabouts entity={entity} />
      {trackers.length > 0 && <Members label={t('trackers')} entityIds={trackers} switches={false} />}
    </Stack>
  );
}
