/** Where people and things are, on a map of the home's own. */

import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '@/components/Card';
import { HomeMap } from '@/components/map/HomeMap';
import { useEntityIds } from '@/data/hooks';
import type { CardModule } from '@/lovelace/host';
import { type CardConfig, idOf, rowsOf, text } from '@/lovelace/types';
import { ratioOf } from './parts/ratio';

export const form: CardModule['form'] = [
  { name: 'title', selector: { text: {} } },
  { name: 'entities', selector: { entity: { multiple: true, domain: ['person', 'device_tracker', 'geo_location', 'zone'] } } },
  { name: 'hours_to_show', selector: { number: { min: 0, max: 168, mode: 'box', unit_of_measurement: 'h' } } },
  { name: 'default_zoom', selector: { number: { min: 1, max: 20, mode: 'box' } } },
  { name: 'aspect_ratio', selector: { text: {} } },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ entities: entities.idsOf('person').slice(0, 10) });

const MOST_HOURS = 24 * 14;
const AT_MOST = 500;

export default function MapCard({ config }: { config: CardConfig }) {
  const { t } = useTranslation('cards');
  const [persons, trackers] = [useEntityIds('person'), useEntityIds('device_tracker')];
  const rows = rowsOf(config);
  const named = rows.map(idOf).filter((id) => id !== null);
  // Nobody is named: everybody; what follows them stands for them, and is not shown twice.
  const ids = (named.length ? named : config.show_all === true ? [...persons, ...trackers] : persons.length ? persons : trackers).slice(0, AT_MOST);
  const names = useMemo(() => new Map(rowsOf(config).flatMap((row) => (typeof row === 'object' && idOf(row) && text(row.name) ? [[idOf(row)!, text(row.name)!] as const] : []))), [config]);
  const hours = Math.min(MOST_HOURS, Math.max(0, Number(config.hours_to_show) || 0));
  const [began] = useState(() => Date.now());
  const zoom = Number(config.default_zoom);
  const title = text(config.title);
  return (
    <Card flush="all" {...(title ? { title } : {})}>
      <HomeMap
        label={title ?? t('types.map.name')}
        entityIds={ids}
        names={names}
        hours={hours}
        since={hours ? new Date(began - hours * 3_600_000).toISOString() : undefined}
        nearest={zoom >= 1 && zoom <= 20 ? zoom : undefined}
        height={320}
        ratio={ratioOf(config.aspect_ratio)}
      />
    </Card>
  );
}
