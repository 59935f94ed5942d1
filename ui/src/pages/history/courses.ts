/** The course of states over a time, gathered from what `history/stream` sends. Pure: no React, no clock. */

import type { Attributes } from '@/data/types';

export interface Sample {
  /** Milliseconds since 1970. */
  at: number;
  state: string;
  /** Only of entities whose attributes are drawn, too. */
  attributes?: Attributes;
}

/** By entity id, ascending times. */
export type Courses = ReadonlyMap<string, readonly Sample[]>;

export interface StreamMessage {
  states: Record<string, { s: string; a?: Attributes; lc?: number; lu: number }[]>;
  start_time?: number;
  end_time?: number;
}

/** The courses with what a message adds; what ended before `from` is dropped, but for the state that held then. */
export function withMessage(courses: Courses, message: StreamMessage, from: number): Courses {
  const next = new Map(courses);
  for (const [id, points] of Object.entries(message.states)) {
    const samples = [...(next.get(id) ?? [])];
    for (const point of points) {
      const at = Math.max(from, (point.lc ?? point.lu) * 1000);
      const last = samples.at(-1);
      if (last && at < last.at) continue; // told twice, at the seam of past and present
      const sample: Sample = { at, state: point.s, ...(point.a ? { attributes: point.a } : {}) };
      if (last?.at === at) samples[samples.length - 1] = sample;
      else samples.push(sample);
    }
    next.set(id, samples);
  }
  return next;
}

/** Only what is still within a window that has moved on; the state that held at its beginning stands there. */
export function since(samples: readonly Sample[], from: number): readonly Sample[] {
  let first = samples.findIndex((sample) => sample.at > from);
  if (first === 0) return samples;
  if (first === -1) first = samples.length;
  const held = samples[first - 1];
  return held ? [{ ...held, at: from }, ...samples.slice(first)] : samples;
}

export function numberIn(text: unknown): number | null {
  if (typeof text === 'number') return Number.isFinite(text) ? text : null;
  if (typeof text !== 'string' || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
