/** Which time the dashboard shows, and the pieces into which it is cut. Pure. */

import type { CalendarDate } from '@internationalized/date';
import { addUnits, type CalendarUnit, dateAt, firstDate, startOfDate, unitAround } from '@/data/zoned';

export interface View {
  unit: CalendarUnit;
  date: CalendarDate;
}

export interface Span {
  from: number;
  to: number;
}

export interface Bucket extends Span {
  /** The bucket of the period before that it is compared with: by place, not by date. */
  index: number;
}

export const UNITS: readonly CalendarUnit[] = ['day', 'week', 'month', 'year'];
/** Of statistics. */
export const PERIOD: Record<CalendarUnit, 'hour' | 'day' | 'month'> = { day: 'hour', week: 'day', month: 'day', year: 'month' };

export const spanOf = (view: View, zone: string, locale: string): Span => unitAround(view.date, view.unit, zone, locale);

export const moved = (view: View, steps: number): View => ({ unit: view.unit, date: addUnits(view.date, steps, view.unit) });

/** Hours of a day (23 or 25 when clocks change), days of a week or month, months of a year. */
export function bucketsOf(view: View, zone: string, locale: string): Bucket[] {
  const { from, to } = spanOf(view, zone, locale);
  const starts: number[] = [];
  if (view.unit === 'day') for (let at = from; at < to; at += 3_600_000) starts.push(at);
  else {
    const step: CalendarUnit = view.unit === 'year' ? 'month' : 'day';
    const first = firstDate(view.date, view.unit, locale);
    for (let count = 0; ; count += 1) {
      const at = startOfDate(addUnits(first, count, step), zone);
      if (at >= to) break;
      starts.push(at);
    }
  }
  return starts.map((at, index) => ({ from: at, to: starts[index + 1] ?? to, index }));
}

export interface Row {
  /** Milliseconds. */
  start: number;
  change?: number | null;
}

/** What several statistics changed by in each bucket. */
export function perBucket(buckets: readonly Bucket[], rows: Readonly<Record<string, readonly Row[] | undefined>>, ids: readonly string[]): number[] {
  const values = buckets.map(() => 0);
  for (const id of ids) {
    for (const row of rows[id] ?? []) {
      const at = buckets.findIndex((bucket) => bucket.from <= row.start && row.start < bucket.to);
      if (at >= 0) values[at]! += row.change ?? 0;
    }
  }
  return values;
}

export function viewFrom(params: URLSearchParams, now: number, zone: string, parse: (text: string | null) => CalendarDate | null): View {
  const unit = params.get('view') as CalendarUnit;
  return { unit: UNITS.includes(unit) ? unit : 'day', date: parse(params.get('date')) ?? dateAt(now, zone) };
}
