/** States, names, numbers and times as people read them, in their language. */

import { useCallback } from 'react';
import { clockLocale, dateWriter, formats as wished, formatsId, homeZone, numberStyle } from './formats';
import { useSession } from './hooks';
import { useStore } from './store';
import type { Entity, EntityEntry } from './types';

export const domainOf = (entityId: string): string => entityId.slice(0, entityId.indexOf('.'));

/** `light.porch_lamp` without a name of its own: "Porch lamp". */
export function prettify(text: string): string {
  const words = text.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function nameOf(entity: Entity | undefined, entityId?: string): string {
  return entity?.attributes.friendly_name ?? prettify((entity?.entity_id ?? entityId ?? '').split('.').pop() ?? '');
}

/** Nobody can say what the entity's state is. */
export const isGone = (entity: Entity | undefined): boolean =>
  !entity || entity.state === 'unavailable' || entity.state === 'unknown';

const OFF = new Set(['off', 'closed', 'locked', 'unavailable', 'unknown', 'idle', 'standby', 'docked', 'not_home', 'disarmed', 'below_horizon', 'paused', '']);
const TIMELESS = new Set(['scene', 'button', 'input_button', 'event', 'sensor', 'script', 'todo', 'weather', 'number', 'input_number', 'input_select', 'select', 'input_text', 'text', 'zone', 'counter', 'image', 'conversation', 'stt', 'tts']);

/** Whether the entity is "on" in the widest sense: shown in colour. */
export function isActive(entity: Entity | undefined): boolean {
  if (!entity) return false;
  return !OFF.has(entity.state) && !TIMELESS.has(domainOf(entity.entity_id));
}

const formats = new Map<string, Intl.NumberFormat>();

/** A number with at most (or exactly) so many digits after the point. */
export function formatNumber(value: number, language: string, digits?: { min?: number; max?: number }): string {
  const key = `${language}/${digits?.min}/${digits?.max}/${wished.get().number_format}`;
  let format = formats.get(key);
  if (!format) {
    const { locale, options } = numberStyle(language);
    format = new Intl.NumberFormat(locale, {
      ...options,
      minimumFractionDigits: digits?.min ?? 0,
      maximumFractionDigits: digits?.max ?? Math.max(2, digits?.min ?? 0),
    });
    formats.set(key, format);
  }
  return format.format(value);
}

const dates = new Map<string, (at: number | Date) => string>();

/** A moment in the language's way, by the home's clocks; `style` chooses how much of it. */
export function formatTime(at: number | Date, language: string, style: 'time' | 'date' | 'both' | 'seconds' = 'both', timeZone = homeZone.get()): string {
  const key = `${language}/${style}/${timeZone}/${formatsId(wished.get())}`;
  let format = dates.get(key);
  if (!format) {
    const date: Intl.DateTimeFormatOptions = { dateStyle: 'medium' };
    const time: Intl.DateTimeFormatOptions = { timeStyle: style === 'seconds' ? 'medium' : 'short' };
    const writeDate = style === 'time' ? null : dateWriter(language, timeZone);
    const rest = new Intl.DateTimeFormat(clockLocale(language), {
      ...(style === 'time' || writeDate ? {} : date),
      ...(style === 'date' ? {} : time),
      ...(timeZone ? { timeZone } : {}),
    });
    format = writeDate ? (moment) => (style === 'date' ? writeDate(moment) : `${writeDate(moment)}, ${rest.format(moment)}`) : (moment) => rest.format(moment);
    dates.set(key, format);
  }
  return format(at);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60]];
const relatives = new Map<string, Intl.RelativeTimeFormat>();

/** "3 minutes ago", "in 2 hours"; within ten seconds: "now". */
export function formatRelative(at: number, language: string, now = Date.now()): string {
  const seconds = (at - now) / 1000;
  let format = relatives.get(language);
  if (!format) relatives.set(language, (format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })));
  for (const [unit, size] of STEPS) if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  return Math.abs(seconds) < 10 ? format.format(0, 'second') : format.format(Math.trunc(seconds), 'second');
}

type Texts = Readonly<Record<string, string>>;

