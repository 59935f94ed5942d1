/** What a scene holds of each entity: its state and what goes with it. Pure. */

import type { Attributes, Entity, Selector } from '@/data/types';
import { domainOf } from '@/data/words';
import { equal } from '../automations/model/sharing';
import { isRecord } from '../automations/model/types';

/** State and attributes that one entity is brought to. */
export type Wanted = Record<string, unknown> & { state: string };

export interface Scene {
  name: string;
  icon?: string;
  entities: Record<string, Wanted>;
}

export interface Setting {
  attribute: string;
  /** The key of its name in the texts. */
  name: string;
  selector: (attributes: Readonly<Attributes>) => Selector | null;
  /** What is kept for each one that is shown: brightness is kept up to 255 and shown in percent. */
  scale?: number;
}

const percent: Selector = { number: { min: 0, max: 100, unit_of_measurement: '%' } };
const choice = (list: unknown): Selector | null => (Array.isArray(list) && list.length ? { select: { options: list.map(String) } } : null);
const temperature = (attributes: Readonly<Attributes>): Selector => ({
  number: { min: Number(attributes.min_temp ?? 5), max: Number(attributes.max_temp ?? 35), step: Number(attributes.target_temp_step ?? 0.5), mode: 'box' },
});
const modes = (attributes: Readonly<Attributes>): string[] => (Array.isArray(attributes.supported_color_modes) ? (attributes.supported_color_modes as string[]) : []);

/** What a scene can set beside the state, by domain: what the server brings back when the scene is activated. */
export const SETTINGS: Record<string, readonly Setting[]> = {
  light: [
    { attribute: 'brightness', name: 'brightness', selector: (has) => (modes(has).some((mode) => mode !== 'onoff') || has.brightness !== undefined ? { number: { min: 1, max: 100, unit_of_measurement: '%' } } : null), scale: 2.55 },
    { attribute: 'color_temp_kelvin', name: 'warmth', selector: (has) => (modes(has).includes('color_temp') ? { color_temp: { unit: 'kelvin', min: has.min_color_temp_kelvin ?? 2000, max: has.max_color_temp_kelvin ?? 6500 } } : null) },
    { attribute: 'rgb_color', name: 'color', selector: (has) => (modes(has).some((mode) => ['hs', 'xy', 'rgb', 'rgbw', 'rgbww'].includes(mode)) ? { color_rgb: {} } : null) },
    { attribute: 'effect', name: 'effect', selector: (has) => choice(has.effect_list) },
  ],
  climate: [
    { attribute: 'temperature', name: 'temperature', selector: (has) => (has.temperature === undefined ? null : temperature(has)) },
    { attribute: 'preset_mode', name: 'preset', selector: (has) => choice(has.preset_modes) },
    { attribute: 'fan_mode', name: 'fan', selector: (has) => choice(has.fan_modes) },
  ],
  water_heater: [{ attribute: 'temperature', name: 'temperature', selector: temperature }],
  cover: [
    { attribute: 'current_position', name: 'position', selector: (has) => (has.current_position === undefined ? null : percent) },
    { attribute: 'current_tilt_position', name: 'tilt', selector: (has) => (has.current_tilt_position === undefined ? null : percent) },
  ],
  fan: [
    { attribute: 'percentage', name: 'speed', selector: (has) => (has.percentage === undefined ? null : percent) },
    { attribute: 'preset_mode', name: 'preset', selector: (has) => choice(has.preset_modes) },
    { attribute: 'oscillating', name: 'oscillating', selector: (has) => (has.oscillating === undefined ? null : { boolean: {} }) },
  ],
  humidifier: [
    { attribute: 'humidity', name: 'humidity', selector: (has) => (has.humidity === undefined ? null : percent) },
    { attribute: 'mode', name: 'mode', selector: (has) => choice(has.available_modes) },
  ],
  media_player: [
    { attribute: 'volume_level', name: 'volume', selector: (has) => (has.volume_level === undefined ? null : percent), scale: 0.01 },
    { attribute: 'source', name: 'source', selector: (has) => choice(has.source_list) },
  ],
};

/** Domains that scenes can bring into a state. */
export const SCENIC = ['alarm_control_panel', 'automation', 'climate', 'cover', 'fan', 'group', 'humidifier', 'input_boolean', 'input_datetime', 'input_number', 'input_select', 'input_text', 'light', 'lock', 'media_player', 'number', 'remote', 'script', 'select', 'siren', 'switch', 'timer', 'vacuum', 'valve', 'water_heater'];

export const settingsOf = (entity: Entity): { setting: Setting; selector: Selector }[] =>
  (SETTINGS[domainOf(entity.entity_id)] ?? []).flatMap((setting) => {
    const selector = setting.selector(entity.attributes);
    return selector ? [{ setting, selector }] : [];
  });

/** What the entity is now, as a scene keeps it. A lamp that is off keeps nothing else; a coloured one no white. */
export function captured(entity: Entity): Wanted {
  const wanted: Wanted = { state: entity.state };
  if (domainOf(entity.entity_id) === 'light' && entity.state !== 'on') return wanted;
  const mode = entity.attributes.color_mode;
  for (const { setting } of settingsOf(entity)) {
    const value = entity.attributes[setting.attribute];
    if (value === undefined || value === null) continue;
    if (setting.attribute === 'rgb_color' && (mode === 'color_temp' || mode === 'brightness' || mode === 'onoff' || mode === 'white')) continue;
    if (setting.attribute === 'color_temp_kelvin' && mode !== undefined && mode !== 'color_temp') continue;
    wanted[setting.attribute] = value;
  }
  return wanted;
}

/** A scene of the files, where `light.x: "on"` is the short form. */
export function sceneOf(config: Record<string, unknown>): Scene {
  const entities = isRecord(config.entities) ? config.entities : {};
  return {
    ...config,
    name: typeof config.name === 'string' ? config.name : '',
    entities: Object.fromEntries(Object.entries(entities).map(([id, value]) => [id, isRecord(value) ? { ...value, state: stateText(value.state) } : { state: stateText(value) }])),
  };
}

/** What is written for a scene: `raw`, as its file has it, where nothing differs. */
export function configOf(raw: Record<string, unknown>, scene: Scene): Record<string, unknown> {
  const before = sceneOf(raw).entities;
  const written = isRecord(raw.entities) ? raw.entities : {};
  const kept = Object.fromEntries(Object.entries(raw).filter(([key]) => key === 'id' || key in scene));
  const entities = Object.fromEntries(Object.entries(scene.entities).map(([id, wanted]) => [id, equal(before[id], wanted) ? written[id] : wanted]));
  return { ...kept, ...scene, entities };
}

/** YAML without quotes reads on and off as truth values. */
const stateText = (value: unknown): string => (value === true ? 'on' : value === false ? 'off' : value === undefined || value === null ? '' : String(value as string));

/** A kept value as it is shown, and back. */
export const shownValue = (setting: Setting, kept: unknown): unknown => (setting.scale && typeof kept === 'number' ? Math.round(kept / setting.scale) : kept);
export function keptValue(setting: Setting, shown: unknown): unknown {
  if (!setting.scale || typeof shown !== 'number') return shown;
  const value = shown * setting.scale;
  return setting.scale < 1 ? Math.round(value * 100) / 100 : Math.round(value + 1e-9);
}
