/** Statistics and what is wrong with them. Pure. */

export interface Statistic {
  statistic_id: string;
  name: string | null;
  source: string;
  has_sum: boolean;
  has_mean: boolean;
  statistics_unit_of_measurement: string | null;
  display_unit_of_measurement: string | null;
  unit_class: string | null;
}

export interface Issue {
  type: string;
  data: Record<string, unknown>;
}

/** What can be done about an issue. `unit`: say in which unit the values were all along, or turn them into it. */
export function remedyOf(type: string): 'unit' | 'clear' | 'none' {
  if (type === 'units_changed') return 'unit';
  return ['no_state', 'entity_no_longer_recorded', 'state_class_removed', 'unsupported_state_class', 'mean_type_changed', 'entity_not_recorded'].includes(type) ? 'clear' : 'none';
}

export interface SumRow {
  start: number;
  end: number;
  change?: number | null;
  sum?: number | null;
}

/** What to add to all sums from an hour on, so that the hour's change becomes another one. */
export function adjustment(row: SumRow, wanted: number): number {
  return wanted - (row.change ?? 0);
}

/** The hours that stand out: a change far above what is usual, or below zero. */
export function outliers(rows: readonly SumRow[]): ReadonlySet<number> {
  const changes = rows.map((row) => row.change ?? 0).filter((change) => change > 0).sort((a, b) => a - b);
  const usual = changes[Math.floor(changes.length / 2)] ?? 0;
  return new Set(rows.filter((row) => (row.change ?? 0) < 0 || (usual > 0 && (row.change ?? 0) > usual * 20)).map((row) => row.start));
}
