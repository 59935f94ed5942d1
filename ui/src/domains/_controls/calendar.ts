/** Events of calendars as the API tells them, and as a form edits them, by the home's clocks. Pure. */

import { addDays, localMoment, momentText } from './moments';

export interface CalendarEvent {
  start: { date?: string; dateTime?: string };
  end: { date?: string; dateTime?: string };
  summary: string;
  description?: string | null;
  location?: string | null;
  uid?: string | null;
  recurrence_id?: string | null;
  rrule?: string | null;
}

/** What the form holds; `end` of whole days is the last day itself. */
export interface EventForm {
  summary: string;
  allDay: boolean;
  start: string;
  end: string;
  description: string;
  location: string;
  rrule: string;
}

const HOUR_MS = 3_600_000;

export function formOf(event: CalendarEvent | null, zone: string, now = Date.now()): EventForm {
  if (!event) {
    const start = Math.ceil(now / HOUR_MS) * HOUR_MS;
    return { summary: '', allDay: false, start: momentText(start, zone), end: momentText(start + HOUR_MS, zone), description: '', location: '', rrule: '' };
  }
  const allDay = event.start.date !== undefined;
  return {
    summary: event.summary,
    allDay,
    start: allDay ? event.start.date! : localMoment(event.start.dateTime ?? '', zone),
    end: allDay ? addDays(event.end.date!, -1) : localMoment(event.end.dateTime ?? '', zone),
    description: event.description ?? '',
    location: event.location ?? '',
    rrule: event.rrule ?? '',
  };
}

/** The same moment with or without a time of day. */
export function asAllDay(form: EventForm, allDay: boolean): EventForm {
  if (allDay === form.allDay) return form;
  if (allDay) return { ...form, allDay, start: form.start.slice(0, 10), end: form.end.slice(0, 10) };
  return { ...form, allDay, start: `${form.start}T09:00`, end: `${form.end}T10:00` };
}

/** A key of the text that says what is wrong; null: nothing. */
export function problemOf(form: EventForm): 'needed' | 'calendar.order' | null {
  if (!form.summary.trim() || !form.start || !form.end) return 'needed';
  return form.allDay ? (form.end < form.start ? 'calendar.order' : null) : form.end <= form.start ? 'calendar.order' : null;
}

/** The `event` of `calendar/event/create` and `…/update`: times without a zone are the home's, and stay so when the clocks change. */
export function eventOf(form: EventForm): Record<string, string> {
  return {
    summary: form.summary.trim(),
    dtstart: form.allDay ? form.start : `${form.start}:00`,
    dtend: form.allDay ? addDays(form.end, 1) : `${form.end}:00`,
    ...(form.description ? { description: form.description } : {}),
    ...(form.location ? { location: form.location } : {}),
    ...(form.rrule ? { rrule: form.rrule } : {}),
  };
}