/** `2026-01-31`, `07:30:00`, both, or a moment with its offset. Without one it says what clocks show, wherever that is. */
function clockWords(text: string, language: string): string {
  const hasDate = /^\d{4}-\d\d-\d\d/.test(text);
  const hasTime = /\d\d:\d\d/.test(text);
  const isMoment = hasDate && hasTime && /(Z|[+-]\d\d:?\d\d)$/.test(text);
  const whole = hasDate ? (hasTime ? text.replace(' ', 'T') : `${text}T12:00:00`) : `2000-01-01T${text}`;
  const at = Date.parse(isMoment ? whole : `${whole}Z`);
  return Number.isNaN(at) ? text : formatTime(at, language, hasDate ? (hasTime ? 'both' : 'date') : 'time', isMoment ? undefined : 'UTC');
}

/** A state (or any value of it) in words: the server's texts first, then numbers with unit, times, then the word itself. */
export function stateWords(entity: Entity, texts: Texts, language: string, entry?: EntityEntry, state = entity.state): string {
  const domain = domainOf(entity.entity_id);
  const kind = entity.attributes.device_class;
  const keys = [
    entry?.translation_key ? `component.${entry.platform}.entity.${domain}.${entry.translation_key}.state.${state}` : '',
    kind ? `component.${domain}.entity_component.${kind}.state.${state}` : '',
    `component.${domain}.entity_component._.state.${state}`,
  ];
  for (const key of keys) if (key && texts[key]) return texts[key];
  if (state === 'unavailable' || state === 'unknown') return texts[`component.default.entity_component._.state.${state}`] ?? prettify(state);
  const unit = entity.attributes.unit_of_measurement;
  const value = state.trim() === '' ? Number.NaN : Number(state);
  if (Number.isFinite(value) && (unit !== undefined || ['sensor', 'number', 'input_number', 'counter'].includes(domain))) {
    const precision = entry?.precision;
    const text = formatNumber(value, language, precision == null ? undefined : { min: precision, max: precision });
    return unit ? `${text}${unit === "°" ? "" : "\u00a0"}${unit}` : text;
  }
  if (entity.attributes.mode === 'password') return '•'.repeat(8);
  if (domain === 'date' || domain === 'time' || domain === 'datetime' || domain === 'input_datetime') return clockWords(state, language);
  if (kind === 'timestamp' || domain === 'scene' || domain === 'button' || domain === 'input_button' || domain === 'event') {
    const at = Date.parse(state);
    if (!Number.isNaN(at)) return formatTime(at, language);
  }
  if (kind === 'date' && !Number.isNaN(Date.parse(state))) return formatTime(new Date(`${state}T12:00:00Z`), language, 'date', 'UTC');
  return /^[a-z_]+$/.test(state) ? prettify(state) : state;
}

/** A function that puts states into words; renders again when the server's texts arrive. */
export function useStateWords(): (entity: Entity, state?: string) => string {
  const session = useSession();
  const texts = useStore(session.texts);
  const { language, registries } = session;
  return useCallback(
    (entity, state) => stateWords(entity, texts, language, registries.entities.get().get(entity.entity_id), state),
    [texts, language, registries],
  );
}

/** A function that names a domain, an integration or a part of the server: `title('light')`. */
export function useTitles(): (domain: string) => string {
  const texts = useStore(useSession().texts);
  return useCallback((domain) => texts[`component.${domain}.title`] ?? prettify(domain), [texts]);
}

/** An attribute's name and value in words: `attributeWords(entity, 'hvac_action')`. */
export function useAttributeWords(): { name: (entity: Entity, attribute: string) => string; value: (entity: Entity, attribute: string, value?: unknown) => string } {
  const session = useSession();
  const texts = useStore(session.texts);
  const { language } = session;
  const name = useCallback(
    (entity: Entity, attribute: string) =>
      texts[`component.${domainOf(entity.entity_id)}.entity_component._.state_attributes.${attribute}.name`] ?? texts[`component.default.entity_component._.state_attributes.${attribute}.name`] ?? prettify(attribute),
    [texts],
  );
  const value = useCallback(
    (entity: Entity, attribute: string, given: unknown = entity.attributes[attribute]): string => {
      if (typeof given === 'number') return formatNumber(given, language);
      if (Array.isArray(given)) return given.map((each) => (typeof each === 'object' ? JSON.stringify(each) : String(each))).join(', ');
      if (given !== null && typeof given === 'object') return JSON.stringify(given);
      const key = `component.${domainOf(entity.entity_id)}.entity_component._.state_attributes.${attribute}.state.${String(given)}`;
      return texts[key] ?? (typeof given === 'string' && /^[a-z_]+$/.test(given) ? prettify(given) : String(given ?? '–'));
    },
    [texts, language],
  );
  return { name, value };
}
