/** Devices as rows of the table, and which of them are shown. Pure. */

import type { Area, Device, EntityEntry, Label } from '@/data/types';

export interface DeviceRow {
  id: string;
  name: string;
  model: string;
  area: string;
  areaId: string | null;
  /** The domain of the integration that brought it. */
  integration: string;
  integrationName: string;
  labels: readonly string[];
  labelNames: string;
  version: string;
  entities: number;
  battery: string | null;
  disabled: boolean;
}

export interface Entry {
  entry_id: string;
  domain: string;
  title: string;
}

export interface Sources {
  devices: Iterable<Device>;
  areas: ReadonlyMap<string, Area>;
  labels: ReadonlyMap<string, Label>;
  entities: Iterable<EntityEntry>;
  entries: ReadonlyMap<string, Entry>;
  names: ReadonlyMap<string, string>;
  /** Whether this entity tells how full a battery is. */
  isBattery: (entityId: string) => boolean;
}

export function rowsOf({ devices, areas, labels, entities, entries, names, isBattery }: Sources): DeviceRow[] {
  const counts = new Map<string, number>();
  const batteries = new Map<string, string>();
  for (const entry of entities) {
    if (!entry.device_id) continue;
    counts.set(entry.device_id, (counts.get(entry.device_id) ?? 0) + 1);
    if (!batteries.has(entry.device_id) && entry.entity_id.startsWith('sensor.') && isBattery(entry.entity_id)) batteries.set(entry.device_id, entry.entity_id);
  }
  return [...devices].map((device) => {
    const entry = entries.get(device.primary_config_entry ?? device.config_entries[0] ?? '');
    const domain = entry?.domain ?? device.identifiers[0]?.[0] ?? '';
    return {
      id: device.id,
      name: device.name_by_user ?? device.name ?? device.id,
      model: [device.manufacturer, device.model].filter(Boolean).join(' · '),
      area: device.area_id ? (areas.get(device.area_id)?.name ?? '') : '',
      areaId: device.area_id,
      integration: domain,
      integrationName: names.get(domain) ?? domain,
      labels: device.labels,
      labelNames: device.labels.map((id) => labels.get(id)?.name ?? id).join(', '),
      version: device.sw_version ?? '',
      entities: counts.get(device.id) ?? 0,
      battery: batteries.get(device.id) ?? null,
      disabled: device.disabled_by !== null,
    };
  });
}

export interface Filters {
  areas: readonly string[];
  integrations: readonly string[];
  labels: readonly string[];
  status: 'all' | 'enabled' | 'disabled';
}

export const NO_FILTERS: Filters = { areas: [], integrations: [], labels: [], status: 'all' };
/** In a filter's list: in no area, without a label. */
export const NOTHING = '-';

const fits = (wanted: readonly string[], values: readonly string[]): boolean => wanted.length === 0 || (values.length === 0 ? wanted.includes(NOTHING) : values.some((each) => wanted.includes(each)));

export function acceptor(filters: Filters): (row: DeviceRow) => boolean {
  return (row) =>
    fits(filters.areas, row.areaId ? [row.areaId] : []) &&
    fits(filters.integrations, [row.integration]) &&
    fits(filters.labels, row.labels) &&
    (filters.status === 'all' || row.disabled === (filters.status === 'disabled'));
}

export function filtersFrom(params: URLSearchParams): Filters {
  const status = params.get('status');
  return { areas: params.getAll('area'), integrations: params.getAll('integration'), labels: params.getAll('label'), status: status === 'enabled' || status === 'disabled' ? status : 'all' };
}

export function paramsOf(filters: Filters): URLSearchParams {
  const params = new URLSearchParams();
  for (const id of filters.areas) params.append('area', id);
  for (const id of filters.integrations) params.append('integration', id);
  for (const id of filters.labels) params.append('label', id);
  if (filters.status !== 'all') params.set('status', filters.status);
  return params;
}
