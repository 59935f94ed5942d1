/** The pieces of a row of states. Pure. */

import type { Sample } from './courses';

export interface Piece {
  from: number;
  to: number;
  /** null: several states, too short to be told apart. */
  state: string | null;
}

/**
 * One piece for each time in one state, from the first sample to `to`.
 *
 * What would be narrower than `least` milliseconds is drawn together with its neighbours, so that a week of a busy
 * motion sensor is hundreds of pieces and not tens of thousands.
 */
export function pieces(samples: readonly Sample[], to: number, least = 0): Piece[] {
  const found: Piece[] = [];
  for (const [index, sample] of samples.entries()) {
    const end = Math.min(to, samples[index + 1]?.at ?? to);
    if (end <= sample.at) continue;
    const last = found.at(-1);
    if (last?.state === sample.state) last.to = end;
    else if (last && end - sample.at < least && last.to - last.from < least) {
      last.to = end;
      last.state = null;
    } else found.push({ from: sample.at, to: end, state: sample.state });
  }
  return found;
}

/** How long each state held, the longest first. */
export function durations(samples: readonly Sample[], to: number): [string, number][] {
  const total = new Map<string, number>();
  for (const piece of pieces(samples, to)) if (piece.state !== null) total.set(piece.state, (total.get(piece.state) ?? 0) + piece.to - piece.from);
  return [...total].sort((a, b) => b[1] - a[1]);
}

/** The piece at a moment. */
export function pieceAt(list: readonly Piece[], at: number): Piece | undefined {
  return list.find((piece) => piece.from <= at && at < piece.to);
}
