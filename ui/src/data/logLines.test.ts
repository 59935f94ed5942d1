import { describe, expect, it } from 'vitest';
import { withEvent } from './logLines';

const event = { lines: ['a'], skipped: 0, is_kept: false };

describe('lines of the log', () => {
  it('are added, and begin anew with what the server kept', () => {
    const first = withEvent(null, { ...event, is_kept: true });
    const second = withEvent(first, { lines: ['b'], skipped: 3, is_kept: false });
    expect(second).toMatchObject({ lines: ['a', 'b'], skipped: 3 });
    expect(withEvent(second, { lines: ['c'], skipped: 0, is_kept: true })).toMatchObject({ lines: ['c'], skipped: 0 });
  });

  it('are bounded, the newest stay', () => {
    const many = withEvent(withEvent(null, event), { ...event, lines: Array.from({ length: 5000 }, (_, number) => `${number}`) });
    expect(many.lines).toHaveLength(2000);
    expect(many.lines.at(-1)).toBe('4999');
  });

  it('keep what a program printed until there is news', () => {
    const told = withEvent(null, { ...event, program: ['hello'], dropped_lines: 2 });
    expect(withEvent(told, event)).toMatchObject({ program: ['hello'], dropped: 2 });
    expect(withEvent(told, { ...event, program: null, dropped_lines: 0 })).toMatchObject({ program: null, dropped: 0 });
  });
});
