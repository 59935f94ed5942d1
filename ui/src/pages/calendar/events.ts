/** Events of calendars on the days on which they are. Pure. */

import { type CalendarDate, parseDate } from '@internationalized/date';
import { dateAt } from '@/data/zoned';

/** As `GET /api/calendars/<id>` has it. */
export interface RawEvent {
  start: { date?: string; dateTime?: string };
  end: { date?: string; dateTime?: string };
  summary: string;
  description: string | null;
  location: string | null;
  uid: string | null;
  recurrence_id: string | null;
  rrule: string | null;
}

export interface Event {
  key: string;
  calendar: string;
  raw: RawEvent;
  allDay: boolean;
  /** The first and the last day on which it is. */
  first: CalendarDate;
  last: CalendarDate;
  /** Milliseconds; of the day's beginning for those that are all day. */
  from: number;
  to: number;
}

export function eventOf(calendar: string, raw: RawEvent, zone: string): Event | null {
  const key = `${calendar} ${raw.uid ?? ''} ${raw.recurrence_id ?? ''} ${raw.start.date ?? raw.start.dateTime ?? ''} ${raw.summary}`;
  try {
    if (raw.start.date && raw.end.date) {
      const first = parseDate(raw.start.date);
      const last = parseDate(raw.end.date).subtract({ days: 1 }); // the end is the day after
      return { key, calendar, raw, allDay: true, first, last: last.compare(first) < 0 ? first : last, from: first.toDate(zone).getTime(), to: last.add({ days: 1 }).toDate(zone).getTime() };
    }
    const [from, to] = [Date.parse(raw.start.dateTime ?? ''), Date.parse(raw.end.dateTime ?? '')];
    if (!Number.isFinite(from) || !Number.isFinite(to)) return null;
    return { key, calendar, raw, allDay: false, first: dateAt(from, zone), last: dateAt(Math.max(from, to - 1), zone), from, to };
  } catch {
    return null; // a calendar that gives no dates
  }
}

/** Those of a day: what lasts all day first, then by time. */
export function onDay(events: readonly Event[], day: CalendarDate): Event[] {
  return events.filter((event) => event.first.compare(day) <= 0 && event.last.compare(day) >= 0).sort((a, b) => Number(b.allDay) - Number(a.allDay) || a.from - b.from || a.raw.summary.localeCompare(b.raw.summary));
}

export function days(first: CalendarDate, count: number): CalendarDate[] {
  return Array.from({ length: count }, (_each, at) => first.add({ days: at }));
}
