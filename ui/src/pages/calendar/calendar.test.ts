import { describe, expect, it } from 'vitest';
import { parseDate } from '@internationalized/date';
import { draftOf, eventFields, mistakeIn, newDraft, withAllDay, withFrom } from './draft';
import { eventOf, onDay, type RawEvent } from './events';
import { readRule, writeRule } from './rule';

const raw = (more: Partial<RawEvent>): RawEvent => ({ start: {}, end: {}, summary: 'x', description: null, location: null, uid: 'u', recurrence_id: null, rrule: null, ...more });

describe('events', () => {
  it('that are all day end on the day before their end', () => {
    const event = eventOf('calendar.a', raw({ start: { date: '2026-11-21' }, end: { date: '2026-11-23' } }), 'Europe/Berlin')!;
    expect([event.first.toString(), event.last.toString()]).toEqual(['2026-11-21', '2026-11-22']);
    expect(onDay([event], parseDate('2026-11-22'))).toHaveLength(1);
    expect(onDay([event], parseDate('2026-11-23'))).toHaveLength(0);
  });
  it('that end at midnight are not on the next day', () => {
    const event = eventOf('calendar.a', raw({ start: { dateTime: '2026-11-21T22:00:00+01:00' }, end: { dateTime: '2026-11-22T00:00:00+01:00' } }), 'Europe/Berlin')!;
    expect(event.last.toString()).toBe('2026-11-21');
    expect(eventOf('calendar.a', raw({ start: { dateTime: 'soon' } }), 'UTC')).toBeNull();
  });
  it('come back from their form as they were', () => {
    const event = eventOf('calendar.a', raw({ start: { dateTime: '2026-11-21T22:00:00+01:00' }, end: { dateTime: '2026-11-22T00:30:00+01:00' }, rrule: 'FREQ=WEEKLY;BYDAY=MO' }), 'Europe/Berlin')!;
    expect(eventFields(draftOf(event, 'Europe/Berlin'))).toEqual({ summary: 'x', dtstart: '2026-11-21T22:00:00', dtend: '2026-11-22T00:30:00', rrule: 'FREQ=WEEKLY;BYDAY=MO' });
  });
});

describe('the form', () => {
  const draft = { ...newDraft('calendar.a', parseDate('2026-11-21')), summary: 'Dinner' };
  it('keeps the length when the beginning moves', () => {
    expect(withFrom(draft, '2026-11-22T23:30').to).toBe('2026-11-23T00:30');
    expect(withFrom({ ...withAllDay(draft, true), toDate: '2026-11-23' }, '2026-12-01').toDate).toBe('2026-12-03');
  });
  it('knows what is wrong', () => {
    expect(mistakeIn(draft)).toBeNull();
    expect(mistakeIn({ ...draft, summary: ' ' })).toBe('summary');
    expect(mistakeIn({ ...draft, to: draft.from })).toBe('order');
    expect(mistakeIn({ ...draft, from: '' })).toBe('dates');
    expect(eventFields(withAllDay(draft, true))).toMatchObject({ dtstart: '2026-11-21', dtend: '2026-11-22' });
  });
});

describe('repetitions', () => {
  it('go through the form and back', () => {
    for (const rule of ['FREQ=DAILY', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR', 'FREQ=MONTHLY;COUNT=5', 'FREQ=YEARLY;UNTIL=20300101T235959']) expect(writeRule(readRule(rule), false)).toBe(rule);
  });
  it('that the form does not know stay as they are', () => {
    expect(readRule('FREQ=MONTHLY;BYDAY=2TU')).toEqual({ kind: 'other', rule: 'FREQ=MONTHLY;BYDAY=2TU' });
    expect(writeRule(readRule('FREQ=MONTHLY;BYDAY=2TU'), true)).toBe('FREQ=MONTHLY;BYDAY=2TU');
    expect(writeRule(readRule(null), true)).toBeNull();
  });
});
