import type { HomeSession } from '@/data/session';
import { removeEntity } from '@/domains/_info/remove';
import type { HelperRow } from './useHelpers';

/** Whether it can be deleted here: what stands in the configuration files cannot. */
export const isOurs = (row: HelperRow): boolean => row.entryId !== null || row.isItem;

/** Delete a helper: its config entry, or its item of a collection. Fails with the server's words. */
export async function removeHelper(session: HomeSession, row: HelperRow): Promise<void> {
  if (row.entryId) await session.rest(`/api/config/config_entries/entry/${row.entryId}`, { method: 'DELETE' });
  else await removeEntity(session, await session.command('config/entity_registry/get', { entity_id: row.entityId }));
}
