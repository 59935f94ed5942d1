/** What can be set by sliding on a card: the names of dashboards' tile features, and how each is read and written. Pure. */

import type { Entity } from '@/data/types';
import { domainOf } from '@/data/words';
import { hasBrightness, hasKelvin } from '@/domains/_controls/color';
import { has, listOf, numberOf } from '@/domains/_controls/control';
import type { Scale } from '@/components/level';

export interface Level {
  fits: (entity: Entity) => boolean;
  value: (entity: Entity) => number | null;
  scale: (entity: Entity) => Scale;
  /** Service and data that bring the value about. */
  call: (value: number, entity: Entity) => readonly [service: string, data: Record<string, unknown>];
  unit: '%' | '°' | 'K' | 'own';
  /** Only while it is not off. */
  needsOn?: boolean;
  /** One step down and one up stand beside it. */
  steps?: boolean;
  color?: string;
}

const PERCENT: Scale = { min: 0, max: 100, step: 1 };
const percent = () => PERCENT;
const of = (domain: string, bit?: number) => (entity: Entity) => domainOf(entity.entity_id) === domain && (bit === undefined || has(entity, bit));
const OFF = new Set(['off', 'standby', 'unavailable', 'unknown']);
export const isOff = (entity: Entity): boolean => OFF.has(entity.state);

const LIST: Record<string, Level> = {
  'light-brightness': {
    fits: (entity) => domainOf(entity.entity_id) === 'light' && hasBrightness(listOf(entity, 'supported_color_modes')),
    value: (entity) => (entity.state === 'on' ? Math.round(((numberOf(entity, 'brightness') ?? 255) / 255) * 100) : 0),
    scale: percent,
    call: (value) => (value === 0 ? ['turn_off', {}] : ['turn_on', { brightness_pct: value }]),
    unit: '%',
    color: 'var(--active)',
  },
  'light-color-temp': {
    fits: (entity) => domainOf(entity.entity_id) === 'light' && hasKelvin(listOf(entity, 'supported_color_modes')),
    value: (entity) => numberOf(entity, 'color_temp_kelvin'),
    scale: (entity) => ({ min: numberOf(entity, 'min_color_temp_kelvin') ?? 2000, max: numberOf(entity, 'max_color_temp_kelvin') ?? 6500, step: 50 }),
    call: (value) => ['turn_on', { color_temp_kelvin: value }],
    unit: 'K',
    needsOn: true,
    color: 'var(--active)',
  },
  'cover-position': {
    fits: of('cover', 4),
    value: (entity) => numberOf(entity, 'current_position'),
    scale: percent,
    call: (position) => ['set_cover_position', { position }],
    unit: '%',
  },
  'cover-tilt-position': {
    fits: of('cover', 128),
    value: (entity) => numberOf(entity, 'current_tilt_position'),
    scale: percent,
    call: (value) => ['set_cover_tilt_position', { tilt_position: value }],
    unit: '%',
  },
  'valve-position': {
    fits: of('valve', 4),
    value: (entity) => numberOf(entity, 'current_position'),
    scale: percent,
    call: (position) => ['set_valve_position', { position }],
    unit: '%',
  },
  'fan-speed': {
    fits: of('fan', 1),
    value: (entity) => (entity.state === 'on' ? numberOf(entity, 'percentage') : 0),
    scale: (entity) => ({ ...PERCENT, step: Math.max(1, numberOf(entity, 'percentage_step') ?? 1) }),
    call: (value) => (value === 0 ? ['turn_off', {}] : ['set_percentage', { percentage: Math.round(value) }]),
    unit: '%',
  },
  'media-player-volume-slider': {
    fits: of('media_player', 4),
    value: (entity) => {
      const level = numberOf(entity, 'volume_level');
      return level === null ? null : Math.round(level * 100);
    },
    scale: percent,
    call: (value) => ['volume_set', { volume_level: value / 100 }],
    unit: '%',
    needsOn: true,
  },
  'target-temperature': {
    fits: (entity) => of('climate', 1)(entity) || of('water_heater', 1)(entity),
    value: (entity) => numberOf(entity, 'temperature'),
    scale: (entity) => ({ min: numberOf(entity, 'min_temp') ?? 7, max: numberOf(entity, 'max_temp') ?? 35, step: numberOf(entity, 'target_temp_step') ?? ((numberOf(entity, 'max_temp') ?? 35) > 60 ? 1 : 0.5) }),
    call: (temperature) => ['set_temperature', { temperature }],
    unit: '°',
    steps: true,
  },
  'target-humidity': {
    fits: of('humidifier'),
    value: (entity) => numberOf(entity, 'humidity'),
    scale: (entity) => ({ min: numberOf(entity, 'min_humidity') ?? 0, max: numberOf(entity, 'max_humidity') ?? 100, step: 1 }),
    call: (humidity) => ['set_humidity', { humidity }],
    unit: '%',
    steps: true,
  },
  'numeric-input': {
    fits: (entity) => ['number', 'input_number'].includes(domainOf(entity.entity_id)),
    value: (entity) => (entity.state.trim() === '' || Number.isNaN(Number(entity.state)) ? null : Number(entity.state)),
    scale: (entity) => ({ min: numberOf(entity, 'min') ?? 0, max: numberOf(entity, 'max') ?? 100, step: numberOf(entity, 'step') || 1 }),
    call: (value) => ['set_value', { value }],
    unit: 'own',
  },
};

/** By the feature's type. */
export const LEVELS: ReadonlyMap<string, Level> = new Map(Object.entries(LIST));

/** The features that fit an entity, in the order of the list. */
export const fitting = (entity: Entity): string[] => [...LEVELS].flatMap(([type, level]) => (level.fits(entity) ? [type] : []));

/** What an entity is slid by at first; null: by nothing. */
export const USUAL = new Set(['light-brightness', 'cover-position', 'media-player-volume-slider', 'target-temperature']);
export const usual = (entity: Entity): string | null => fitting(entity).find((type) => USUAL.has(type)) ?? null;

export interface Feature {
  type: string;
  [option: string]: unknown;
}

/** Features as a card's configuration says them; what is none is left out. */
export const featuresOf = (value: unknown): Feature[] => (Array.isArray(value) ? (value as unknown[]).filter((each): each is Feature => each !== null && typeof each === 'object' && typeof (each as Feature).type === 'string') : []);

/** The list with exactly these types of ours; what is not known to the form, and options of those that stay, are kept. */
export function withTypes(before: unknown, types: readonly string[]): Feature[] | undefined {
  const all = featuresOf(before);
  const kept = all.filter((each) => !LEVELS.has(each.type) || types.includes(each.type));
  const added = types.filter((type) => !kept.some((each) => each.type === type)).map((type) => ({ type }));
  const next = [...kept, ...added];
  return next.length ? next : undefined;
}
