/** Moments as the browser's date and time fields write them, by the home's clocks: whoever travels reads the same as everybody at home. Pure. */

import { fromAbsolute, parseDate, parseDateTime, toCalendarDateTime, toZoned } from '@internationalized/date';

/** `2026-01-31T18:05`, what the home's clocks say then. */
export const momentText = (at: number, zone: string): string => toCalendarDateTime(fromAbsolute(at, zone)).toString().slice(0, 16);

/** `2026-01-31` some days later. */
export const addDays = (day: string, days: number): string => parseDate(day).add({ days }).toString();

/** For `<input type="datetime-local">`; empty when it is no time. */
export function localMoment(iso: string, zone: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? '' : momentText(at, zone);
}

/** What such a field holds, as a moment that is the same everywhere: `2026-01-31T17:05:00.000Z`. */
export const isoOf = (text: string, zone: string): string => toZoned(parseDateTime(text), zone).toDate().toISOString();
