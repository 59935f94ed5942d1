import { describe, expect, it, vi } from 'vitest';
import { short } from '@/test/session';
import { EntityStore } from './entities';

function store() {
  const work: (() => void)[] = [];
  const entities = new EntityStore((each) => work.push(each));
  return { entities, frame: () => work.splice(0).forEach((each) => each()) };
}

describe('the store of states', () => {
  it('tells only those who look at the entity that changed, once a frame', () => {
    const { entities, frame } = store();
    entities.apply({ a: { 'light.a': short('off'), 'light.b': short('off') } });
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
    entities.apply({ a: { 'light.a': short('on', { brightness: 1, effect: 'x' }) } });
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
    entities.apply({ a: { 'light.a': short('on'), 'light.b': short('on') } });
    frame();
    const gone = vi.fn();
    entities.subscribe('light.b', gone);
    entities.expectAll();
    entities.apply({ a: { 'light.a': short('off') } });
    frame();
    expect(entities.ids()).toEqual(['light.a']);
    expect(gone).toHaveBeenCalledOnce();
  });

  it('takes 50,000 states and 1,000 changes in one frame', () => {
    const { entities, frame } = store();
    entities.apply({ a: Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`sensor.s${index}`, short('1')])) });
    frame();
    const told = vi.fn();
    entities.subscribeAll(told);
    for (let index = 0; index < 1000; index += 1) entities.apply({ c: { [`sensor.s${index}`]: { '+': { s: '2' } } } });
    frame();
    expect(told).toHaveBeenCalledOnce();
    expect(entities.idsOf('sensor')).toHaveLength(50_000);
  });
});
