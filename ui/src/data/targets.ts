/** What somebody wants to look at: entities, and all of areas, devices and labels; as it stands in an address. */

import type { Area, Device, EntityEntry, Target } from './types';
import { domainOf } from './words';

export const TARGET_KINDS = ['entity_id', 'device_id', 'area_id', 'label_id'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];
export type Targets = Record<TargetKind, readonly string[]>;

export const NO_TARGETS: Targets = { entity_id: [], device_id: [], area_id: [], label_id: [] };

export const hasTargets = (targets: Targets): boolean => TARGET_KINDS.some((kind) => targets[kind].length > 0);

export function targetsFrom(params: URLSearchParams): Targets {
  const list = (kind: TargetKind) => [...new Set((params.get(kind) ?? '').split(',').filter(Boolean))];
  return { entity_id: list('entity_id'), device_id: list('device_id'), area_id: list('area_id'), label_id: list('label_id') };
}

export function withTargets(params: URLSearchParams, targets: Targets): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const kind of TARGET_KINDS) {
    if (targets[kind].length) next.set(kind, targets[kind].join(','));
    else next.delete(kind);
  }
  return next;
}

export interface Known {
  ids: readonly string[];
  entries: ReadonlyMap<string, EntityEntry>;
  devices: ReadonlyMap<string, Device>;
  areas: ReadonlyMap<string, Area>;
}

/** Domains whose states are moments: there is nothing to draw between them. */
const MOMENTS = new Set(['scene', 'button', 'input_button', 'event', 'stt', 'tts', 'conversation', 'notify', 'image', 'camera', 'tag', 'zone', 'ai_task', 'wake_word']);

/**
 * The entities that are meant: those that were named, then those of areas, devices and labels.
 *
 * Of the latter hidden ones, settings, diagnostics and what has no course are left out.
 */
export function entitiesOf(targets: Targets | Target, { ids, entries, devices, areas }: Known): string[] {
  const set = (value: string | readonly string[] | undefined) => new Set(typeof value === 'string' ? [value] : (value ?? []));
  const named = set(targets.entity_id);
  const [inDevices, inAreas, withLabels] = [set(targets.device_id), set(targets.area_id), set(targets.label_id)];
  if (inDevices.size + inAreas.size + withLabels.size === 0) return [...named];
  const found = ids.filter((id) => {
    if (named.has(id)) return false;
    const entry = entries.get(id);
    if (!entry || entry.hidden || entry.category || MOMENTS.has(domainOf(id))) return false;
    const device = entry.device_id ? devices.get(entry.device_id) : undefined;
    const areaId = entry.area_id ?? device?.area_id ?? null;
    const labels = [...entry.labels, ...(device?.labels ?? []), ...((areaId && areas.get(areaId)?.labels) || [])];
    return (device && inDevices.has(device.id)) || (areaId !== null && inAreas.has(areaId)) || labels.some((label) => withLabels.has(label));
  });
  return [...named, ...found];
}
