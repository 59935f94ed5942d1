/** A media player with what it plays. */

import type { CardModule } from '@/lovelace/host';
import type { CardConfig } from '@/lovelace/types';
import { EntityCard } from './parts/EntityCard';

export const form: CardModule['form'] = [
  { name: 'entity', selector: { entity: { domain: ['media_player'] } }, required: true },
  { name: 'name', selector: { text: {} } },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ entity: entities.idsOf('media_player')[0] ?? '' });

export default function MediaCard({ config }: { config: CardConfig }) {
  return <EntityCard config={config} />;
}
