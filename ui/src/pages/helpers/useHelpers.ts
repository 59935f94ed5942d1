/** All helpers: items of collections, entries made by a flow, and those of the configuration files. */

import { useEffect, useMemo, useState } from 'react';
import { type ApiError, asApiError } from '@/data/session';
import { useAreas, useCommand, useDevices, useEntityEntries, useEntityIds, useSession } from '@/data/hooks';
import { domainOf, nameOf } from '@/data/words';
import { COLLECTIONS } from '@/domains/_info/remove';

export interface HelperRow {
  key: string;
  name: string;
  kind: string;
  area: string;
  /** The id of its category. */
  category: string | undefined;
  /** null: an entry that has no entity at this time. */
  entityId: string | null;
  /** The config entry in which its options are. */
  entryId: string | null;
  /** An item that can be changed here. */
  isItem: boolean;
  /** Why its entry does not work; null: it does. */
  trouble: string | null;
}

interface Entry {
  entry_id: string;
  domain: string;
  title: string;
  state: string;
  reason: string | null;
  disabled_by: string | null;
}

interface LongEntry {
  entity_id: string;
  config_entry_id: string | null;
  categories?: Record<string, string>;
}

/** Of categories. */
export const SCOPE = 'helpers';

export interface Helpers {
  rows: readonly HelperRow[];
  handlers: readonly string[];
  loading: boolean;
  error: ApiError | null;
  reload: () => void;
}

export function useHelpers(): Helpers {
  const session = useSession();
  const ids = useEntityIds();
  const registry = useEntityEntries();
  const areas = useAreas();
  const devices = useDevices();
  const [handlers, setHandlers] = useState<readonly string[] | null>(null);
  const [failed, setFailed] = useState<ApiError | null>(null);
  const entries = useCommand<Entry[]>('config_entries/get', { type_filter: ['helper'] }, ['entity_registry_updated']);
  useEffect(() => {
    let wanted = true;
    session.rest<string[]>('/api/config/config_entries/flow_handlers?type=helper').then(
      (found) => wanted && setHandlers(found),
      (error: unknown) => wanted && setFailed(asApiError(error)),
    );
    return () => {
      wanted = false;
    };
  }, [session]);

  const candidates = useMemo(() => {
    const kinds = new Set([...COLLECTIONS, ...(handlers ?? []), 'group']);
    return ids.filter((id) => kinds.has(domainOf(id)) || kinds.has(registry.get(id)?.platform ?? ''));
  }, [ids, registry, handlers]);
  // Which entry and which category an entity belongs to is in the long form of the registry only.
  const long = useCommand<Record<string, LongEntry | null>>(candidates.length ? 'config/entity_registry/get_entries' : null, { entity_ids: candidates }, ['entity_registry_updated']);

  const rows = useMemo<HelperRow[]>(() => {
    const byId = new Map(entries.data?.map((entry) => [entry.entry_id, entry]));
    const seen = new Set<string>();
    // Until it is known which entry an entity belongs to, it is not shown: a row must not become another one under a finger.
    const known = candidates.filter((id) => COLLECTIONS.includes(domainOf(id)) || !registry.has(id) || long.data?.[id] !== undefined);
    const found = known.map((id): HelperRow => {
      const entity = session.entities.get(id);
      const entry = registry.get(id);
      const entryId = long.data?.[id]?.config_entry_id ?? null;
      const made = entryId ? byId.get(entryId) : undefined;
      const key = made && !seen.has(made.entry_id) ? made.entry_id : id;
      if (made) seen.add(made.entry_id);
      const areaId = entry?.area_id ?? (entry?.device_id ? devices.get(entry.device_id)?.area_id : null);
      const kind = made?.domain ?? (COLLECTIONS.includes(domainOf(id)) || !entry ? domainOf(id) : entry.platform);
      return { key, name: nameOf(entity, id), kind, area: areaId ? (areas.get(areaId)?.name ?? '') : '', category: long.data?.[id]?.categories?.[SCOPE], entityId: id, entryId: made ? entryId : null, isItem: COLLECTIONS.includes(domainOf(id)) && entity?.attributes.editable === true, trouble: null };
    });
    for (const entry of entries.data ?? []) {
      if (seen.has(entry.entry_id) || !long.data) continue;
      const trouble = entry.disabled_by ? 'disabled' : entry.state === 'loaded' ? 'empty' : (entry.reason ?? 'failed');
      found.push({ key: entry.entry_id, name: entry.title, kind: entry.domain, area: '', category: undefined, entityId: null, entryId: entry.entry_id, isItem: false, trouble });
    }
    return found;
  }, [candidates, session, registry, areas, devices, entries.data, long.data]);

  return { rows, handlers: handlers ?? [], loading: entries.loading && !entries.data, error: entries.error ?? failed, reload: entries.reload };
}
