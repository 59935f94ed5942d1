/** Days, weeks, months and years as the home's clocks have them. Not here: how they are written (`words.ts`). */

import { type CalendarDate, fromAbsolute, getLocalTimeZone, parseDate, startOfMonth, startOfWeek, startOfYear, toCalendarDate, toZoned } from '@internationalized/date';
import { firstWeekday } from './formats';
import { useHomeConfig } from './hooks';

export type CalendarUnit = 'day' | 'week' | 'month' | 'year';

/** The home's time zone; this device's until it is known. */
export function useZone(): string {
  return useHomeConfig()?.time_zone ?? getLocalTimeZone();
}

/** The day that it is somewhere at a moment. */
export const dateAt = (at: number, zone: string): CalendarDate => toCalendarDate(fromAbsolute(at, zone));

/** The moment at which a day begins somewhere. */
export const startOfDate = (date: CalendarDate, zone: string): number => toZoned(date, zone).toDate().getTime();

/** The first day of the unit that holds a day; weeks begin as the user wishes, or as `locale` has it. */
export function firstDate(date: CalendarDate, unit: CalendarUnit, locale: string): CalendarDate {
  if (unit === 'week') return startOfWeek(date, locale, firstWeekday());
  if (unit === 'month') return startOfMonth(date);
  return unit === 'year' ? startOfYear(date) : date;
}

export function addUnits(date: CalendarDate, count: number, unit: CalendarUnit): CalendarDate {
  return date.add({ [`${unit}s`]: count });
}

/** From the beginning of the unit that holds a day to the beginning of the next, in milliseconds. */
export function unitAround(date: CalendarDate, unit: CalendarUnit, zone: string, locale: string): { from: number; to: number } {
  const first = firstDate(date, unit, locale);
  return { from: startOfDate(first, zone), to: startOfDate(addUnits(first, 1, unit), zone) };
}

/** A day of an address (`2026-11-21`); null: it is none. */
export function readDate(text: string | null): CalendarDate | null {
  if (!text) return null;
  try {
    return parseDate(text);
  } catch {
    return null; // typed by hand, or cut off
  }
}
