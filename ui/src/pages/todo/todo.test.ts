import { describe, expect, it } from 'vitest';
import { can, dueFields, type Item, moved, urgency } from './todo';

const item = (uid: string): Item => ({ uid, summary: uid, status: 'needs_action', due: null, description: null });

describe('to-do lists', () => {
  it('move an item behind another, or first', () => {
    const items = ['a', 'b', 'c'].map(item);
    expect(moved(items, 'a', 'c')).toMatchObject({ behind: 'c' });
    expect(moved(items, 'c', 'a').items.map((each) => each.uid)).toEqual(['c', 'a', 'b']);
    expect(moved(items, 'c', 'a').behind).toBeNull();
    expect(moved(items, 'gone', 'a').items).toEqual(items);
  });
  it('know what is late', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(urgency('2026-11-20', '2026-11-21', now)).toBe('late');
    expect(urgency('2026-11-21', '2026-11-21', now)).toBe('today');
    expect(urgency('2026-11-21T11:00:00+00:00', '2026-11-21', now)).toBe('late');
    expect(urgency('2026-12-01', '2026-11-21', now)).toBe('later');
    expect(urgency(null, '2026-11-21', now)).toBeNull();
  });
  it('ask for what the list can keep', () => {
    expect(can(127, 'move')).toBe(true);
    expect(can(undefined, 'move')).toBe(false);
    expect(dueFields('2026-11-21', '10:30', 48)).toEqual({ due_datetime: '2026-11-21 10:30:00' });
    expect(dueFields('2026-11-21', '', 48)).toEqual({ due_date: '2026-11-21' });
    expect(dueFields('', '', 16)).toEqual({ due_date: null });
  });
});
