/** Doing one thing to many entities: several at a time, to the end, whatever is refused. */

import { asApiError, type HomeSession } from '@/data/session';
import { removeEntity } from '@/domains/_info/remove';
import type { EntityRow } from './rows';

export interface Refusal {
  id: string;
  message: string;
}

/** Commands on their way at once: enough for the network, few enough for the server. */
const AT_ONCE = 16;
/** Entities of one call of a service. */
const A_CALL = 200;

export async function inTurns(ids: readonly string[], work: (id: string) => Promise<unknown>, onProgress: (done: number) => void, atOnce = AT_ONCE): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  let next = 0;
  let done = 0;
  const one = async () => {
    while (next < ids.length) {
      const id = ids[next]!;
      next += 1;
      try {
        await work(id);
      } catch (error) {
        refused.push({ id, message: asApiError(error).message });
      }
      done += 1;
      onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, one));
  return refused;
}

export type BulkAction =
  | { kind: 'turn'; on: boolean }
  | { kind: 'area'; areaId: string | null }
  | { kind: 'label'; label: string; add: boolean }
  | { kind: 'enable'; enabled: boolean }
  | { kind: 'hide'; hidden: boolean }
  | { kind: 'delete' };

const update = (session: HomeSession, id: string, changes: Record<string, unknown>) => session.command('config/entity_registry/update', { entity_id: id, ...changes });

async function forOne(session: HomeSession, row: EntityRow, action: BulkAction): Promise<unknown> {
  // Entities that only some program writes have no entry: their place and labels are set over REST.
  switch (action.kind) {
    case 'area':
      if (row.registered) return update(session, row.id, { area_id: action.areaId });
      if (action.areaId) return session.rest(`/api/areas/${encodeURIComponent(action.areaId)}/entities/${row.id}`, { method: 'POST' });
      return row.areaId ? session.rest(`/api/areas/${encodeURIComponent(row.areaId)}/entities/${row.id}`, { method: 'DELETE' }) : undefined;
    case 'label':
      if (row.registered) return update(session, row.id, { labels: action.add ? [...new Set([...row.labels, action.label])] : row.labels.filter((each) => each !== action.label) });
      return session.rest(`/api/labels/${encodeURIComponent(action.label)}/entities/${row.id}`, { method: action.add ? 'POST' : 'DELETE' });
    case 'enable':
      return update(session, row.id, { disabled_by: action.enabled ? null : 'user' });
    case 'hide':
      return update(session, row.id, { hidden_by: action.hidden ? 'user' : null });
    case 'delete': {
      if (!row.registered) return session.rest(`/api/states/${row.id}`, { method: 'DELETE' });
      const entry = await session.command<Parameters<typeof removeEntity>[1]>('config/entity_registry/get', { entity_id: row.id });
      return removeEntity(session, entry);
    }
    default:
      return undefined;
  }
}

/** Gives the refusals. */
export async function run(session: HomeSession, rows: readonly EntityRow[], action: BulkAction, onProgress: (done: number) => void): Promise<Refusal[]> {
  if (action.kind === 'turn') {
    const refused: Refusal[] = [];
    for (let at = 0; at < rows.length; at += A_CALL) {
      const ids = rows.slice(at, at + A_CALL).map((row) => row.id);
      try {
        await session.call('homeassistant', action.on ? 'turn_on' : 'turn_off', {}, { entity_id: ids });
      } catch (error) {
        refused.push(...ids.map((id) => ({ id, message: asApiError(error).message })));
      }
      onProgress(Math.min(rows.length, at + A_CALL));
    }
    return refused;
  }
  const byId = new Map(rows.map((row) => [row.id, row]));
  return inTurns([...byId.keys()], (id) => forOne(session, byId.get(id)!, action), onProgress);
}
