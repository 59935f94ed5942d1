import { describe, expect, it } from 'vitest';
import { asAllDay, eventOf, formOf, problemOf } from './calendar';
import { hasBrightness, hasColour, rgbOf, rgbOfKelvin } from './color';
import { angleOf, snap, START, SWEEP, valueAt } from './dialMath';
import { addDays, isoOf, localMoment } from './moments';
import { matches } from './TextControl';
import { clockOf, secondsOf } from './time';

const RANGE = { min: 10, max: 30, step: 0.5 };

describe('a dial', () => {
  it('begins at the lower left, is in the middle at the top, ends at the lower right', () => {
    expect(angleOf(10, RANGE)).toBe(START);
    expect(angleOf(30, RANGE)).toBe(START + SWEEP);
    expect(valueAt(0.5, 0, RANGE)).toBe(20);
    expect(valueAt(0.1, 0.9, RANGE)).toBe(10);
    expect(valueAt(0.9, 0.9, RANGE)).toBe(30);
    expect([valueAt(0.45, 1, RANGE), valueAt(0.55, 1, RANGE)]).toEqual([10, 30]);
  });

  it('takes values that can be set, without binary dust', () => {
    expect(snap(19.9 + 0.1 + 0.26, RANGE)).toBe(20.5);
    expect(snap(99, RANGE)).toBe(30);
    expect(snap(0.30000000000000004, { min: 0, max: 1, step: 0.1 })).toBe(0.3);
  });
});

describe('lengths of time', () => {
  it('are read as the server writes them', () => {
    expect(['0:03:00', '1 day, 2:00:01', '12:00:00', 90, 'x', null].map(secondsOf)).toEqual([180, 93_601, 43_200, 90, 0, 0]);
    expect([65, 3661, 0, -5].map(clockOf)).toEqual(['1:05', '1:01:01', '0:00', '0:00']);
  });
});

describe('colours', () => {
  it('of hue and saturation', () => {
    expect(rgbOf(0, 100)).toEqual([255, 0, 0]);
    expect(rgbOf(120, 100)).toEqual([0, 255, 0]);
    expect(rgbOf(240, 0)).toEqual([255, 255, 255]);
  });

  it('of white: warm has less blue than cold', () => {
    expect(rgbOfKelvin(2000)[2]).toBeLessThan(rgbOfKelvin(6500)[2]);
    for (const kelvin of [500, 2700, 40_000]) for (const part of rgbOfKelvin(kelvin)) expect(part).toBeGreaterThanOrEqual(0);
  });

  it('say what a light can do', () => {
    expect([hasColour(['hs', 'color_temp']), hasColour(['brightness']), hasBrightness(['onoff']), hasBrightness(['color_temp'])]).toEqual([true, false, false, true]);
  });
});

describe('events of a calendar', () => {
  it('end on their last day, for people; on the day after it, for the server', () => {
    const form = formOf({ start: { date: '2026-02-27' }, end: { date: '2026-03-01' }, summary: 'Fair' }, 'America/Denver');
    expect(form).toMatchObject({ allDay: true, start: '2026-02-27', end: '2026-02-28' });
    expect(eventOf(form)).toEqual({ summary: 'Fair', dtstart: '2026-02-27', dtend: '2026-03-01' });
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
  });

  it('begin at the next full hour, last one, and may become a day', () => {
    const form = formOf(null, 'Asia/Tokyo', Date.parse('2026-01-31T13:05:00Z'));
    expect([form.start, form.end]).toEqual(['2026-01-31T23:00', '2026-02-01T00:00']);
    expect(asAllDay(form, true)).toMatchObject({ start: '2026-01-31', end: '2026-02-01' });
    expect(asAllDay(asAllDay(form, true), false).start).toBe('2026-01-31T09:00');
  });

  it('are read and written by the clocks of the home, wherever the browser is', () => {
    const event = { start: { dateTime: '2026-11-24T23:00:00-07:00' }, end: { dateTime: '2026-11-25T01:00:00-07:00' }, summary: 'Film' };
    const form = formOf(event, 'America/Denver');
    expect(form).toMatchObject({ start: '2026-11-24T23:00', end: '2026-11-25T01:00' });
    expect(eventOf(form)).toMatchObject({ dtstart: '2026-11-24T23:00:00', dtend: '2026-11-25T01:00:00' });
    expect([localMoment('later', 'UTC'), localMoment('2026-07-01T06:30:00Z', 'Europe/Berlin')]).toEqual(['', '2026-07-01T08:30']);
    expect(isoOf('2026-07-01T08:30', 'Europe/Berlin')).toBe('2026-07-01T06:30:00.000Z');
  });

  it('need words and an order', () => {
    const form = { ...formOf(null, 'UTC'), summary: 'x' };
    expect(problemOf({ ...form, summary: ' ' })).toBe('needed');
    expect(problemOf({ ...form, end: form.start })).toBe('calendar.order');
    expect(problemOf({ ...form, allDay: true, start: '2026-01-01', end: '2026-01-01' })).toBeNull();
  });
});

describe('a text field', () => {
  it('checks the whole text, and leaves patterns it does not know to the server', () => {
    expect([matches('[0-9]+', '12'), matches('[0-9]+', 'a12'), matches('a|b', 'ab'), matches('(?P<x>a)', 'anything')]).toEqual([true, false, false, true]);
  });
});
