/** Cards in columns of the same width. */

import { Cards } from './parts/Cards';
import type { CardModule } from '@/lovelace/host';
import type { CardConfig } from '@/lovelace/types';

export const form: CardModule['form'] = [
  { name: 'title', selector: { text: {} } },
  { name: 'columns', selector: { number: { min: 1, max: 12, mode: 'box' } } },
  { name: 'cards', selector: { object: {} }, required: true },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ cards: entities.idsOf('light').slice(0, 2).map((entity) => ({ type: 'tile', entity })) });

export default function GridCard({ config }: { config: CardConfig }) {
  return <Cards config={config} columns={Number(config.columns) || 3} />;
}
