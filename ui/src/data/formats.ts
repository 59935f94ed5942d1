/**
 * How this user wants numbers, times and dates written, and with which day weeks begin; and by which clocks: the home's.
 *
 * Kept on the server as Home Assistant's frontend keeps it (user data `language`), so both show the same; and in this
 * browser, so that the first picture is right. Not here: writing (`words.ts`).
 */

import { Store } from './store';

export const NUMBER_FORMATS = ['language', 'comma_decimal', 'decimal_comma', 'space_comma', 'quote_decimal', 'none', 'system'] as const;
export const TIME_FORMATS = ['language', '12', '24', 'system'] as const;
export const DATE_FORMATS = ['language', 'DMY', 'MDY', 'YMD', 'system'] as const;
export const FIRST_WEEKDAYS = ['language', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export interface Formats {
  number_format: (typeof NUMBER_FORMATS)[number];
  time_format: (typeof TIME_FORMATS)[number];
  date_format: (typeof DATE_FORMATS)[number];
  first_weekday: (typeof FIRST_WEEKDAYS)[number];
}

/** The document in the user data. */
export const FORMATS_KEY = 'language';
const LOCAL_KEY = 'marge_formats';
const USUAL: Formats = { number_format: 'language', time_format: 'language', date_format: 'language', first_weekday: 'language' };

const oneOf = <T extends string>(all: readonly T[], value: unknown): T => all.find((each) => each === value) ?? all[0]!;

/** Of a stored document; what is not known is as the language has it. */
export function readFormats(value: unknown): Formats {
  const given = (value ?? {}) as Partial<Record<keyof Formats, unknown>>;
  return {
    number_format: oneOf(NUMBER_FORMATS, given.number_format),
    time_format: oneOf(TIME_FORMATS, given.time_format),
    date_format: oneOf(DATE_FORMATS, given.date_format),
    first_weekday: oneOf(FIRST_WEEKDAYS, given.first_weekday),
  };
}

function stored(): Formats {
  try {
    return readFormats(JSON.parse(localStorage.getItem(LOCAL_KEY) ?? 'null'));
  } catch {
    return USUAL; // cut off, or no storage
  }
}

export const formats = new Store<Formats>(stored());

export function setFormats(next: Formats): void {
  localStorage.setItem(LOCAL_KEY, JSON.stringify(next));
  formats.set(next);
}

const ZONE_KEY = 'marge_zone';

/** The time zone of the home's clocks, by which all times are written; empty: not known in this browser yet, which takes its own. */
export const homeZone = new Store<string>(localStorage.getItem(ZONE_KEY) ?? '');

export function setHomeZone(zone: string): void {
  if (zone === homeZone.get()) return;
  localStorage.setItem(ZONE_KEY, zone);
  homeZone.set(zone);
}

/** For keys of caches, and to begin anew what was drawn before. */
export const formatsId = ({ number_format, time_format, date_format, first_weekday }: Formats): string => `${number_format} ${time_format} ${date_format} ${first_weekday}`;

/** Whose numbers are written as wished. */
const NUMBERS: Partial<Record<Formats['number_format'], string>> = { comma_decimal: 'en-US', decimal_comma: 'de', space_comma: 'fr', quote_decimal: 'de-CH' };

/** What `Intl.NumberFormat` is made with. */
export function numberStyle(language: string, { number_format } = formats.get()): { locale: string; options: Intl.NumberFormatOptions } {
  if (number_format === 'none') return { locale: 'en-US', options: { useGrouping: false } };
  return { locale: number_format === 'system' ? navigator.language : (NUMBERS[number_format] ?? language), options: {} };
}

/** The language, with the wished hours: for everything that writes a time of day. */
export function clockLocale(language: string, { time_format } = formats.get()): string {
  if (time_format === '24') return `${language}-u-hc-h23`;
  if (time_format === '12') return `${language}-u-hc-h12`;
  if (time_format === 'language') return language;
  return `${language}-u-hc-${new Intl.DateTimeFormat(navigator.language, { hour: 'numeric' }).resolvedOptions().hourCycle ?? 'h23'}`;
}

const ORDERS: Partial<Record<Formats['date_format'], readonly Intl.DateTimeFormatPartTypes[]>> = { DMY: ['day', 'month', 'year'], MDY: ['month', 'day', 'year'], YMD: ['year', 'month', 'day'] };

/** Writes dates in figures in the wished order; null: as the language does. */
export function dateWriter(language: string, timeZone: string | undefined, { date_format } = formats.get()): ((at: number | Date) => string) | null {
  if (date_format === 'language') return null;
  const zone = timeZone ? { timeZone } : {};
  if (date_format === 'system') {
    const theirs = new Intl.DateTimeFormat(navigator.language, { dateStyle: 'medium', ...zone });
    return (at) => theirs.format(at);
  }
  const order = ORDERS[date_format]!;
  const format = new Intl.DateTimeFormat(language, { day: '2-digit', month: '2-digit', year: 'numeric', ...zone });
  return (at) => {
    const parts = format.formatToParts(at);
    const between = date_format === 'YMD' ? '-' : (parts.find((part) => part.type === 'literal')?.value.trim() ?? '/');
    return order.map((type) => parts.find((part) => part.type === type)?.value ?? '').join(between);
  };
}

export type Weekday = 'sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat';

/** The day with which weeks begin; undefined: as the language has it. */
export function firstWeekday({ first_weekday } = formats.get()): Weekday | undefined {
  return first_weekday === 'language' ? undefined : (first_weekday.slice(0, 3) as Weekday);
}
