import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Skeleton } from '@/components/Skeleton';
import type { Entity } from '@/data/types';
import { formatNumber } from '@/data/words';
import { numberOf, textOf } from './control';
import { Facts, Stack } from './parts';

const HomeMap = lazy(() => import('@/components/map/HomeMap').then((module) => ({ default: module.HomeMap })));
const MAP_PX = 240;

/** Where somebody or something is, as far as it is known. */
export function Whereabouts({ entity }: { entity: Entity }) {
  const { t, i18n } = useTranslation('domains');
  const [latitude, longitude, accuracy, battery] = ['latitude', 'longitude', 'gps_accuracy', 'battery'].map((name) => numberOf(entity, name)) as (number | null)[];
  const number = (value: number) => formatNumber(value, i18n.language, { max: 5 });
  const source = textOf(entity, 'source_type');
  const facts = (
    <Facts
      facts={[
        [t('where.place'), latitude == null || longitude == null ? null : `${number(latitude)}, ${number(longitude)}`],
        [t('where.accuracy'), accuracy == null ? null : `${number(accuracy)} m`],
        [t('battery'), battery == null ? null : `${number(battery)} %`],
        [t('where.source'), source && ['gps', 'router', 'bluetooth', 'bluetooth_le'].includes(source) ? t(`where.sources.${source}`) : source],
      ]}
    />
  );
  if (latitude == null || longitude == null) return facts;
  return (
    <Stack>
      <Suspense fallback={<Skeleton height={MAP_PX} radius="var(--radius)" />}>
        <HomeMap plain label={t('where.place')} entityIds={[entity.entity_id]} height={MAP_PX} />
      </Suspense>
      {facts}
    </Stack>
  );
}
