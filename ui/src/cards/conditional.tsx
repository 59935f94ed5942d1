/** A card that is there only while its conditions hold. */

import { useSyncExternalStore } from 'react';
import { useEntities, useSession, useUser } from '@/data/hooks';
import { type Condition, entitiesOf, holds } from '@/lovelace/conditions';
import { CardHost, type CardModule } from '@/lovelace/host';
import type { CardConfig } from '@/lovelace/types';

export const form: CardModule['form'] = [
  { name: 'conditions', selector: { object: {} }, required: true },
  { name: 'card', selector: { object: {} }, required: true },
];
export const stub: CardModule['stub'] = ({ entities }) => {
  const entity = entities.idsOf('light')[0] ?? entities.ids()[0] ?? '';
  return { conditions: [{ condition: 'state', entity, state: 'on' }], card: { type: 'tile', entity } };
};

function subscribeWidth(listener: () => void): () => void {
  addEventListener('resize', listener);
  return () => removeEventListener('resize', listener);
}

export default function ConditionalCard({ config }: { config: CardConfig }) {
  const conditions = (Array.isArray(config.conditions) ? config.conditions : []) as Condition[];
  const { entities } = useSession();
  const user = useUser();
  useEntities(entitiesOf(conditions)); // renders again when one of them changes
  useSyncExternalStore(subscribeWidth, () => innerWidth);
  const isShown = conditions.every((each) => holds(each, entities.get, user.id, (query) => matchMedia(query).matches));
  const card = config.card as CardConfig | undefined;
  return isShown && card ? <CardHost config={card} /> : null;
}
