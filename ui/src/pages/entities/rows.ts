/** The rows of the table: one an entity, made anew only when one comes, goes or is changed in the registry. Pure. */

import type { Area, Device, EntityEntry, Label } from '@/data/types';
import { domainOf, prettify } from '@/data/words';

export interface EntityRow {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly area: string;
  readonly areaId: string;
  readonly device: string;
  readonly deviceId: string;
  readonly integration: string;
  readonly labels: readonly string[];
  readonly labelNames: string;
  readonly hidden: boolean;
  readonly disabled: boolean;
  /** Whether the registry knows it: only then it has settings. */
  readonly registered: boolean;
}

/** What `config/entity_registry/list` tells of disabled entities. */
export interface DisabledEntry {
  entity_id: string;
  name: string | null;
  original_name: string | null;
  platform: string;
  area_id: string | null;
  device_id: string | null;
  labels: string[];
  hidden_by: string | null;
  disabled_by: string | null;
}

export interface Sources {
  ids: readonly string[];
  friendlyName: (id: string) => unknown;
  entries: ReadonlyMap<string, EntityEntry>;
  devices: ReadonlyMap<string, Device>;
  areas: ReadonlyMap<string, Area>;
  labels: ReadonlyMap<string, Label>;
  disabled: readonly DisabledEntry[];
}

const NO_LABELS: readonly string[] = [];

export function rowsOf({ ids, friendlyName, entries, devices, areas, labels, disabled }: Sources): EntityRow[] {
  const make = (id: string, name: string, entry: { platform: string; area_id: string | null; device_id: string | null; labels: readonly string[] } | undefined, hidden: boolean, isDisabled: boolean): EntityRow => {
    const device = entry?.device_id ? devices.get(entry.device_id) : undefined;
    const areaId = entry?.area_id ?? device?.area_id ?? '';
    const area = areaId ? (areas.get(areaId)?.name ?? '') : '';
    const deviceName = device ? (device.name_by_user ?? device.name ?? '') : '';
    const labelNames = entry?.labels.length ? entry.labels.map((label) => labels.get(label)?.name ?? label).join(', ') : '';
    return {
      id,
      name,
      domain: domainOf(id),
      area,
      areaId,
      device: deviceName,
      deviceId: entry?.device_id ?? '',
      integration: entry?.platform ?? '',
      labels: entry?.labels.length ? entry.labels : NO_LABELS,
      labelNames,
      hidden,
      disabled: isDisabled,
      registered: entry !== undefined,
    };
  };
  const rows: EntityRow[] = [];
  for (const id of ids) {
    const entry = entries.get(id);
    const given = friendlyName(id);
    const name = typeof given === 'string' ? given : prettify(id.slice(id.indexOf('.') + 1));
    rows.push(make(id, name, entry, entry?.hidden === true, false));
  }
  for (const entry of disabled) {
    if (!entry.disabled_by) continue;
    rows.push(make(entry.entity_id, entry.name ?? entry.original_name ?? prettify(entry.entity_id.slice(entry.entity_id.indexOf('.') + 1)), entry, entry.hidden_by !== null, true));
  }
  return rows;
}

/** Whether a word (in lower case) stands somewhere in the row. */
export function hasWord(row: EntityRow, word: string): boolean {
  return (
    row.id.includes(word) || row.name.toLowerCase().includes(word) || row.area.toLowerCase().includes(word) ||
    row.device.toLowerCase().includes(word) || row.labelNames.toLowerCase().includes(word) || row.integration.includes(word)
  );
}
