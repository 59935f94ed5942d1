import { describe, expect, it } from 'vitest';
import type { Device, EntityEntry } from '@/data/types';
import type { ConfigEntry } from '@/pages/devices/useEntries';
import { place, readMap, SIZE } from './layout';
import { type Bridge, groupsOf } from './model';

const entry = (entry_id: string, domain: string, more: Partial<ConfigEntry> = {}): ConfigEntry => ({
  entry_id, domain, title: domain, source: 'user', state: 'loaded', reason: null, disabled_by: null, supports_options: false, supports_reconfigure: false,
  supports_remove_device: false, supports_unload: true, pref_disable_new_entities: false, pref_disable_polling: false, ...more,
});
const bridge = (name: string, more: Partial<Bridge> = {}): Bridge => ({ name, path: `/bridges/${name}`, kind: name, status: 'running', pid: null, uptime: 1, entities: 0, restarts: 0, last_error: null, restart_in: null, failures: [], ...more });

describe('the cards of integrations', () => {
  const groups = groupsOf({
    entries: [entry('1', 'mqtt'), entry('2', 'hue', { state: 'setup_retry' }), entry('3', 'hue'), entry('4', 'cast', { source: 'ignore' }), entry('5', 'sun', { disabled_by: 'user' })],
    bridges: [bridge('broker'), bridge('mqtt', { entities: 3 }), bridge('zwave'), bridge('bell', { kind: 'programs', status: 'failed' })],
    families: [{ id: 'zwave', name: 'Z-Wave JS UI', status: 'disconnected', device_count: 0 }],
    devices: [{ config_entries: ['1'] } as Device, { config_entries: ['1', '2'] } as Device],
    entities: [{ platform: 'mqtt' } as EntityEntry],
    nameOf: (domain) => domain.toUpperCase(),
  });
  it('has one an integration or bridge, what failed first and what only waits last', () => {
    expect(groups.map((group) => [group.domain, group.health])).toEqual([['bell', 'failed'], ['hue', 'restarting'], ['mqtt', 'running'], ['sun', 'disabled'], ['zwave', 'idle']]);
  });
  it('counts devices and entities, and puts the broker to MQTT', () => {
    expect(groups.find((group) => group.domain === 'mqtt')).toMatchObject({ name: 'MQTT', devices: 2, entities: 3, bridges: [{ name: 'broker' }, { name: 'mqtt' }] });
    expect(groups.find((group) => group.domain === 'hue')).toMatchObject({ devices: 1, entities: 0 });
    expect(groups.find((group) => group.domain === 'bell')?.isProgram).toBe(true);
  });
});

describe('the map of a network', () => {
  const raw = {
    nodes: [{ ieeeAddr: '0', friendlyName: 'Coordinator', type: 'Coordinator' }, { ieeeAddr: '1', friendlyName: 'Lamp', type: 'Router' }, { ieeeAddr: '2', type: 'EndDevice' }],
    links: [{ source: { ieeeAddr: '1' }, target: { ieeeAddr: '0' }, lqi: 90 }, { source: { ieeeAddr: '0' }, target: { ieeeAddr: '1' }, lqi: 120 }, { sourceIeeeAddr: '2', targetIeeeAddr: '1', linkquality: 40 }, { source: { ieeeAddr: '2' }, target: { ieeeAddr: 'gone' } }],
  };
  it('is read with one line a pair, the best first', () => {
    const network = readMap(raw)!;
    expect(network.nodes.map((node) => [node.name, node.kind])).toEqual([['Coordinator', 'coordinator'], ['Lamp', 'router'], ['2', 'end']]);
    expect(network.links.map((link) => link.quality)).toEqual([120, 40]);
    expect(readMap('digraph {}')).toBeNull();
    expect(readMap(null)).toBeNull();
  });
  it('has everybody inside, nobody on another, and is the same every time', () => {
    const placed = place(readMap(raw)!);
    expect(place(readMap(raw)!)).toEqual(placed);
    for (const { x, y } of placed) expect(Math.min(x, y, SIZE - x, SIZE - y)).toBeGreaterThanOrEqual(40);
    expect(Math.hypot(placed[1]!.x - placed[2]!.x, placed[1]!.y - placed[2]!.y)).toBeGreaterThan(50);
    expect(place({ nodes: [], links: [] })).toEqual([]);
  });
});
