/** The runs of one item, newest first, kept up to date while the page is looked at. */

import { useEffect, useMemo } from 'react';
import { useCommand } from '@/data/hooks';
import type { ApiError } from '@/data/session';
import type { ShortTrace } from '../list/automations';
import type { Domain } from '../model/types';

/** The server tells of runs that began, not of attempts that a condition ended, nor of ends: those are asked for. */
const ASK_EVERY_MS = 4000;

export function useTraces(domain: Domain, itemId: string): { traces: readonly ShortTrace[] | null; error: ApiError | null; reload: () => void } {
  const event = domain === 'automation' ? 'automation_triggered' : 'script_started';
  const { data, error, reload } = useCommand<ShortTrace[]>('trace/list', { domain, item_id: itemId }, [event]);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
  const traces = useMemo(() => (data ? data.toReversed() : null), [data]);
  return { traces, error, reload };
}
