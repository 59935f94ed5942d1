/** What is drawn how: numbers of one unit in one chart, everything else as a line of coloured pieces. */

import type { Entity } from '@/data/types';
import { domainOf, nameOf } from '@/data/words';
import { type Courses, numberIn, type Sample, since } from './courses';

export interface StatisticRow {
  start: number;
  end: number;
  mean?: number | null;
  min?: number | null;
  max?: number | null;
  state?: number | null;
}

export interface Line {
  key: string;
  entityId: string;
  label: string;
  /** [milliseconds, value]; null: nothing is known from there on. */
  points: readonly (readonly [number, number | null])[];
  /** [milliseconds, lowest, highest] of statistics. */
  band?: readonly (readonly [number, number, number])[];
  /** Values hold until the next one. */
  stepped: boolean;
}

export interface UnitGroup {
  unit: string;
  lines: readonly Line[];
}

export interface StateRow {
  entityId: string;
  label: string;
  samples: readonly Sample[];
}

const NUMBERS = new Set(['sensor', 'number', 'input_number', 'counter']);
/** Domains of which attributes are drawn, too, in the home's unit of temperature (humidity: percent). */
export const WITH_ATTRIBUTES: Readonly<Record<string, { unit: 'temperature' | '%'; attributes: readonly string[] }>> = {
  climate: { unit: 'temperature', attributes: ['current_temperature', 'temperature', 'target_temp_low', 'target_temp_high'] },
  water_heater: { unit: 'temperature', attributes: ['current_temperature', 'temperature'] },
  humidifier: { unit: '%', attributes: ['current_humidity', 'humidity'] },
};

export function isNumeric(entity: Entity | undefined, samples: readonly Sample[] | undefined): boolean {
  if (entity?.attributes.unit_of_measurement !== undefined || entity?.attributes.state_class !== undefined) return true;
  const domain = domainOf(entity?.entity_id ?? '');
  if (domain === 'sensor') return Boolean(samples?.length && samples.every((each) => numberIn(each.state) !== null || isUnknown(each.state)) && samples.some((each) => numberIn(each.state) !== null));
  return NUMBERS.has(domain);
}

const isUnknown = (state: string) => state === 'unavailable' || state === 'unknown';

function pointsOf(samples: readonly Sample[], value: (sample: Sample) => number | null, until: number | null): [number, number | null][] {
  const points: [number, number | null][] = samples.map((sample) => [sample.at, value(sample)]);
  const last = points.at(-1);
  if (until !== null && last && last[1] !== null && last[0] < until) points.push([until, last[1]]);
  return points;
}

/** The line of an entity's statistics, with what has been measured since their last row. */
function statisticLine(entityId: string, label: string, rows: readonly StatisticRow[], recent: readonly Sample[], until: number | null): Line {
  const points: [number, number | null][] = [];
  const band: [number, number, number][] = [];
  let end = 0;
  for (const row of rows) {
    const middle = (row.start + row.end) / 2;
    if (end && row.start - end > 2 * (row.end - row.start)) points.push([end, null]); // hours without a row: a gap
    end = row.end;
    points.push([middle, row.mean ?? row.state ?? null]);
    if (row.min != null && row.max != null) band.push([middle, row.min, row.max]);
  }
  const latest = recent.at(-1);
  const value = numberIn(latest?.state);
  if (until !== null && value !== null && until > end) points.push([until, value]);
  return { key: entityId, entityId, label, points, stepped: false, ...(band.length ? { band } : {}) };
}

interface Wish {
  ids: readonly string[];
  courses: Courses;
  statistics: Readonly<Record<string, readonly StatisticRow[]>>;
  entityOf: (id: string) => Entity | undefined;
  temperatureUnit: string;
  attributeName: (entity: Entity, attribute: string) => string;
  from: number;
  to: number;
  live: boolean;
}

export function grouped({ ids, courses, statistics, entityOf, temperatureUnit, attributeName, from, to, live }: Wish): { charts: UnitGroup[]; rows: StateRow[] } {
  const units = new Map<string, Line[]>();
  const rows: StateRow[] = [];
  const until = live ? to : null;
  const put = (unit: string, line: Line) => {
    const lines = units.get(unit);
    if (lines) lines.push(line);
    else units.set(unit, [line]);
  };
  for (const id of ids) {
    const entity = entityOf(id);
    const label = nameOf(entity, id);
    const samples = since(courses.get(id) ?? [], from);
    const stats = statistics[id];
    if (stats?.length) put(entity?.attributes.unit_of_measurement ?? '', statisticLine(id, label, stats, samples, until));
    else if (isNumeric(entity, samples)) {
      put(entity?.attributes.unit_of_measurement ?? '', { key: id, entityId: id, label, points: pointsOf(samples, (each) => numberIn(each.state), until ?? to), stepped: true });
    } else {
      rows.push({ entityId: id, label, samples });
      const extra = WITH_ATTRIBUTES[domainOf(id)];
      for (const attribute of entity && extra ? extra.attributes : []) {
        if (!samples.some((each) => numberIn(each.attributes?.[attribute]) !== null)) continue;
        const points = pointsOf(samples, (each) => numberIn(each.attributes?.[attribute]), until ?? to);
        const unit = extra!.unit === 'temperature' ? temperatureUnit : extra!.unit;
        put(unit, { key: `${id}/${attribute}`, entityId: id, label: `${label} · ${attributeName(entity!, attribute)}`, points, stepped: true });
      }
    }
  }
  return { charts: [...units].map(([unit, lines]) => ({ unit, lines })), rows };
}
