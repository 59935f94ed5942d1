import { idsOf } from '../model/types';
import type { Say } from './say';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The name of a weekday in a language. The first of January 2024 was a Monday. */
export function weekdayName(day: string, language: string, weekday: 'short' | 'long' = 'short'): string {
  const index = WEEKDAYS.indexOf(day as (typeof WEEKDAYS)[number]);
  return index < 0 ? day : new Intl.DateTimeFormat(language, { weekday, timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + index));
}

export const weekdayWords = (days: unknown, say: Say): string => say.list(idsOf(days).map((day) => weekdayName(day, say.language)));
