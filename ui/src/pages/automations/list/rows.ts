/** The rows of the lists of automations, scripts and scenes: what can be sorted and filtered by. */

import { useMemo } from 'react';
import { type Category, useCategories } from '@/data/categories';
import { useAreas, useCommand, useDevices, useEntityEntries, useEntityIds, useSession } from '@/data/hooks';
import { nameOf } from '@/data/words';
import type { Domain } from '../model/types';
import type { Grouping } from './useView';

export interface ItemRow {
  entityId: string;
  /** Its id in the files, or a script's name; null: it has none, and cannot be edited here. */
  itemId: string | null;
  name: string;
  areaId: string | null;
  areaName: string | undefined;
  labels: readonly string[];
  category: string | undefined;
  categoryName: string | undefined;
  /** When the list was made; cells show it live. */
  lastTriggered: string | null;
}

type Long = Record<string, { unique_id?: string; categories?: Record<string, string> } | null>;

const NONE: readonly string[] = [];

/** Where an item is edited; `new`: a new one. */
export const editorOf = (domain: Domain, itemId: string): string => `/${domain}s/edit/${encodeURIComponent(itemId)}`;

/** Where the server keeps it. */
export const configUrl = (domain: Domain, itemId: string): string => `/api/config/${domain}/config/${encodeURIComponent(itemId)}`;

export const rowKey = (row: ItemRow): string => row.entityId;

/** Area and category in words, but for what the list is grouped by. */
export const wherein = (row: ItemRow, group: Grouping): string => [group === 'area' ? '' : row.areaName, group === 'category' ? '' : row.categoryName].filter(Boolean).join(' · ');

export function useRows(domain: 'automation' | 'script' | 'scene'): { rows: readonly ItemRow[]; categories: readonly Category[] } {
  const { entities } = useSession();
  const ids = useEntityIds(domain);
  const entries = useEntityEntries();
  const areas = useAreas();
  const devices = useDevices();
  const categories = useCategories(domain);
  // Categories, and the names of scripts in the files, stand in the long entries only.
  const wanted = domain === 'script' || categories.length > 0;
  const { data: long } = useCommand<Long>(wanted ? 'config/entity_registry/get_entries' : null, { entity_ids: wanted ? ids : NONE }, ['entity_registry_updated']);
  const rows = useMemo(
    () =>
      ids.map((id): ItemRow => {
        const entity = entities.get(id);
        const entry = entries.get(id);
        const areaId = entry?.area_id ?? (entry?.device_id ? (devices.get(entry.device_id)?.area_id ?? null) : null);
        const config = entity?.attributes.id;
        const category = long?.[id]?.categories?.[domain];
        return {
          entityId: id,
          itemId: domain === 'script' ? (long?.[id]?.unique_id ?? id.slice('script.'.length)) : config === undefined || config === null ? null : String(config as string),
          name: nameOf(entity, id),
          areaId,
          areaName: areaId ? areas.get(areaId)?.name : undefined,
          labels: entry?.labels ?? NONE,
          category,
          categoryName: categories.find((each) => each.category_id === category)?.name,
          lastTriggered: (entity?.attributes.last_triggered as string | null | undefined) ?? null,
        };
      }),
    [ids, entities, entries, areas, devices, long, domain, categories],
  );
  return { rows, categories };
}
