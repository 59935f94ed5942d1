/** The weather now, and what it is going to be. */

import type { CardModule } from '@/lovelace/host';
import type { CardConfig } from '@/lovelace/types';
import { EntityCard } from './parts/EntityCard';

export const form: CardModule['form'] = [
  { name: 'entity', selector: { entity: { domain: ['weather'] } }, required: true },
  { name: 'name', selector: { text: {} } },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ entity: entities.idsOf('weather')[0] ?? '' });

export default function WeatherCard({ config }: { config: CardConfig }) {
  return <EntityCard config={config} />;
}
