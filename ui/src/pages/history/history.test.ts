import { describe, expect, it, vi } from 'vitest';
import type { Entity, EntityEntry } from '@/data/types';
import { choiceFrom, periodOf, withChoice } from '@/data/period';
import { entitiesOf, NO_TARGETS, targetsFrom, withTargets } from '@/data/targets';
import { type Courses, since, withMessage } from './courses';
import { csvValue, historyCsv } from './csv';
import { grouped } from './grouping';
import { columnsOf, dataOf, heldAt } from './plot';
import { durations, pieces } from './timeline';

vi.hoisted(() => {
  // uPlot asks for it as it is loaded; jsdom has none
  globalThis.matchMedia ??= () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList;
});

const entity = (entity_id: string, attributes = {}): Entity => ({ entity_id, state: 'on', attributes, lastChanged: 0, lastUpdated: 0, context: { id: '' } });

describe('courses', () => {
  it('clamp what held at the beginning, and take the seam of past and present once', () => {
    let courses: Courses = new Map();
    courses = withMessage(courses, { states: { 'light.a': [{ s: 'off', lu: 1 }, { s: 'on', lu: 20 }] } }, 10_000);
    courses = withMessage(courses, { states: { 'light.a': [{ s: 'off', lu: 1 }, { s: 'on', lu: 20 }, { s: 'off', lu: 30 }] } }, 10_000);
    expect(courses.get('light.a')).toEqual([{ at: 10_000, state: 'off' }, { at: 20_000, state: 'on' }, { at: 30_000, state: 'off' }]);
  });

  it('keep the state that held when the window has moved on', () => {
    const samples = [{ at: 0, state: 'a' }, { at: 10, state: 'b' }, { at: 20, state: 'c' }];
    expect(since(samples, 15)).toEqual([{ at: 15, state: 'b' }, { at: 20, state: 'c' }]);
    expect(since(samples, 99)).toEqual([{ at: 99, state: 'c' }]);
    expect(since([], 5)).toEqual([]);
  });
});

describe('timelines', () => {
  const samples = [{ at: 0, state: 'off' }, { at: 10, state: 'on' }, { at: 11, state: 'off' }, { at: 12, state: 'on' }, { at: 13, state: 'off' }];
  it('draw together what is too short to be seen', () => {
    expect(pieces(samples, 100, 5)).toEqual([{ from: 0, to: 10, state: 'off' }, { from: 10, to: 13, state: null }, { from: 13, to: 100, state: 'off' }]);
    expect(pieces(samples, 100)).toHaveLength(5);
  });
  it('know how long each state held', () => {
    expect(durations(samples, 100)).toEqual([['off', 98], ['on', 2]]);
  });
});

describe('grouping', () => {
  const entities: Record<string, Entity> = { 'sensor.a': entity('sensor.a', { unit_of_measurement: '°C' }), 'sensor.b': entity('sensor.b', { unit_of_measurement: '°C' }), 'light.c': entity('light.c') };
  const wish = { ids: Object.keys(entities), statistics: {}, entityOf: (id: string) => entities[id], temperatureUnit: '°C', attributeName: () => '', from: 0, to: 100, live: true };
  it('puts numbers of one unit into one chart, with gaps where nothing is known', () => {
    const courses: Courses = new Map([['sensor.a', [{ at: 0, state: '1' }, { at: 50, state: 'unavailable' }]], ['sensor.b', [{ at: 0, state: '2' }]], ['light.c', [{ at: 0, state: 'on' }]]]);
    const { charts, rows } = grouped({ ...wish, courses });
    expect(charts).toHaveLength(1);
    expect(charts[0]!.lines[0]!.points).toEqual([[0, 1], [50, null]]);
    expect(charts[0]!.lines[1]!.points).toEqual([[0, 2], [100, 2]]);
    expect(rows.map((row) => row.entityId)).toEqual(['light.c']);
  });
  it('draws statistics with their band', () => {
    const statistics = { 'sensor.a': [{ start: 0, end: 10, mean: 5, min: 1, max: 9 }] };
    const { charts } = grouped({ ...wish, ids: ['sensor.a'], courses: new Map(), statistics });
    const lines = charts[0]!.lines;
    expect(lines[0]!.band).toEqual([[5, 1, 9]]);
    expect(columnsOf(lines)).toEqual([{ value: 3, band: [1, 2] }]);
    expect(dataOf(lines)).toHaveLength(4);
  });
  it('finds the value that holds between two', () => {
    expect(heldAt([1, undefined, undefined, null, undefined], 2)).toBe(1);
    expect(heldAt([1, undefined, undefined, null, undefined], 4)).toBeNull();
  });
});

describe('csv', () => {
  it('quotes, and disarms what a spreadsheet would run', () => {
    expect(csvValue('a,"b"')).toBe('"a,""b"""');
    expect(csvValue('=1+1')).toBe("'=1+1");
    expect(csvValue('-5.2')).toBe('-5.2');
  });
  it('has a line for each state', () => {
    expect(historyCsv(new Map([['light.a', [{ at: 0, state: 'on' }]]]), {})).toBe('entity_id,state,last_changed\r\nlight.a,on,1970-01-01T00:00:00.000Z\r\n');
  });
});

describe('the address', () => {
  it('keeps the time and the choice', () => {
    const params = withTargets(withChoice(new URLSearchParams('x=1'), { from: 1000, to: 2000 }), { ...NO_TARGETS, entity_id: ['a.b', 'c.d'] });
    expect(choiceFrom(params, { preset: '24h' })).toEqual({ from: 1000, to: 2000 });
    expect(targetsFrom(params).entity_id).toEqual(['a.b', 'c.d']);
    expect(choiceFrom(new URLSearchParams('start_date=nonsense'), { preset: '24h' })).toEqual({ preset: '24h' });
  });
  it('knows yesterday in the zone of the home, over a change of the clocks too', () => {
    const now = Date.parse('2026-03-30T10:00:00Z');
    expect(periodOf({ preset: 'yesterday' }, now, 'Europe/Berlin')).toEqual({ from: Date.parse('2026-03-28T23:00:00Z'), to: Date.parse('2026-03-29T22:00:00Z'), live: false });
  });
});

describe('targets', () => {
  it('take in what is in an area by itself or by its device, and leave out what is hidden', () => {
    const entry = (entity_id: string, more: Partial<EntityEntry> = {}): [string, EntityEntry] => [entity_id, { entity_id, platform: 'x', name: null, icon: null, area_id: null, device_id: null, labels: [], hidden: false, category: null, translation_key: null, precision: null, ...more }];
    const known = {
      ids: ['light.a', 'light.b', 'light.c', 'scene.d'],
      entries: new Map([entry('light.a', { area_id: 'hall' }), entry('light.b', { device_id: 'd1' }), entry('light.c', { area_id: 'hall', hidden: true }), entry('scene.d', { area_id: 'hall' })]),
      devices: new Map([['d1', { id: 'd1', area_id: 'hall', labels: [] }]]) as never,
      areas: new Map(),
    };
    expect(entitiesOf({ ...NO_TARGETS, area_id: ['hall'], entity_id: ['sensor.named'] }, known)).toEqual(['sensor.named', 'light.a', 'light.b']);
  });
});
