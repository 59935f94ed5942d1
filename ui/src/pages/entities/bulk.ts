/** Doing one thing to many entities. */

import { inTurns, type Refusal } from '@/data/inTurns';
import { fieldsOf, type RegistryChange } from '@/data/registryChange';
import type { HomeSession } from '@/data/session';
import { removeEntity } from '@/domains/_info/remove';
import type { EntityRow } from './rows';

/** Entities of one call of a service. */
const A_CALL = 200;

export type BulkAction = RegistryChange | { kind: 'turn'; on: boolean } | { kind: 'hide'; hidden: boolean } | { kind: 'delete' };

/** Gives the refusals; `tell` hears how many are through. */
export async function run(session: HomeSession, rows: readonly EntityRow[], action: BulkAction, tell: (done: number) => void): Promise<Refusal<EntityRow>[]> {
  if (action.kind !== 'turn') return inTurns(rows, (row) => forOne(session, row, action), tell);
  const portions = Array.from({ length: Math.ceil(rows.length / A_CALL) }, (_, index) => rows.slice(index * A_CALL, (index + 1) * A_CALL));
  const turn = (portion: readonly EntityRow[]) => session.call('homeassistant', action.on ? 'turn_on' : 'turn_off', {}, { entity_id: portion.map((row) => row.id) });
  const refused = await inTurns(portions, turn, (done) => tell(Math.min(rows.length, done * A_CALL)), 1);
  return refused.flatMap(({ item, message }) => item.map((row) => ({ item: row, message })));
}

async function forOne(session: HomeSession, row: EntityRow, action: Exclude<BulkAction, { kind: 'turn' }>): Promise<unknown> {
  const update = (changes: Record<string, unknown>) => session.command('config/entity_registry/update', { entity_id: row.id, ...changes });
  if (action.kind === 'hide') return update({ hidden_by: action.hidden ? 'user' : null });
  if (action.kind === 'delete') {
    if (!row.registered) return session.rest(`/api/states/${row.id}`, { method: 'DELETE' });
    return removeEntity(session, await session.command<Parameters<typeof removeEntity>[1]>('config/entity_registry/get', { entity_id: row.id }));
  }
  if (row.registered || action.kind === 'enable') return update(fieldsOf(action, row.labels));
  // Entities that only some program writes have no entry: their place and labels are set over REST.
  if (action.kind === 'label') return session.rest(`/api/labels/${encodeURIComponent(action.label)}/entities/${row.id}`, { method: action.add ? 'POST' : 'DELETE' });
  const area = action.areaId ?? row.areaId;
  return area ? session.rest(`/api/areas/${encodeURIComponent(area)}/entities/${row.id}`, { method: action.areaId ? 'POST' : 'DELETE' }) : undefined;
}
