import { describe, expect, it } from 'vitest';
import { fits, fitting, levelName, linesOf, type Problem } from './log';

const problem: Problem = { name: 'marge.bridges.mqtt', message: ['no answer', 'still no answer'], level: 'WARNING', source: ['bridges/mqtt/bridge.py', 73], timestamp: 2, first_occurred: 1, exception: '', count: 2 };
const TEXT = '2026-11-21T20:00:00Z WARNING [marge.mqtt] slow broker\n2026-11-21T20:00:01Z ERROR [marge.core] broken\nTraceback\n  in there\n';

describe('problems', () => {
  it('are found by level and by words of message, logger and place', () => {
    expect(fits(problem, new Set(), 'mqtt answer')).toBe(true);
    expect(fits(problem, new Set(['ERROR']), '')).toBe(false);
    expect(fits(problem, new Set(['WARNING']), 'bridge.py:73')).toBe(true);
    expect(fits(problem, new Set(), 'zigbee')).toBe(false);
  });
});

describe('lines', () => {
  it('know their level; a stack belongs to the line before', () => {
    expect(linesOf(TEXT).map((line) => line.level)).toEqual(['WARNING', 'ERROR', null, null]);
    expect(fitting(linesOf(TEXT), new Set(['ERROR']), 'there').map((line) => line.text)).toEqual(['2026-11-21T20:00:01Z ERROR [marge.core] broken', 'Traceback', '  in there']);
    expect(fitting(linesOf(TEXT), new Set(), 'slow')).toHaveLength(1);
    expect(linesOf('')).toEqual([]);
  });
  it('have the level that their number means', () => {
    expect([50, 40, 30, 20, 10, 0].map(levelName)).toEqual(['CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG', 'DEBUG']);
  });
});
