/** The kinds of helpers, and the forms of those that are kept as items of a collection. Pure. */

import {
  mdiSigmaLower, mdiBellRingOutline, mdiCalendarClock, mdiCalendarWeek, mdiChartBellCurve, mdiChartLine, mdiChartTimelineVariant, mdiCodeBraces, mdiCounter, mdiDiceMultiple, mdiFilterVariant, mdiFormatListBulleted, mdiFormTextbox,
  mdiGaugeLow, mdiGestureTapButton, mdiGroup, mdiHistory, mdiMeterElectricOutline, mdiMushroomOutline, mdiRayVertex, mdiSigma, mdiSwapHorizontal, mdiThermostat, mdiTimerOutline, mdiToggleSwitchOutline, mdiTrendingUp, mdiWaterPercent, mdiWeatherSunset,
} from '@mdi/js';
import type { Selector } from '@/data/types';

export const ICONS: Readonly<Record<string, string>> = {
  input_boolean: mdiToggleSwitchOutline,
  input_button: mdiGestureTapButton,
  input_number: mdiRayVertex,
  input_select: mdiFormatListBulleted,
  input_text: mdiFormTextbox,
  input_datetime: mdiCalendarClock,
  counter: mdiCounter,
  timer: mdiTimerOutline,
  schedule: mdiCalendarWeek,
  group: mdiGroup,
  template: mdiCodeBraces,
  derivative: mdiChartLine,
  integration: mdiSigma,
  min_max: mdiSigmaLower,
  threshold: mdiGaugeLow,
  utility_meter: mdiMeterElectricOutline,
  generic_thermostat: mdiThermostat,
  generic_hygrostat: mdiWaterPercent,
  tod: mdiWeatherSunset,
  statistics: mdiChartBellCurve,
  history_stats: mdiHistory,
  trend: mdiTrendingUp,
  filter: mdiFilterVariant,
  mold_indicator: mdiMushroomOutline,
  random: mdiDiceMultiple,
  switch_as_x: mdiSwapHorizontal,
};
export const iconOf = (kind: string): string => ICONS[kind] ?? (kind === 'alert' ? mdiBellRingOutline : mdiChartTimelineVariant);

export interface ItemField {
  name: string;
  selector: Selector;
  required?: boolean;
  default?: unknown;
}

const name: ItemField = { name: 'name', selector: { text: {} }, required: true };
const icon: ItemField = { name: 'icon', selector: { icon: {} } };
const box = (more: Record<string, unknown> = {}): Selector => ({ number: { mode: 'box', ...more } });
const choice = (...options: string[]): Selector => ({ select: { options } });

/** Without the schedule, whose week has a form of its own. */
export const FIELDS: Readonly<Record<string, readonly ItemField[]>> = {
  input_boolean: [name, icon],
  input_button: [name, icon],
  input_number: [
    name,
    icon,
    { name: 'min', selector: box({ step: 'any' }), required: true, default: 0 },
    { name: 'max', selector: box({ step: 'any' }), required: true, default: 100 },
    { name: 'step', selector: box({ step: 'any', min: 0.000000001 }), default: 1 },
    { name: 'mode', selector: choice('slider', 'box'), default: 'slider' },
    { name: 'unit_of_measurement', selector: { text: {} } },
  ],
  input_select: [name, icon, { name: 'options', selector: { select: { options: [], multiple: true, custom_value: true } }, required: true }],
  input_text: [
    name,
    icon,
    { name: 'min', selector: box({ min: 0, max: 255, step: 1 }), default: 0 },
    { name: 'max', selector: box({ min: 1, max: 255, step: 1 }), default: 100 },
    { name: 'mode', selector: choice('text', 'password'), default: 'text' },
    { name: 'pattern', selector: { text: {} } },
  ],
  input_datetime: [name, icon, { name: 'has_date', selector: { boolean: {} }, default: true }, { name: 'has_time', selector: { boolean: {} }, default: true }],
  counter: [
    name,
    icon,
    { name: 'initial', selector: box({ min: 0, step: 1 }), default: 0 },
    { name: 'step', selector: box({ min: 1, step: 1 }), default: 1 },
    { name: 'minimum', selector: box({ step: 1 }) },
    { name: 'maximum', selector: box({ step: 1 }) },
    { name: 'restore', selector: { boolean: {} }, default: true },
  ],
  timer: [name, icon, { name: 'duration', selector: { duration: {} }, default: { hours: 0, minutes: 5, seconds: 0 } }, { name: 'restore', selector: { boolean: {} }, default: true }],
  schedule: [name, icon],
};

export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Day = (typeof DAYS)[number];

export interface Block {
  from: string;
  to: string;
  data?: Record<string, unknown>;
}

type Values = Readonly<Record<string, unknown>>;

export const beginningOf = (kind: string): Record<string, unknown> => Object.fromEntries((FIELDS[kind] ?? []).filter((field) => field.default !== undefined).map((field) => [field.name, field.default]));

const two = (value: number) => String(value).padStart(2, '0');

/** `{hours: 0, minutes: 5, seconds: 0}` as the server keeps it. */
export function durationText(value: unknown): string {
  if (typeof value === 'string') return value;
  const { days = 0, hours = 0, minutes = 0, seconds = 0 } = (value ?? {}) as Record<string, number>;
  return `${Number(days) * 24 + Number(hours)}:${two(Number(minutes))}:${two(Number(seconds))}`;
}

/** What is sent: without what is empty; an update says the whole item. */
export function itemOf(kind: string, values: Values): Record<string, unknown> {
  const item: Record<string, unknown> = {};
  for (const field of FIELDS[kind] ?? []) {
    const value = values[field.name];
    if (value === undefined || value === null || value === '') continue;
    item[field.name] = field.name === 'duration' ? durationText(value) : value;
  }
  if (kind === 'schedule') for (const day of DAYS) item[day] = values[day] ?? [];
  return item;
}

/** A key of the text that says what is wrong; null: nothing. */
export function problemOf(kind: string, values: Values): 'problem.needed' | 'problem.range' | 'problem.dateOrTime' | 'problem.blocks' | null {
  for (const field of FIELDS[kind] ?? []) {
    const value = values[field.name];
    if (field.required && (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0) || (typeof value === 'string' && !value.trim()))) return 'problem.needed';
  }
  const [low, high] = kind === 'counter' ? [values.minimum, values.maximum] : [values.min, values.max];
  if (typeof low === 'number' && typeof high === 'number' && (kind === 'input_number' ? low >= high : low > high)) return 'problem.range';
  if (kind === 'input_datetime' && !values.has_date && !values.has_time) return 'problem.dateOrTime';
  if (kind === 'schedule' && DAYS.some((day) => !blocksFit((values[day] ?? []) as Block[]))) return 'problem.blocks';
  return null;
}

const END = '24:00:00';

/** Whether each block ends after it begins, and before the next begins. `00:00` as an end is midnight. */
export function blocksFit(blocks: readonly Block[]): boolean {
  const sorted = blocks.map(({ from, to }) => [full(from), full(to) === '00:00:00' ? END : full(to)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.every(([from, to], index) => from !== '' && to !== '' && from < to && (index === 0 || sorted[index - 1]![1] <= from));
}

const full = (time: string): string => (time.length === 5 ? `${time}:00` : time);
