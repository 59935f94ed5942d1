import { describe, expect, it } from 'vitest';
import { changesOf, formOf, iconProblem, idProblem, type RegistryEntry } from './settings';

const entry: RegistryEntry = {
  entity_id: 'sensor.hall',
  unique_id: 'x',
  platform: 'demo',
  name: null,
  original_name: 'Hall',
  icon: null,
  original_icon: null,
  area_id: 'hall',
  device_id: null,
  config_entry_id: null,
  labels: ['b', 'a'],
  aliases: [],
  disabled_by: null,
  hidden_by: null,
  entity_category: null,
  options: { sensor: { display_precision: 1, suggested_display_precision: 2 }, conversation: { should_expose: true } },
};

describe('the settings of an entity', () => {
  it('are no change while nothing differs, whatever the order of labels', () => {
    expect(changesOf(entry, formOf(entry))).toBeNull();
    expect(changesOf(entry, { ...formOf(entry), labels: ['a', 'b'] })).toBeNull();
  });

  it('become only what differs, emptied fields as null', () => {
    expect(changesOf(entry, { ...formOf(entry), name: ' Corridor ', areaId: '', visible: false })).toEqual({ name: 'Corridor', area_id: null, hidden_by: 'user' });
    expect(changesOf({ ...entry, name: 'Corridor' }, { ...formOf(entry), name: '' })).toEqual({ name: null });
  });

  it('keep options of which the form knows nothing, and drop those that were emptied', () => {
    expect(changesOf(entry, { ...formOf(entry), options: { display_precision: undefined, unit_of_measurement: '°C' } })).toEqual({
      options_domain: 'sensor',
      options: { suggested_display_precision: 2, unit_of_measurement: '°C' },
    });
  });

  it('say what is wrong with an id or an icon', () => {
    expect(idProblem('sensor', 'sensor.hall_2')).toBeNull();
    expect(idProblem('sensor', 'light.hall')).toBe('info.idDomain');
    for (const bad of ['sensor.', 'sensor.Hall', 'sensor.a__b', 'sensor.a b', 'sensor._a']) expect(idProblem('sensor', bad)).toBe('info.idForm');
    expect(iconProblem('mdi:lamp')).toBe(false);
    expect(iconProblem('')).toBe(false);
    expect(iconProblem('lamp')).toBe(true);
  });
});
