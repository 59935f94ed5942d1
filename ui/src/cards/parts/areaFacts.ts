/** What of an area stands on its card. Pure. */

import type { Entity, EntityEntry } from '@/data/types';
import { domainOf } from '@/data/words';

export const CONTROLS = ['light', 'switch', 'fan'] as const;
export type ControlKind = (typeof CONTROLS)[number];
export const USUAL_SENSORS = ['temperature', 'humidity'];
export const USUAL_ALERTS = ['motion', 'occupancy', 'moisture', 'smoke', 'gas', 'carbon_monoxide'];

export interface AreaFacts {
  controls: Record<ControlKind, string[]>;
  /** By device class. */
  sensors: Map<string, string[]>;
  alerts: Map<string, string[]>;
  cameras: string[];
}

export function factsOf(ids: readonly string[], get: (id: string) => Entity | undefined, entries: ReadonlyMap<string, EntityEntry>): AreaFacts {
  const facts: AreaFacts = { controls: { light: [], switch: [], fan: [] }, sensors: new Map(), alerts: new Map(), cameras: [] };
  for (const id of ids) {
    const entry = entries.get(id);
    if (entry?.hidden || entry?.category) continue;
    const domain = domainOf(id);
    const kind = get(id)?.attributes.device_class;
    const among = domain === 'sensor' ? facts.sensors : domain === 'binary_sensor' ? facts.alerts : null;
    if (domain === 'light' || domain === 'switch' || domain === 'fan') facts.controls[domain].push(id);
    else if (domain === 'camera') facts.cameras.push(id);
    else if (among && kind) among.set(kind, [...(among.get(kind) ?? []), id]);
  }
  return facts;
}

export interface Mean {
  value: number;
  unit: string;
  /** Of which entities. */
  of: string[];
}

/** The mean of those that have a number, in the unit that the first of them has; null: none has. */
export function meanOf(entities: readonly (Entity | undefined)[]): Mean | null {
  const numbers = entities.flatMap((entity) => (entity && entity.state.trim() !== '' && Number.isFinite(Number(entity.state)) ? [{ id: entity.entity_id, value: Number(entity.state), unit: entity.attributes.unit_of_measurement ?? '' }] : []));
  const unit = numbers[0]?.unit;
  const same = numbers.filter((each) => each.unit === unit);
  return unit === undefined ? null : { value: same.reduce((sum, each) => sum + each.value, 0) / same.length, unit, of: same.map((each) => each.id) };
}

/** Texts of a list in a configuration; undefined: it says none. */
export const namesIn = (value: unknown): string[] | undefined => (Array.isArray(value) ? (value as unknown[]).filter((each): each is string => typeof each === 'string') : undefined);
