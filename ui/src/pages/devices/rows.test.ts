import { describe, expect, it } from 'vitest';
import type { Device, EntityEntry } from '@/data/types';
import { acceptor, filtersFrom, NO_FILTERS, NOTHING, paramsOf, rowsOf } from './rows';
import { renamedId } from './rename';

const device = (id: string, more: Partial<Device> = {}): Device => ({
  id, name: id, name_by_user: null, manufacturer: null, model: null, sw_version: null, hw_version: null, serial_number: null, area_id: null, labels: [], disabled_by: null,
  entry_type: null, via_device_id: null, configuration_url: null, config_entries: [], primary_config_entry: null, identifiers: [], connections: [], ...more,
});
const entity = (entity_id: string, device_id: string) => ({ entity_id, device_id }) as EntityEntry;

const rows = rowsOf({
  devices: [device('a', { config_entries: ['1'], area_id: 'kitchen', labels: ['l'], manufacturer: 'Acme', model: 'Lamp' }), device('b', { identifiers: [['demo', 'x']], disabled_by: 'user', name_by_user: 'Bee' })],
  areas: new Map([['kitchen', { area_id: 'kitchen', name: 'Kitchen', floor_id: null, icon: null, picture: null, labels: [], aliases: [] }]]),
  labels: new Map(),
  entities: [entity('light.a', 'a'), entity('sensor.a_battery', 'a'), entity('sensor.c', 'c')],
  entries: new Map([['1', { entry_id: '1', domain: 'mqtt', title: 'MQTT' }]]),
  names: new Map([['mqtt', 'MQTT']]),
  isBattery: (id) => id.endsWith('battery'),
});

describe('the table of devices', () => {
  it('knows place, origin, entities and battery of each', () => {
    expect(rows[0]).toMatchObject({ name: 'a', model: 'Acme · Lamp', area: 'Kitchen', integration: 'mqtt', integrationName: 'MQTT', entities: 2, battery: 'sensor.a_battery', disabled: false });
    expect(rows[1]).toMatchObject({ name: 'Bee', integration: 'demo', entities: 0, battery: null, disabled: true });
  });

  it('filters by area, origin, label and state, also for what is in none', () => {
    const names = (filters: Partial<typeof NO_FILTERS>) => rows.filter(acceptor({ ...NO_FILTERS, ...filters })).map((row) => row.id);
    expect(names({})).toEqual(['a', 'b']);
    expect(names({ areas: ['kitchen'] })).toEqual(['a']);
    expect(names({ areas: [NOTHING] })).toEqual(['b']);
    expect(names({ labels: ['l', NOTHING] })).toEqual(['a', 'b']);
    expect(names({ integrations: ['demo'], status: 'disabled' })).toEqual(['b']);
  });

  it('keeps its filters in the address', () => {
    const filters = { areas: ['a b'], integrations: ['mqtt'], labels: [], status: 'enabled' as const };
    expect(filtersFrom(paramsOf(filters))).toEqual(filters);
    expect(filtersFrom(new URLSearchParams('status=odd'))).toEqual(NO_FILTERS);
  });
});

describe('entities that follow their device to another name', () => {
  it('keeps what stands behind the name', () => {
    expect(renamedId('light.old_lamp', 'Old lamp', 'New lamp')).toBe('light.new_lamp');
    expect(renamedId('sensor.old_lamp_battery', 'Old lamp', 'Küche: Lämpchen')).toBe('sensor.kuche_lampchen_battery');
  });
  it('leaves alone what was named otherwise', () => {
    expect(renamedId('light.other', 'Old lamp', 'New lamp')).toBeNull();
    expect(renamedId('light.old_lampion', 'Old lamp', 'New lamp')).toBeNull();
    expect(renamedId('light.old_lamp', 'Old lamp', '…')).toBeNull();
  });
});
