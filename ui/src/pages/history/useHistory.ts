/** The states and statistics of entities over a time, kept up to date while that time goes on. */

import { useEffect, useMemo, useRef, useState } from 'react';
import type { ApiError } from '@/data';
import { useCommand, useSubscription } from '@/data';
import { domainOf } from '@/data/words';
import { type Courses, type StreamMessage, withMessage } from './courses';
import { type StatisticRow, WITH_ATTRIBUTES } from './grouping';

const DAY = 86_400_000;
/** From this on numbers are drawn from statistics: the single values are too many to be seen, and are deleted some day. */
export const LONG_MS = 4 * DAY;
/** Messages that come at once are drawn at once. */
const SETTLE_MS = 120;

export interface History {
  courses: Courses;
  statistics: Readonly<Record<string, readonly StatisticRow[]>>;
  loading: boolean;
  error: ApiError | null;
}

export function statisticPeriod(length: number): 'hour' | 'day' | 'month' {
  if (length <= 40 * DAY) return 'hour';
  return length <= 3 * 366 * DAY ? 'day' : 'month';
}

interface StatisticId {
  statistic_id: string;
}

export function useHistory(ids: readonly string[], from: number, to: number, live: boolean): History {
  const [courses, setCourses] = useState<{ key: string; value: Courses } | null>(null);
  const key = `${ids.join()} ${from} ${live ? '' : to}`;
  const gathered = useRef<{ key: string; value: Courses }>({ key: '', value: new Map() });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const message = useMemo(
    () =>
      ids.length === 0
        ? null
        : {
            type: 'history/stream',
            entity_ids: [...ids],
            start_time: new Date(from).toISOString(),
            ...(live ? {} : { end_time: new Date(to).toISOString() }),
            minimal_response: true,
            significant_changes_only: true,
            no_attributes: !ids.some((id) => domainOf(id) in WITH_ATTRIBUTES),
          },
    // A live time's end moves; the stream goes on.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `key` stands for all of it
    [key],
  );

  const refused = useSubscription<StreamMessage>(message, (event) => {
    if (gathered.current.key !== key) gathered.current = { key, value: new Map() };
    gathered.current.value = withMessage(gathered.current.value, event, from);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setCourses({ ...gathered.current });
    }, SETTLE_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const isLong = to - from > LONG_MS;
  const known = useCommand<StatisticId[]>(isLong ? 'recorder/list_statistic_ids' : null);
  const wanted = useMemo(() => {
    const all = new Set(known.data?.map((each) => each.statistic_id));
    return ids.filter((id) => all.has(id));
  }, [known.data, ids]);
  const payload = useMemo(
    () => ({
      statistic_ids: wanted,
      start_time: new Date(from).toISOString(),
      ...(live ? {} : { end_time: new Date(to).toISOString() }),
      period: statisticPeriod(to - from),
      types: ['mean', 'min', 'max', 'state'],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the end of a live time moves on with every tick
    [wanted, from, live, live ? 0 : to],
  );
  const rows = useCommand<Record<string, StatisticRow[]>>(isLong && wanted.length ? 'recorder/statistics_during_period' : null, payload, live ? ['recorder_hourly_statistics_generated'] : []);

  const isHere = courses?.key === key;
  return {
    courses: isHere ? courses.value : EMPTY,
    statistics: isLong && wanted.length ? (rows.data ?? NONE) : NONE,
    loading: ids.length > 0 && !refused && (!isHere || (isLong && (known.loading || rows.loading) && !rows.data)),
    error: refused ?? rows.error,
  };
}

const EMPTY: Courses = new Map();
const NONE: Readonly<Record<string, readonly StatisticRow[]>> = {};
