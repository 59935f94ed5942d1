import { describe, expect, it } from 'vitest';
import type { Area, Floor } from '@/data/types';
import { groupAreas, landing, overArea, overFloor, pending, sorted } from './grouping';

const area = (id: string, floor: string | null): Area => ({ area_id: id, name: id, floor_id: floor, icon: null, picture: null, labels: [], aliases: [] });
const floor = (id: string, level: number | null): Floor => ({ floor_id: id, name: id, level, icon: null, aliases: [] });
const shown = (groups: ReturnType<typeof groupAreas>) => groups.map((each) => [each.floor?.floor_id ?? null, each.areas.map((one) => one.area_id)]);

describe('areas under their floors', () => {
  it('has the highest floor first and those on none last, areas in their order', () => {
    const groups = groupAreas([area('b', 'ground'), area('a', 'ground'), area('x', null)], [floor('ground', 0), floor('up', 1), floor('shed', null)], new Map(), 'en');
    expect(shown(groups)).toEqual([['up', []], ['ground', ['b', 'a']], ['shed', []], [null, ['x']]]);
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

  describe('dropped', () => {
    const groups = groupAreas([area('a', 'up'), area('b', 'up'), area('c', 'up'), area('x', null)], [floor('up', 1), floor('down', 0)], new Map(), 'en');

    it('take the place of what they are dropped on', () => {
      expect(landing(groups, 'a', overArea('c'))).toEqual({ floorId: 'up', order: ['b', 'c', 'a', 'x'] });
      expect(landing(groups, 'c', overArea('a'))).toEqual({ floorId: 'up', order: ['c', 'a', 'b', 'x'] });
      expect(landing(groups, 'x', overArea('b'))).toEqual({ floorId: 'up', order: ['a', 'x', 'b', 'c'] });
    });

    it('come to the end of a floor, or of none', () => {
      expect(landing(groups, 'a', overFloor('down'))).toEqual({ floorId: 'down', order: ['b', 'c', 'a', 'x'] });
      expect(landing(groups, 'b', overFloor(null))).toEqual({ floorId: null, order: ['a', 'c', 'x', 'b'] });
    });

    it('stay where they were', () => {
      expect(landing(groups, 'a', overArea('a'))).toBeNull();
      expect(landing(groups, 'c', overFloor('up'))).toBeNull();
      expect(landing(groups, 'gone', overFloor('up'))).toBeNull();
    });

    it('are shown in the new order before the server has told it', () => {
      const areas = new Map([['a', area('a', null)], ['b', area('b', null)], ['new', area('new', null)]]);
      expect(sorted(areas, ['b', 'a']).map((each) => each.area_id)).toEqual(['b', 'a', 'new']);
      expect(sorted(areas, null).map((each) => each.area_id)).toEqual(['a', 'b', 'new']);
    });
  });
});
