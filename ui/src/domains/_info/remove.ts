/** Delete an entity where it was made: a helper with its item or entry, anything else from the registry. */

import type { HomeSession } from '@/data/session';

/** Domains whose helpers are items of a collection. */
export const COLLECTIONS: readonly string[] = ['input_boolean', 'input_button', 'input_number', 'input_select', 'input_text', 'input_datetime', 'counter', 'timer', 'schedule'];

interface Removable {
  entity_id: string;
  unique_id: string;
  platform: string;
  config_entry_id: string | null;
}

export async function removeEntity(session: HomeSession, entry: Removable): Promise<void> {
  const { platform } = entry;
  if (COLLECTIONS.includes(platform)) {
    const items = await session.command<{ id: string }[]>(`${platform}/list`);
    if (items.some((item) => item.id === entry.unique_id)) {
      await session.command(`${platform}/delete`, { [`${platform}_id`]: entry.unique_id });
      return;
    }
  }
  if (entry.config_entry_id) {
    const helpers = await session.command<{ entry_id: string }[]>('config_entries/get', { type_filter: ['helper'] });
    if (helpers.some((each) => each.entry_id === entry.config_entry_id)) {
      await session.rest(`/api/config/config_entries/entry/${entry.config_entry_id}`, { method: 'DELETE' });
      return;
    }
  }
  await session.command('config/entity_registry/remove', { entity_id: entry.entity_id });
}
