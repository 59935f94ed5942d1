/** A thermostat with its dial. */

import type { CardModule } from '@/lovelace/host';
import type { CardConfig } from '@/lovelace/types';
import { EntityCard } from './parts/EntityCard';

export const form: CardModule['form'] = [
  { name: 'entity', selector: { entity: { domain: ['climate'] } }, required: true },
  { name: 'name', selector: { text: {} } },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ entity: entities.idsOf('climate')[0] ?? '' });

export default function ThermostatCard({ config }: { config: CardConfig }) {
  return <EntityCard config={config} />;
}
