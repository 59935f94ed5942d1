/** The rows of the lists of automations, scripts and scenes: what can be sorted and filtered by. */

import { useMemo } from 'react';
import { useAreas, useCommand, useDevices, useEntityEntries, useEntityIds, useSession } from '@/data/hooks';
import { nameOf } from '@/data/words';

export interface ItemRow {
  entityId: string;
  /** Its id in the files, or a script's name; null: it has none, and cannot be edited here. */
  itemId: string | null;
  name: string;
  areaId: string | null;
  areaName: string | undefined;
  labels: readonly string[];
  category: string | undefined;
  /** When the list was made; cells show it live. */
  lastTriggered: string | null;
}

interface Category {
  category_id: string;
  name: string;
}

type Long = Record<string, { unique_id?: string; categories?: Record<string, string> } | null>;

const NONE: readonly string[] = [];

export function useRows(domain: 'automation' | 'script' | 'scene'): { rows: readonly ItemRow[]; categories: ReadonlyMap<string, string> } {
  const { entities } = useSession();
  const ids = useEntityIds(domain);
  const entries = useEntityEntries();
  const areas = useAreas();
  const devices = useDevices();
  const { data: list } = useCommand<Category[]>('config/category_registry/list', { scope: domain }, ['category_registry_updated']);
  // Categories, and the names of scripts in the files, stand in the long entries only.
  const wanted = domain === 'script' || Boolean(list?.length);
  const { data: long } = useCommand<Long>(wanted ? 'config/entity_registry/get_entries' : null, { entity_ids: wanted ? ids : NONE }, ['entity_registry_updated']);
  const categories = useMemo(() => new Map((list ?? []).map((each) => [each.category_id, each.name])), [list]);
  const rows = useMemo(
    () =>
      ids.map((id): ItemRow => {
        const entity = entities.get(id);
        const entry = entries.get(id);
        const areaId = entry?.area_id ?? (entry?.device_id ? (devices.get(entry.device_id)?.area_id ?? null) : null);
        const config = entity?.attributes.id;
        return {
          entityId: id,
          itemId: domain === 'script' ? (long?.[id]?.unique_id ?? id.slice('script.'.length)) : config === undefined || config === null ? null : String(config as string),
          name: nameOf(entity, id),
          areaId,
          areaName: areaId ? areas.get(areaId)?.name : undefined,
          labels: entry?.labels ?? NONE,
          category: long?.[id]?.categories?.[domain],
          lastTriggered: (entity?.attributes.last_triggered as string | null | undefined) ?? null,
        };
      }),
    [ids, entities, entries, areas, devices, long, domain],
  );
  return { rows, categories };
}
