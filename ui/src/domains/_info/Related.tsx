/** What an entity belongs to, and what names it. */

import { useMemo } from 'react';
import { mdiDevices, mdiPuzzleOutline, mdiTextureBox } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Chip } from '@/components/Chip';
import { Icon } from '@/components/Icon';
import { closeMoreInfo } from '@/components/MoreInfo';
import { Skeleton } from '@/components/Skeleton';
import { deviceName, useAreas, useCommand, useDevices, useEntityEntries, useLabels } from '@/data/hooks';
import { useTitles } from '@/data/words';
import { Members } from '../_controls/Members';
import styles from './Details.module.css';

type Found = Partial<Record<'area' | 'automation' | 'device' | 'group' | 'integration' | 'label' | 'person' | 'scene' | 'script' | 'entity', string[]>>;

const KINDS = ['automation', 'script', 'scene', 'group', 'person'] as const;

export function Related({ entityId, deviceId }: { entityId: string; deviceId: string | null }) {
  const { t } = useTranslation('domains');
  const { data, error } = useCommand<Found>('search/related', { item_type: 'entity', item_id: entityId });
  const title = useTitles();
  const areas = useAreas();
  const devices = useDevices();
  const labels = useLabels();
  const entries = useEntityEntries();
  const siblings = useMemo(() => (deviceId ? [...entries.values()].filter((entry) => entry.device_id === deviceId && entry.entity_id !== entityId && !entry.hidden).map((entry) => entry.entity_id) : []), [entries, deviceId, entityId]);
  if (error) return <p>{error.message}</p>;
  if (!data) return <Skeleton height={100} radius="var(--radius-m)" />;
  const places = [
    ...(data.device ?? []).map((id) => ({ href: `/devices/${id}`, icon: mdiDevices, name: devices.get(id) && deviceName(devices.get(id)!) })),
    ...(data.area ?? []).map((id) => ({ href: `/areas/${id}`, icon: mdiTextureBox, name: areas.get(id)?.name })),
    ...(data.integration ?? []).map((id) => ({ href: `/integrations/${id}`, icon: mdiPuzzleOutline, name: title(id) })),
  ];
  return (
    <>
      {places.length > 0 && (
        <section className={styles.group}>
          <h3>{t('info.belongs')}</h3>
          {places.map((place) => (
            <Link key={place.href} href={place.href} className={styles.link} onClick={closeMoreInfo}>
              <Icon path={place.icon} size={20} />
              {place.name ?? place.href}
            </Link>
          ))}
        </section>
      )}
      {(data.label ?? []).length > 0 && (
        <div className={styles.chips}>
          {data.label!.map((id) => (
            <Chip key={id}>{labels.get(id)?.name ?? id}</Chip>
          ))}
        </div>
      )}
      {siblings.length > 0 && (
        <section className={styles.group}>
          <h3>{t('info.sameDevice')}</h3>
          <Members entityIds={siblings} label={t('info.sameDevice')} />
        </section>
      )}
      {KINDS.filter((kind) => data[kind]?.length).map((kind) => (
        <section key={kind} className={styles.group}>
          <h3>{t(`info.named.${kind}`)}</h3>
          <Members entityIds={data[kind]!} label={t(`info.named.${kind}`)} switches={kind === 'automation'} />
        </section>
      ))}
    </>
  );
}
