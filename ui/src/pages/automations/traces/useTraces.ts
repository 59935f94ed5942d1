/** The runs of one item, newest first: the server tells of each that begins, ends or waits. */

import { useEffect, useMemo } from 'react';
import { useCommand, useSubscription } from '@/data/hooks';
import type { ApiError } from '@/data/session';
import type { ShortTrace } from '../list/automations';
import type { Domain } from '../model/types';

/** Steps of a run that goes on are not told one by one: they are asked for while somebody looks. */
const ASK_EVERY_MS = 2000;

export function useTraces(domain: Domain, itemId: string): { traces: readonly ShortTrace[] | null; error: ApiError | null; reload: () => void } {
  const { data, error, reload } = useCommand<ShortTrace[]>('trace/list', { domain, item_id: itemId });
  useSubscription({ type: 'marge/traces/subscribe', domain, item_id: itemId }, reload);
  const goesOn = data?.some((trace) => trace.state === 'running') === true;
  useEffect(() => {
    if (!goesOn) return undefined;
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [goesOn, reload]);
  const traces = useMemo(() => (data ? data.toReversed() : null), [data]);
  return { traces, error, reload };
}
