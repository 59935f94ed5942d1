/** A time that somebody looks at: one of the usual ones, which go on to now, or from one moment to another. */

import { dateAt, startOfDate } from './zoned';

export const PRESETS = ['1h', '6h', '24h', 'today', 'yesterday', '7d', '30d', '365d'] as const;
export type Preset = (typeof PRESETS)[number];
export type PeriodChoice = { preset: Preset } | { from: number; to: number };

export interface Period {
  from: number;
  to: number;
  /** Ends now, and goes on. */
  live: boolean;
}

const HOUR = 3_600_000;
const LENGTHS: Partial<Record<Preset, number>> = { '1h': HOUR, '6h': 6 * HOUR, '24h': 24 * HOUR, '7d': 168 * HOUR, '30d': 720 * HOUR, '365d': 8760 * HOUR };

export function periodOf(choice: PeriodChoice, now: number, zone: string): Period {
  if (!('preset' in choice)) return { ...choice, live: choice.to > now };
  const today = dateAt(now, zone);
  if (choice.preset === 'yesterday') return { from: startOfDate(today.subtract({ days: 1 }), zone), to: startOfDate(today, zone), live: false };
  if (choice.preset === 'today') return { from: startOfDate(today, zone), to: now, live: true };
  return { from: now - (LENGTHS[choice.preset] ?? 0), to: now, live: true };
}

/** The choice in an address; `fallback` when it holds none, or nonsense. */
export function choiceFrom(params: URLSearchParams, fallback: PeriodChoice): PeriodChoice {
  const preset = params.get('period');
  if (preset && (PRESETS as readonly string[]).includes(preset)) return { preset: preset as Preset };
  const from = Date.parse(params.get('start_date') ?? '');
  const to = Date.parse(params.get('end_date') ?? '');
  return Number.isFinite(from) && Number.isFinite(to) && from < to ? { from, to } : fallback;
}

/** The choice written into an address; other parameters stay. */
export function withChoice(params: URLSearchParams, choice: PeriodChoice): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const name of ['period', 'start_date', 'end_date']) next.delete(name);
  if ('preset' in choice) next.set('period', choice.preset);
  else {
    next.set('start_date', new Date(choice.from).toISOString());
    next.set('end_date', new Date(choice.to).toISOString());
  }
  return next;
}
