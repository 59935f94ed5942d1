/** An event while it is being written. Pure. Days and times are the home's. */

import { parseDate, parseDateTime, toCalendarDate, toCalendarDateTime, fromAbsolute, type CalendarDate } from '@internationalized/date';
import type { Event } from './events';
import { readRule, type Repeat, writeRule } from './rule';

export interface Draft {
  calendar: string;
  summary: string;
  allDay: boolean;
  /** `2026-11-21`; the last day counts. */
  fromDate: string;
  toDate: string;
  /** `2026-11-21T18:00` */
  from: string;
  to: string;
  location: string;
  description: string;
  repeat: Repeat;
}

const minutes = (at: number, zone: string) => toCalendarDateTime(fromAbsolute(at, zone)).toString().slice(0, 16);

export function newDraft(calendar: string, day: CalendarDate): Draft {
  const date = day.toString();
  return { calendar, summary: '', allDay: false, fromDate: date, toDate: date, from: `${date}T12:00`, to: `${date}T13:00`, location: '', description: '', repeat: { kind: 'never' } };
}

export function draftOf(event: Event, zone: string): Draft {
  const { raw } = event;
  const [from, to] = event.allDay ? [`${event.first}T12:00`, `${event.first}T13:00`] : [minutes(event.from, zone), minutes(event.to, zone)];
  return { calendar: event.calendar, summary: raw.summary, allDay: event.allDay, fromDate: event.first.toString(), toDate: event.last.toString(), from, to, location: raw.location ?? '', description: raw.description ?? '', repeat: readRule(raw.rrule) };
}

/** What keeps it from being saved: the name of a text; null: nothing. */
export function mistakeIn(draft: Draft): 'summary' | 'dates' | 'order' | null {
  if (!draft.summary.trim()) return 'summary';
  try {
    const [from, to] = draft.allDay ? [parseDate(draft.fromDate), parseDate(draft.toDate)] : [parseDateTime(draft.from), parseDateTime(draft.to)];
    const apart = toCalendarDateTime(to).compare(toCalendarDateTime(from));
    return apart < 0 || (!draft.allDay && apart === 0) ? 'order' : null;
  } catch {
    return 'dates';
  }
}

/** As `calendar/event/create` takes it. */
export function eventFields(draft: Draft): Record<string, string> {
  const rule = writeRule(draft.repeat, draft.allDay);
  return {
    summary: draft.summary.trim(),
    dtstart: draft.allDay ? draft.fromDate : `${draft.from}:00`,
    dtend: draft.allDay ? parseDate(draft.toDate).add({ days: 1 }).toString() : `${draft.to}:00`,
    ...(draft.location ? { location: draft.location } : {}),
    ...(draft.description ? { description: draft.description } : {}),
    ...(rule ? { rrule: rule } : {}),
  };
}

/** The draft with another beginning; the end goes along. */
export function withFrom(draft: Draft, from: string): Draft {
  try {
    if (draft.allDay) {
      const length = parseDate(draft.toDate).compare(parseDate(draft.fromDate));
      return { ...draft, fromDate: from, toDate: parseDate(from).add({ days: Math.max(0, length) }).toString() };
    }
    const [before, after] = [parseDateTime(draft.from), parseDateTime(from)];
    const length = parseDateTime(draft.to).compare(before);
    return { ...draft, from, to: after.add({ milliseconds: Math.max(0, length) }).toString().slice(0, 16) };
  } catch {
    return draft.allDay ? { ...draft, fromDate: from } : { ...draft, from };
  }
}

/** All day or not: the days stay. */
export function withAllDay(draft: Draft, allDay: boolean): Draft {
  try {
    if (allDay) return { ...draft, allDay, fromDate: toCalendarDate(parseDateTime(draft.from)).toString(), toDate: toCalendarDate(parseDateTime(draft.to)).toString() };
    return { ...draft, allDay, from: `${draft.fromDate}${draft.from.slice(10)}`, to: `${draft.toDate}${draft.to.slice(10)}` };
  } catch {
    return { ...draft, allDay };
  }
}
