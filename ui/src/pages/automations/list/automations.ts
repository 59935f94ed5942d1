/** Which entity an automation of the files is, and what lists know of runs. */

import { useEffect, useMemo, useRef, useState } from 'react';
import { useEntityIds, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import type { Domain } from '../model/types';

/** The entity of the automation (or scene) with this id in the files; undefined: there is none (yet). */
export function useAutomation(configId: string, domain: 'automation' | 'scene' = 'automation'): string | undefined {
  const { entities } = useSession();
  const ids = useEntityIds(domain);
  return useMemo(() => ids.find((id) => String(entities.get(id)?.attributes.id) === configId), [ids, entities, configId]);
}

export type Execution = 'finished' | 'aborted' | 'error' | 'cancelled' | 'failed_conditions' | 'failed_single' | 'failed_max_runs';

/** A run as lists of traces show it. */
export interface ShortTrace {
  run_id: string;
  domain: Domain;
  item_id: string;
  state: 'running' | 'stopped' | 'debugged';
  script_execution: Execution | null;
  last_step: string | null;
  timestamp: { start: string; finish: string | null };
  trigger?: string | null;
  error?: string;
}

const SETTLE_MS = 1500;

/** The latest run of each item; asked again, not too often, when something ran. */
export function useLatestRuns(domain: Domain): ReadonlyMap<string, ShortTrace> {
  const session = useSession();
  const [runs, setRuns] = useState<ReadonlyMap<string, ShortTrace>>(new Map());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    let wanted = true;
    const read = () => {
      timer.current = undefined;
      session.command<ShortTrace[]>('trace/list', { domain }).then(
        (traces) => wanted && setRuns(new Map(traces.map((trace) => [trace.item_id, trace]))),
        (error: unknown) => {
          // Cut off: asked again when the connection is back. Refused: the list does without.
          if (asApiError(error).code === 'connection') timer.current = undefined;
        },
      );
    };
    const soon = () => {
      timer.current ??= setTimeout(read, SETTLE_MS);
    };
    read();
    const event = domain === 'automation' ? 'automation_triggered' : 'script_started';
    const listening = session.subscribe({ type: 'subscribe_events', event_type: event }, soon);
    session.connection.addEventListener('ready', soon);
    return () => {
      wanted = false;
      clearTimeout(timer.current);
      timer.current = undefined;
      session.connection.removeEventListener('ready', soon);
      listening.then((end) => end()).catch(() => undefined); // refused: there is nothing to end
    };
  }, [session, domain]);
  return runs;
}
