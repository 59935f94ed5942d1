import { describe, expect, it } from 'vitest';
import { beginningOf, blocksFit, durationText, FIELDS, itemOf, problemOf } from './kinds';

describe('helpers that are items', () => {
  it('begin with what is usual and need only a name', () => {
    for (const kind of Object.keys(FIELDS)) {
      const begun = beginningOf(kind);
      expect(problemOf(kind, begun), kind).toBe('problem.needed');
      expect(problemOf(kind, { ...begun, name: 'A', options: ['a'] }), kind).toBeNull();
    }
  });

  it('say what does not fit together', () => {
    expect(problemOf('input_number', { name: 'A', min: 5, max: 5 })).toBe('problem.range');
    expect(problemOf('counter', { name: 'A', minimum: 9, maximum: 1 })).toBe('problem.range');
    expect(problemOf('input_datetime', { name: 'A', has_date: false, has_time: false })).toBe('problem.dateOrTime');
    expect(problemOf('schedule', { name: 'A', friday: [{ from: '10:00', to: '09:00' }] })).toBe('problem.blocks');
  });

  it('send no empty fields, durations as the server writes them, all days of a week', () => {
    expect(itemOf('timer', { name: 'Tea', icon: '', duration: { hours: 0, minutes: 3, seconds: 5 } })).toEqual({ name: 'Tea', duration: '0:03:05' });
    expect(durationText({ days: 1, hours: 2 })).toBe('26:00:00');
    expect(itemOf('schedule', { name: 'A', sunday: [{ from: '08:00:00', to: '09:00:00' }] })).toMatchObject({ monday: [], sunday: [{ from: '08:00:00', to: '09:00:00' }] });
  });

  it('have blocks that touch but do not overlap, and may end at midnight', () => {
    expect(blocksFit([{ from: '08:00', to: '09:00' }, { from: '09:00', to: '00:00' }])).toBe(true);
    expect(blocksFit([{ from: '08:00', to: '09:30' }, { from: '09:00', to: '10:00' }])).toBe(false);
    expect(blocksFit([{ from: '', to: '09:30' }])).toBe(false);
  });
});
