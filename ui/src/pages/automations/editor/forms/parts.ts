/** What forms do with a piece: an entry set, or taken out when it is empty. */

import type { Piece } from '../../model/types';

export function withEntry(piece: Piece, key: string, value: unknown): Piece {
  if (value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)) return { ...piece, [key]: value };
  const { [key]: _gone, ...rest } = piece;
  return rest;
}

/** One of a list alone, several as a list: as people write it. */
export const oneOrMany = (ids: readonly string[]): unknown => (ids.length === 1 ? ids[0] : ids);

/** A length of time with something in it, or nothing. */
export function someTime(value: unknown): unknown {
  if (value && typeof value === 'object' && Object.values(value).every((each) => !each)) return undefined;
  return value;
}
