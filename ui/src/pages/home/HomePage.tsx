/** The home at a glance: its areas with what can be switched in them. */

import { mdiHomeVariantOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Card, EmptyState, EntityIcon, EntityName, EntityToggle, openMoreInfo, PageHeader, SkeletonPage, StateText, TOGGLES } from '@/components';
import { domainOf, useAreas, useEntitiesLoaded, useEntityEntries, useEntityIdsByArea, useHomeConfig } from '@/data';
import styles from './HomePage.module.css';

const BEHIND = new Set(['automation', 'script', 'group', 'zone', 'sun', 'update', 'person', 'conversation', 'tts', 'stt']);

function Row({ entityId }: { entityId: string }) {
  return (
    <li className={styles.row}>
      <button type="button" className={styles.open} onClick={() => openMoreInfo(entityId)}>
        <EntityIcon entityId={entityId} />
        <span className={styles.words}>
          <span className={styles.name}><EntityName entityId={entityId} /></span>
          <span className={styles.state}><StateText entityId={entityId} /></span>
        </span>
      </button>
      {TOGGLES.has(domainOf(entityId)) && <EntityToggle entityId={entityId} />}
    </li>
  );
}

export default function HomePage() {
  const { t } = useTranslation('home');
  const config = useHomeConfig();
  const areas = useAreas();
  const byArea = useEntityIdsByArea();
  const entries = useEntityEntries();
  const loaded = useEntitiesLoaded();
  if (!loaded) return <SkeletonPage />;
  const rooms = [...areas.values()]
    .map((area) => ({
      area,
      ids: (byArea.get(area.area_id) ?? []).filter((id) => !entries.get(id)?.hidden && !entries.get(id)?.category && !BEHIND.has(domainOf(id))),
    }))
    .filter((room) => room.ids.length > 0);
  return (
    <>
      <PageHeader title={config?.location_name || t('title')} />
      {rooms.length === 0 && <EmptyState icon={mdiHomeVariantOutline} title={t('empty.title')} text={t('empty.text')} />}
      <div className={styles.rooms}>
        {rooms.map(({ area, ids }) => (
          <Card key={area.area_id} title={area.name}>
            <ul>
              {ids.slice(0, 12).map((id) => (
                <Row key={id} entityId={id} />
              ))}
            </ul>
          </Card>
        ))}
      </div>
    </>
  );
}
