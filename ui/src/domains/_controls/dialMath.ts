/** Angles of the dial: it begins at the lower left and ends at the lower right, over the top. */

export const START = 135;
export const SWEEP = 270;
const SIZE = 300;
const CENTRE = SIZE / 2;
const RADIUS = 125;

export interface Range {
  min: number;
  max: number;
  step: number;
}

export const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));

/** The nearest value that can be set, free of binary dust (19.900000000000002). */
export function snap(value: number, { min, max, step }: Range): number {
  const steps = Math.round((clamp(value, min, max) - min) / step);
  return clamp(Number((min + steps * step).toFixed(4)), min, max);
}

export const angleOf = (value: number, { min, max }: Range): number => START + SWEEP * (max > min ? clamp((value - min) / (max - min), 0, 1) : 0);

export function pointAt(angle: number, radius = RADIUS): [number, number] {
  const radians = (angle * Math.PI) / 180;
  return [CENTRE + radius * Math.cos(radians), CENTRE + radius * Math.sin(radians)];
}

/** An SVG path from one angle to a larger one. */
export function arcPath(from: number, to: number): string {
  const [startX, startY] = pointAt(from);
  const [endX, endY] = pointAt(to);
  const large = to - from > 180 ? 1 : 0;
  return `M ${startX.toFixed(2)} ${startY.toFixed(2)} A ${RADIUS} ${RADIUS} 0 ${large} 1 ${endX.toFixed(2)} ${endY.toFixed(2)}`;
}

/** The value under a point of the square in which the dial is drawn (0..1 in both directions). */
export function valueAt(x: number, y: number, range: Range): number {
  const degrees = (Math.atan2(y - 0.5, x - 0.5) * 180) / Math.PI;
  let along = (degrees - START + 720) % 360;
  // Below, between the two ends: the nearer one.
  if (along > SWEEP) along = along > SWEEP + (360 - SWEEP) / 2 ? 0 : SWEEP;
  return snap(range.min + (along / SWEEP) * (range.max - range.min), range);
}

export const VIEW = `0 0 ${SIZE} ${SIZE}`;
