import { expect, it } from 'vitest';
import type { Entity } from '@/data/types';
import { rewrite, parse } from '../automations/model/yamlText';
import { captured, configOf, keptValue, sceneOf, SETTINGS, shownValue } from './scene';

const entity = (entity_id: string, state: string, attributes: Record<string, unknown> = {}): Entity => ({ entity_id, state, attributes, lastChanged: 0, lastUpdated: 0, context: { id: '' } });

it('keeps of a lamp what its mode means', () => {
  const modes = { supported_color_modes: ['color_temp', 'hs'], brightness: 120, color_temp_kelvin: 3000, rgb_color: [255, 0, 0] };
  expect(captured(entity('light.a', 'on', { ...modes, color_mode: 'hs' }))).toEqual({ state: 'on', brightness: 120, rgb_color: [255, 0, 0] });
  expect(captured(entity('light.a', 'on', { ...modes, color_mode: 'color_temp' }))).toEqual({ state: 'on', brightness: 120, color_temp_kelvin: 3000 });
  expect(captured(entity('light.a', 'off', modes))).toEqual({ state: 'off' });
});

it('keeps positions, and of what it does not know the state alone', () => {
  expect(captured(entity('cover.a', 'open', { current_position: 40 }))).toEqual({ state: 'open', current_position: 40 });
  expect(captured(entity('switch.a', 'on', { voltage: 230 }))).toEqual({ state: 'on' });
});

it('reads the short form of the files', () => {
  expect(sceneOf({ name: 'A', entities: { 'light.a': true, 'light.b': 'off', 'light.c': { state: true, brightness: 3 } } })).toEqual({
    name: 'A',
    entities: { 'light.a': { state: 'on' }, 'light.b': { state: 'off' }, 'light.c': { state: 'on', brightness: 3 } },
  });
});

it('writes what differs, and leaves the rest as its author wrote it', () => {
  const text = "id: '7'\n# for reading\nname: A\nmetadata: {x: 1}\nentities:\n  light.a: on   # the lamp\n  # softly\n  light.b:\n    state: on\n    brightness: 3\n";
  const raw = parse(text).value as Record<string, unknown>;
  const scene = sceneOf(raw);
  const written = (changed: typeof scene) => rewrite(text, configOf(raw, changed));
  expect(written(scene)).toBe(text);
  expect(written({ ...scene, entities: { ...scene.entities, 'light.b': { state: 'on', brightness: 90 } } })).toBe(text.replace('brightness: 3', 'brightness: 90'));
  expect(written({ ...scene, entities: { 'light.a': scene.entities['light.a']! } })).toContain('light.a: on   # the lamp');
});

it('shows brightness and volume in percent, and keeps them as the server does', () => {
  const [brightness] = SETTINGS.light!;
  const volume = SETTINGS.media_player![0]!;
  expect(shownValue(brightness!, 255)).toBe(100);
  expect(keptValue(brightness!, 50)).toBe(128);
  expect(keptValue(volume, 35)).toBe(0.35);
  expect(shownValue(volume, 0.35)).toBe(35);
});
