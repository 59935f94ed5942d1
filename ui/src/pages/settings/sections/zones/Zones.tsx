import { useState } from 'react';
import { mdiHomeMapMarker, mdiMapMarkerOutline, mdiMapMarkerPlusOutline, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Button, Card, Chip, EmptyState } from '@/components';
import { formatNumber, useCommand, useConnected, useEntities, useEntityIds, useHomeConfig } from '@/data';
import { Loaded } from '../../parts/Loaded';
import { Row, Rows } from '../../parts/Rows';
import { EditZone } from './EditZone';
import type { Zone } from './types';
import styles from './Zones.module.css';

export default function Zones() {
  const { t, i18n } = useTranslation('settings');
  const connected = useConnected();
  const config = useHomeConfig();
  const answer = useCommand<Zone[]>('zone/list', {}, ['entity_registry_updated']);
  const live = useEntities(useEntityIds('zone'));
  const [editing, setEditing] = useState<Zone | 'new' | null>(null);
  const inFiles = live.filter((zone) => zone.attributes.editable === false && zone.entity_id !== 'zone.home');
  const told = (latitude: number, longitude: number, radius: number) =>
    t('zones.told', {
      latitude: formatNumber(latitude, i18n.language, { max: 4 }),
      longitude: formatNumber(longitude, i18n.language, { max: 4 }),
      radius: formatNumber(radius, i18n.language, { max: 0 }),
    });
  return (
    <Card
      title={t('sections.zones.title')}
      actions={
        <Button small icon={mdiPlus} isDisabled={!connected} onPress={() => setEditing('new')}>
          {t('zones.add')}
        </Button>
      }
    >
      <p className={styles.text}>{t('zones.text')}</p>
      <Loaded answer={answer}>
        {(zones) => (
          <>
            <Rows label={t('sections.zones.title')}>
              {config && (
                <Row
                  icon={mdiHomeMapMarker}
                  title={config.location_name}
                  text={told(config.latitude, config.longitude, config.radius)}
                  chips={<Chip tone="accent">{t('zones.home')}</Chip>}
                  actions={<Link href="/settings/home">{t('zones.homeEdit')}</Link>}
                />
              )}
              {zones.map((zone) => (
                <Row
                  key={zone.id}
                  icon={mdiMapMarkerOutline}
                  title={zone.name}
                  text={told(zone.latitude, zone.longitude, zone.radius ?? 100)}
                  onOpen={() => setEditing(zone)}
                  chips={zone.passive && <Chip>{t('zones.passive')}</Chip>}
                />
              ))}
              {inFiles.map((zone) => (
                <Row
                  key={zone.entity_id}
                  icon={mdiMapMarkerOutline}
                  title={zone.attributes.friendly_name ?? zone.entity_id}
                  text={told(Number(zone.attributes.latitude), Number(zone.attributes.longitude), Number(zone.attributes.radius))}
                  chips={<Chip>{t('inFiles')}</Chip>}
                />
              ))}
            </Rows>
            {zones.length + inFiles.length === 0 && <EmptyState icon={mdiMapMarkerPlusOutline} title={t('zones.none')} text={t('zones.noneText')} />}
          </>
        )}
      </Loaded>
      {editing && <EditZone zone={editing === 'new' ? null : editing} onClose={() => setEditing(null)} onDone={answer.reload} />}
    </Card>
  );
}
