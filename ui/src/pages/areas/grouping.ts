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

/** What can be dropped on: an area, whose place is taken, or a floor (null: none), to whose end one comes. */
export const overArea = (areaId: string): string => `area:${areaId}`;
export const overFloor = (floorId: string | null): string => `floor:${floorId ?? ''}`;

export interface Landing {
  floorId: string | null;
  /** All areas in their new order. */
  order: string[];
}

/** Where an area comes to stand that is dropped there; null: where it was. */
export function landing(groups: readonly FloorGroup[], areaId: string, over: string): Landing | null {
  const lists = groups.map((group) => group.areas.map((area) => area.area_id));
  const from = lists.findIndex((list) => list.includes(areaId));
  const onto = over.startsWith('area:') ? over.slice(5) : null;
  const to = onto === null ? groups.findIndex((group) => overFloor(group.floor?.floor_id ?? null) === over) : lists.findIndex((list) => list.includes(onto));
  if (from < 0 || to < 0 || onto === areaId) return null;
  const before = lists.flat().join();
  // Within a list the place that is taken is counted with the area still in it: it comes behind what it passes.
  const at = onto === null ? Infinity : lists[to]!.indexOf(onto);
  lists[from] = lists[from]!.filter((id) => id !== areaId);
  lists[to]!.splice(at, 0, areaId);
  const order = lists.flat();
  return from === to && order.join() === before ? null : { floorId: groups[to]!.floor?.floor_id ?? null, order };
}

/** The areas as the server has them, or in this order. */
export function sorted(areas: ReadonlyMap<string, Area>, order: readonly string[] | null): Area[] {
  const all = [...areas.values()];
  if (!order) return all;
  const place = new Map(order.map((id, index) => [id, index]));
  return all.sort((a, b) => (place.get(a.area_id) ?? Infinity) - (place.get(b.area_id) ?? Infinity) || 0);
}

/** In the order of the areas. */
export function groupAreas(areas: Iterable<Area>, floors: Iterable<Floor>, moves: Moves, language: string): FloorGroup[] {
  const byName = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const shown = [...floors].sort((a, b) => (b.level ?? -1000) - (a.level ?? -1000) || byName.compare(a.name, b.name));
  const inside = new Map<string | null, Area[]>(shown.map((floor) => [floor.floor_id, []]));
  inside.set(null, []);
  for (const area of areas) {
    const floor = floorOf(area, moves);
    (inside.get(floor) ?? inside.get(null)!).push(area); // a floor that has just gone: on none
  }
  return [...shown.map((floor) => ({ floor, areas: inside.get(floor.floor_id)! })), { floor: null, areas: inside.get(null)! }];
}

/** Moves that the registry does not know of yet. */
export function pending(moves: Moves, areas: ReadonlyMap<string, Area>): Moves {
  const left = [...moves].filter(([id, floor]) => areas.has(id) && areas.get(id)!.floor_id !== floor);
  return left.length === moves.size ? moves : new Map(left);
}
