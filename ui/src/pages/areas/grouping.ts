/** Areas under their floors, the highest floor first; those on no floor at the end. */

import type { Area, Floor } from '@/data/types';

export interface FloorGroup {
  /** null: on no floor. */
  floor: Floor | null;
  areas: readonly Area[];
}

/** Where areas were just moved to, until the server has said so. */
export type Moves = ReadonlyMap<string, string | null>;

export const floorOf = (area: Area, moves: Moves): string | null => (moves.has(area.area_id) ? moves.get(area.area_id)! : area.floor_id);

export function groupAreas(areas: Iterable<Area>, floors: Iterable<Floor>, moves: Moves, language: string): FloorGroup[] {
  const byName = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const sorted = [...floors].sort((a, b) => (b.level ?? -1000) - (a.level ?? -1000) || byName.compare(a.name, b.name));
  const inside = new Map<string | null, Area[]>(sorted.map((floor) => [floor.floor_id, []]));
  inside.set(null, []);
  for (const area of areas) {
    const floor = floorOf(area, moves);
    (inside.get(floor) ?? inside.get(null)!).push(area); // a floor that has just gone: on none
  }
  for (const list of inside.values()) list.sort((a, b) => byName.compare(a.name, b.name));
  return [...sorted.map((floor) => ({ floor, areas: inside.get(floor.floor_id)! })), { floor: null, areas: inside.get(null)! }];
}

/** Moves that the registry does not know of yet. */
export function pending(moves: Moves, areas: ReadonlyMap<string, Area>): Moves {
  const left = [...moves].filter(([id, floor]) => areas.has(id) && areas.get(id)!.floor_id !== floor);
  return left.length === moves.size ? moves : new Map(left);
}
