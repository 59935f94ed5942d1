/** Values of a slider by place and by key, and when a finger means it. Pure. */

export interface Scale {
  min: number;
  max: number;
  step: number;
}

/** Pixels from which a finger means the slider, and not the page below it. */
export const MEANT = 6;

/** Steps that a page key makes. */
const PAGE = 10;

/** The value that can be set nearest to this one, without binary dust. */
export function nearest(value: number, { min, max, step }: Scale): number {
  const digits = Math.min(6, Math.max((String(step).split('.')[1] ?? '').length, (String(min).split('.')[1] ?? '').length));
  const stepped = min + Math.round((value - min) / step) * step;
  return Number(Math.min(max, Math.max(min, stepped)).toFixed(digits));
}

/** The value at a share of the length (0 to 1). */
export const valueAt = (share: number, scale: Scale): number => nearest(scale.min + Math.min(1, Math.max(0, share)) * (scale.max - scale.min), scale);

export function shareOf(value: number, { min, max }: Scale): number {
  return max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
}

/** What a key makes of the value; null: it is not for the slider. */
export function keyed(key: string, value: number, scale: Scale): number | null {
  const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: PAGE, PageDown: -PAGE }[key];
  if (by !== undefined) return nearest(value + by * scale.step, scale);
  if (key === 'Home') return scale.min;
  return key === 'End' ? scale.max : null;
}
