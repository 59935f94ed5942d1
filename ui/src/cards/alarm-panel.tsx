/** An alarm panel with its code pad. */

import type { CardModule } from '@/lovelace/host';
import type { CardConfig } from '@/lovelace/types';
import { EntityCard } from './parts/EntityCard';

export const form: CardModule['form'] = [
  { name: 'entity', selector: { entity: { domain: ['alarm_control_panel'] } }, required: true },
  { name: 'name', selector: { text: {} } },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ entity: entities.idsOf('alarm_control_panel')[0] ?? '' });

export default function AlarmCard({ config }: { config: CardConfig }) {
  return <EntityCard config={config} />;
}
