import type { Piece } from '../model/types';
import type { Say } from './say';

/** "above 20 and below Outside temperature". */
export function limitWords(piece: Piece, say: Say): string {
  const limit = (value: unknown) => (typeof value === 'string' && value.includes('.') && Number.isNaN(Number(value)) ? say.entities(value) : String(value));
  return say.list(
    (['above', 'below'] as const).filter((key) => piece[key] !== undefined && piece[key] !== null).map((key) => say.t(`says.${key}`, { value: limit(piece[key]) })),
  );
}
