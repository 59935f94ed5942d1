/** A light with brightness and colour. */

import type { CardModule } from '@/lovelace/host';
import type { CardConfig } from '@/lovelace/types';
import { EntityCard } from './parts/EntityCard';

export const form: CardModule['form'] = [
  { name: 'entity', selector: { entity: { domain: ['light'] } }, required: true },
  { name: 'name', selector: { text: {} } },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ entity: entities.idsOf('light')[0] ?? '' });

export default function LightCard({ config }: { config: CardConfig }) {
  return <EntityCard config={config} />;
}
