import { useMemo } from 'react';
import { useEntitiesLoaded, useEntityIds, useSession } from '@/data/hooks';
import { idsOf, isRecord, type Piece } from '../model/types';

const ENTITY = /^[a-z0-9_]+\.[a-z0-9_]+$/;

/** Entities that a piece names and that are not there (any more); known again as soon as they come. */
export function useMissing(piece: Piece): readonly string[] {
  const { entities } = useSession();
  const loaded = useEntitiesLoaded();
  const ids = useEntityIds();
  return useMemo(() => {
    if (!loaded) return [];
    void ids; // another list: one came or went
    const named = [piece.entity_id, piece.zone, piece.scene, isRecord(piece.target) ? piece.target.entity_id : undefined];
    return named.flatMap((each) => (typeof each === 'string' || Array.isArray(each) ? idsOf(each) : [])).filter((id) => ENTITY.test(id) && !entities.get(id));
  }, [piece, entities, ids, loaded]);
}
