/** In place of an entity that has no state: it is gone, or it was disabled and can be enabled here. */

import { useTranslation } from 'react-i18next';
import { mdiGhostOutline } from '@mdi/js';
import { Banner } from '@/components/Banner';
import { EmptyState } from '@/components/EmptyState';
import { Skeleton } from '@/components/Skeleton';
import { useCommand, useUser } from '@/data/hooks';
import { Settings } from './Settings';

export default function Missing({ entityId }: { entityId: string }) {
  const { t } = useTranslation('domains');
  const { t: common } = useTranslation('components');
  const user = useUser();
  const { data, loading } = useCommand<{ disabled_by: string | null }>('config/entity_registry/get', { entity_id: entityId }, ['entity_registry_updated']);
  if (loading && !data) return <Skeleton height={120} radius="var(--radius-m)" />;
  if (!data) return <EmptyState icon={mdiGhostOutline} title={common('gone.title')} text={common('gone.text', { entity: entityId })} />;
  return (
    <>
      <Banner kind="info" title={t(data.disabled_by ? 'info.isDisabled' : 'info.noState')}>
        {t(data.disabled_by ? 'info.isDisabledText' : 'info.noStateText')}
      </Banner>
      {user.is_admin && <Settings entityId={entityId} />}
    </>
  );
}
