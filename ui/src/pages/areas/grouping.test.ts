import { describe, expect, it } from 'vitest';
import type { Area, Floor } from '@/data/types';
import { groupAreas, pending } from './grouping';

const area = (id: string, floor: string | null): Area => ({ area_id: id, name: id, floor_id: floor, icon: null, picture: null, labels: [], aliases: [] });
const floor = (id: string, level: number | null): Floor => ({ floor_id: id, name: id, level, icon: null, aliases: [] });
const shown = (groups: ReturnType<typeof groupAreas>) => groups.map((each) => [each.floor?.floor_id ?? null, each.areas.map((one) => one.area_id)]);

describe('areas under their floors', () => {
  it('has the highest floor first and those on none last', () => {
    const groups = groupAreas([area('b', 'ground'), area('a', 'ground'), area('x', null)], [floor('ground', 0), floor('up', 1), floor('shed', null)], new Map(), 'en');
    expect(shown(groups)).toEqual([['up', []], ['ground', ['a', 'b']], ['shed', []], [null, ['x']]]);
  });

  it('shows a move before the server has told it, and an area of a floor that has gone on none', () => {
    const groups = groupAreas([area('a', 'ground'), area('b', 'gone')], [floor('ground', 0), floor('up', 1)], new Map([['a', 'up']]), 'en');
    expect(shown(groups)).toEqual([['up', ['a']], ['ground', []], [null, ['b']]]);
  });

  it('forgets moves that have happened', () => {
    const areas = new Map([['a', area('a', 'up')], ['b', area('b', null)]]);
    expect([...pending(new Map<string, string | null>([['a', 'up'], ['b', 'up'], ['gone', null]]), areas)]).toEqual([['b', 'up']]);
    const waiting = new Map([['b', 'up']]);
    expect(pending(waiting, areas)).toBe(waiting);
  });
});
