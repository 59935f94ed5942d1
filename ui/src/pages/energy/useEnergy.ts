/** What the dashboard shows of one time: the report of the server, and the bars. */

import { useMemo } from 'react';
import { type ApiError, useCommand } from '@/data';
import { type Flows, shared, summed } from './flows';
import { type Prefs, statisticsOf } from './prefs';
import { type Bucket, bucketsOf, perBucket, PERIOD, type Row, spanOf, type View } from './view';

export interface Report {
  currency: string;
  home: {
    consumed: number | null;
    untracked: number | null;
    untracked_cost: number | null;
    cost: number | null;
    compensation: number | null;
    solar: number | null;
    grid_in: number | null;
    grid_out: number | null;
    battery_in: number | null;
    battery_out: number | null;
    gas: { amounts: Amount[]; cost: number | null } | null;
    water: { amounts: Amount[]; cost: number | null } | null;
  };
  areas: { area_id: string | null; name: string | null; total: number; cost: number | null }[];
  devices: { statistic_id: string; name: string; area_id: string | null; included_in_stat: string | null; total: number; own: number; cost: number | null }[];
  meters: { statistic_id: string; type: string; total: number; unit: string | null; cost: number | null }[];
}

export interface Amount {
  unit: string;
  total: number;
}

export interface Energy {
  buckets: readonly Bucket[];
  /** By bucket. */
  flows: readonly Flows[];
  total: Flows;
  gas: readonly number[];
  water: readonly number[];
  report: Report | undefined;
  loading: boolean;
  error: ApiError | null;
}

const FRESH = ['recorder_5min_statistics_generated'];
const HOUR = 3_600_000;

type Rows = Record<string, Row[]>;

export function useEnergy(prefs: Prefs, view: View, zone: string, locale: string, now: number, wanted = true): Energy {
  const key = `${view.unit} ${view.date}`;
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says when the view is another one
  const span = useMemo(() => spanOf(view, zone, locale), [key, zone, locale]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- as above
  const buckets = useMemo(() => bucketsOf(view, zone, locale), [key, zone, locale]);
  const kinds = useMemo(() => statisticsOf(prefs), [prefs]);
  const ids = useMemo(() => [...new Set(Object.values(kinds).flat())], [kinds]);
  const isNow = span.from <= now && now < span.to;
  const events = isNow ? FRESH : [];
  const shape = { statistic_ids: ids, types: ['change'], units: { energy: 'kWh', volume: 'm³' } };
  const asked = wanted && ids.length ? 'recorder/statistics_during_period' : null;
  const rows = useCommand<Rows>(asked, { ...shape, start_time: new Date(span.from).toISOString(), end_time: new Date(span.to).toISOString(), period: PERIOD[view.unit] }, events);
  // Hours are told when they are over: what has been counted since is added to the last bar.
  const hour = Math.floor(now / HOUR) * HOUR;
  const latest = useCommand<Rows>(isNow && view.unit === 'day' ? asked : null, { ...shape, start_time: new Date(hour).toISOString(), period: '5minute' }, events);
  const report = useCommand<Report>(wanted ? 'marge/energy/report' : null, { start_time: new Date(span.from).toISOString(), end_time: new Date(span.to).toISOString() }, events);

  return useMemo(() => {
    const sum = (of: readonly string[]) => {
      const values = perBucket(buckets, rows.data ?? {}, of);
      const hasHour = of.some((id) => rows.data?.[id]?.some((row) => row.start >= hour));
      const more = hasHour ? [] : perBucket(buckets, latest.data ?? {}, of);
      return values.map((value, index) => value + (more[index] ?? 0));
    };
    const [gridIn, gridOut, solar, batteryIn, batteryOut] = [kinds.gridIn, kinds.gridOut, kinds.solar, kinds.batteryIn, kinds.batteryOut].map(sum);
    const flows = buckets.map((_bucket, at) => shared({ gridIn: gridIn![at]!, gridOut: gridOut![at]!, solar: solar![at]!, batteryIn: batteryIn![at]!, batteryOut: batteryOut![at]! }));
    return {
      buckets,
      flows,
      total: summed(flows),
      gas: sum(kinds.gas),
      water: sum(kinds.water),
      report: report.data,
      loading: (ids.length > 0 && !rows.data && rows.loading) || (!report.data && report.loading),
      error: rows.error ?? report.error,
    };
  }, [buckets, kinds, ids.length, rows.data, rows.loading, rows.error, latest.data, report.data, report.loading, report.error, hour]);
}
