import { describe, expect, it, vi } from 'vitest';
import { short } from '@/test/session';
import { EntityStore } from './entities';
import type { Row, Shape } from './portions';

function store() {
  const work: (() => void)[] = [];
  const entities = new EntityStore((each) => work.push(each));
  return { entities, frame: () => work.splice(0).forEach((each) => each()) };
}

describe('the store of states', () => {
  it('tells only those who look at the entity that changed, once a frame', () => {
    const { entities, frame } = store();
    entities.apply({ a: { 'light.a': short('off'), 'light.b': short('off') }, all: true });
    frame();
    const [a, b, all] = [vi.fn(), vi.fn(), vi.fn()];
    entities.subscribe('light.a', a);
    entities.subscribe('light.b', b);
    entities.subscribeAll(all);
    entities.apply({ c: { 'light.a': { '+': { s: 'on', lc: 5 } } } });
    entities.apply({ c: { 'light.a': { '+': { a: { brightness: 3 }, lu: 6 } } } });
    frame();
    expect([a.mock.calls.length, b.mock.calls.length, all.mock.calls.length]).toEqual([1, 0, 1]);
    expect(entities.get('light.a')).toMatchObject({ state: 'on', lastChanged: 5000, lastUpdated: 6000, attributes: { brightness: 3 } });
  });

  it('takes attributes away, and keeps the same list of ids while none comes or goes', () => {
    const { entities, frame } = store();
    entities.apply({ a: { 'light.a': short('on', { brightness: 1, effect: 'x' }) }, all: true });
    frame();
    const ids = entities.ids();
    entities.apply({ c: { 'light.a': { '-': { a: ['effect'] } } } });
    frame();
    expect(entities.get('light.a')?.attributes).toEqual({ brightness: 1 });
    expect(entities.ids()).toBe(ids);
    entities.apply({ r: ['light.a'] });
    frame();
    expect(entities.ids()).toEqual([]);
    expect(entities.get('light.a')).toBeUndefined();
  });

  it('forgets after a reconnect what the server has no more', () => {
    const { entities, frame } = store();
    entities.apply({ a: { 'light.a': short('on'), 'light.b': short('on') }, all: true });
    frame();
    const gone = vi.fn();
    entities.subscribe('light.b', gone);
    entities.expectAll();
    entities.apply({ a: { 'light.a': short('off') }, all: true });
    frame();
    expect(entities.ids()).toEqual(['light.a']);
    expect(gone).toHaveBeenCalledOnce();
  });

  it('puts entities together from rows and shapes, those that were asked for first at once', () => {
    const { entities, frame } = store();
    const waiting = vi.fn();
    entities.subscribe('sensor.b', waiting);
    const shapes: Shape[] = [[['friendly_name', 'battery'], { unit_of_measurement: 'W' }]];
    const rows: Row[] = [
      ['sensor.a', '1', 2000, null, 'x', 0, 'A', 5],
      ['sensor.b', '2', 3000, 1000, { id: 'y', parent_id: null, user_id: 'u' }, 0, 'B', null],
    ];
    entities.apply({ now: 10_000 });
    entities.apply({ shapes, rows: rows.slice(1) });
    frame();
    expect(waiting).toHaveBeenCalledOnce();
    expect([entities.loaded, entities.ids()]).toEqual([false, []]);
    const shown = entities.get('sensor.b');
    expect(shown).toEqual({ entity_id: 'sensor.b', state: '2', attributes: { friendly_name: 'B', battery: null, unit_of_measurement: 'W' }, lastChanged: 7000, lastUpdated: 9000, context: { id: 'y', parent_id: null, user_id: 'u' } });
    entities.apply({ shapes: [], rows });
    entities.apply({ all: true });
    frame();
    expect([entities.loaded, entities.ids()]).toEqual([true, ['sensor.a', 'sensor.b']]);
    expect(entities.get('sensor.b')).toBe(shown);
    expect(waiting).toHaveBeenCalledOnce();
    expect([entities.attribute('sensor.a', 'battery'), entities.attribute('sensor.a', 'unit_of_measurement'), entities.attribute('sensor.a', 'icon'), entities.stateOf('sensor.a')]).toEqual([5, 'W', undefined, '1']);
    entities.apply({ c: { 'sensor.a': { '+': { a: { battery: 4 }, lu: 9 } } } });
    expect(entities.get('sensor.a')).toMatchObject({ attributes: { battery: 4, friendly_name: 'A' }, lastChanged: 8000, lastUpdated: 9000 });
  });

  it('takes 50,000 states and 1,000 changes in one frame', () => {
    const { entities, frame } = store();
    entities.apply({ a: Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`sensor.s${index}`, short('1')])), all: true });
    frame();
    const told = vi.fn();
    entities.subscribeAll(told);
    for (let index = 0; index < 1000; index += 1) entities.apply({ c: { [`sensor.s${index}`]: { '+': { s: '2' } } } });
    frame();
    expect(told).toHaveBeenCalledOnce();
    expect(entities.idsOf('sensor')).toHaveLength(50_000);
  });
});
