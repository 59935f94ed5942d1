/** Areas on their way to another place or floor: shown there at once, and back when the server refuses. */

import { useMemo, useState } from 'react';
import { type Area, type Floor, useSession } from '@/data';
import { useAct } from '@/data/useAct';
import { type FloorGroup, groupAreas, landing, type Moves, pending, sorted } from './grouping';

/** So long after the answer the server has told everybody of the new order. */
const TOLD_MS = 1500;

export function useMoves(areas: ReadonlyMap<string, Area>, floors: ReadonlyMap<string, Floor>, language: string): { groups: FloorGroup[]; move: (areaId: string, over: string) => void } {
  const session = useSession();
  const [, act] = useAct();
  const [asked, setAsked] = useState<Moves>(new Map());
  const [order, setOrder] = useState<readonly string[] | null>(null);
  const moves = useMemo(() => pending(asked, areas), [asked, areas]);
  const groups = useMemo(() => groupAreas(sorted(areas, order), floors.values(), moves, language), [areas, order, floors, moves, language]);

  const move = async (areaId: string, over: string) => {
    const landed = landing(groups, areaId, over);
    if (!landed) return;
    const isOtherFloor = areas.get(areaId)?.floor_id !== landed.floorId;
    setAsked(new Map(moves).set(areaId, landed.floorId));
    setOrder(landed.order);
    const worked = await act(async () => {
      if (isOtherFloor) await session.command('config/area_registry/update', { area_id: areaId, floor_id: landed.floorId });
      await session.command('config/area_registry/reorder', { area_ids: landed.order });
    });
    if (!worked) {
      setAsked((now) => {
        const left = new Map(now);
        left.delete(areaId);
        return left;
      });
    }
    setTimeout(() => setOrder((now) => (now === landed.order ? null : now)), worked ? TOLD_MS : 0);
  };
  return { groups, move: (areaId, over) => void move(areaId, over) };
}
