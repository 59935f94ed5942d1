import { describe, expect, it } from 'vitest';
import type { Area, Device, Entity, EntityEntry, Label } from '@/data/types';
import { acceptor, countOf, filtersFrom, looksAtStates, NO_FILTERS, NONE, withFilters } from './filters';
import { rowsOf } from './rows';

const entity = (id: string, state: string, name?: string): Entity => ({ entity_id: id, state, attributes: name ? { friendly_name: name } : {}, lastChanged: 0, lastUpdated: 0, context: { id: '' } });
const states = new Map([entity('light.porch', 'on', 'Porch lamp'), entity('sensor.hall_heat', 'unavailable'), entity('switch.pump', 'off', 'Pump')].map((each) => [each.entity_id, each]));
const entry = (id: string, more: Partial<EntityEntry>): [string, EntityEntry] => [id, { entity_id: id, platform: 'mqtt', name: null, icon: null, area_id: null, device_id: null, labels: [], hidden: false, category: null, translation_key: null, precision: null, ...more }];
const rows = rowsOf({
  ids: [...states.keys()],
  friendlyName: (id) => states.get(id)?.attributes.friendly_name,
  entries: new Map([entry('light.porch', { device_id: 'd', labels: ['l'] }), entry('sensor.hall_heat', { area_id: 'hall', hidden: true })]),
  devices: new Map([['d', { id: 'd', name: 'Lamp', name_by_user: null, area_id: 'out' } as Device]]),
  areas: new Map([['out', { area_id: 'out', name: 'Outside' } as Area], ['hall', { area_id: 'hall', name: 'Hall' } as Area]]),
  labels: new Map([['l', { label_id: 'l', name: 'Night' } as Label]]),
  disabled: [{ entity_id: 'light.old', name: null, original_name: 'Old one', platform: 'demo', area_id: null, device_id: null, labels: [], hidden_by: null, disabled_by: 'user' }],
});
const shown = (change: Partial<typeof NO_FILTERS>) => rows.filter(acceptor({ ...NO_FILTERS, ...change }, (id) => states.get(id)?.state)).map((row) => row.id);

describe('the rows of entities', () => {
  it('have the area of the device when they have none of their own', () => {
    expect(rows.map(({ id, name, area, device, registered }) => [id, name, area, device, registered])).toEqual([
      ['light.porch', 'Porch lamp', 'Outside', 'Lamp', true],
      ['sensor.hall_heat', 'Hall heat', 'Hall', '', true],
      ['switch.pump', 'Pump', '', '', false],
      ['light.old', 'Old one', '', '', true],
    ]);
  });
});

describe('filters', () => {
  it('leave disabled entities out unless they are asked for', () => {
    expect(shown({})).toEqual(['light.porch', 'sensor.hall_heat', 'switch.pump']);
    expect(shown({ status: 'disabled' })).toEqual(['light.old']);
    expect(shown({ status: 'hidden' })).toEqual(['sensor.hall_heat']);
    expect(shown({ status: 'unavailable' })).toEqual(['sensor.hall_heat']);
  });

  it('want every word, anywhere, in any case', () => {
    expect(shown({ search: 'NIGHT outside' })).toEqual(['light.porch']);
    expect(shown({ search: 'night hall' })).toEqual([]);
  });

  it('know what has no area, device or label', () => {
    expect(shown({ areas: [NONE] })).toEqual(['switch.pump']);
    expect(shown({ areas: [NONE, 'out'] })).toEqual(['light.porch', 'switch.pump']);
    expect(shown({ labels: [NONE] })).toEqual(['sensor.hall_heat', 'switch.pump']);
  });

  it('look at states only when they must', () => {
    expect(shown({ state: 'ON' })).toEqual(['light.porch']);
    expect([looksAtStates(NO_FILTERS), looksAtStates({ ...NO_FILTERS, state: 'on' })]).toEqual([false, true]);
  });

  it('stand in the address and come back from it', () => {
    const filters = { ...NO_FILTERS, search: 'a b', domains: ['light', 'fan'], labels: [NONE], status: 'hidden' as const };
    expect(filtersFrom(new URLSearchParams(withFilters(new URLSearchParams('x=1'), filters).toString()))).toEqual(filters);
    expect(countOf(filters)).toBe(3);
  });
});
