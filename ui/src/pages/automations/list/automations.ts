/** Which entity an automation of the files is, and what lists know of runs. */

import { useEffect, useMemo, useRef, useState } from 'react';
import { useEntityIds, useSession } from '@/data/hooks';
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

const SETTLE_MS = 500;
/** Up to so many items are asked for one by one. */
const SINGLE = 10;

/** The latest run of each item: what the server tells of is asked for again, not too often. */
export function useLatestRuns(domain: Domain): ReadonlyMap<string, ShortTrace> {
  const session = useSession();
  const [runs, setRuns] = useState<ReadonlyMap<string, ShortTrace>>(new Map());
  const changed = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    let wanted = true;
    const news = changed.current;
    const read = async () => {
      timer.current = undefined;
      const items = news.has('') || news.size > SINGLE ? [undefined] : [...news];
      news.clear();
      try {
        const lists = await Promise.all(items.map((item_id) => session.command<ShortTrace[]>('trace/list', item_id === undefined ? { domain } : { domain, item_id })));
        const found = lists.flat().map((trace): [string, ShortTrace] => [trace.item_id, trace]);
        if (wanted) setRuns((before) => new Map(items[0] === undefined ? found : [...before, ...found]));
      } catch {
        // cut off: asked again when the connection is back; refused: the list does without
      }
    };
    const soon = (...ids: string[]) => {
      for (const id of ids) news.add(id);
      timer.current ??= setTimeout(() => void read(), SETTLE_MS);
    };
    const all = () => soon('');
    news.add('');
    void read();
    const listening = session.subscribe<{ item_ids: string[]; more: boolean }>({ type: 'marge/traces/subscribe', domain }, ({ item_ids, more }) => soon(...item_ids, ...(more ? [''] : [])));
    session.connection.addEventListener('ready', all);
    return () => {
      wanted = false;
      clearTimeout(timer.current);
      timer.current = undefined;
      session.connection.removeEventListener('ready', all);
      listening.then((end) => end()).catch(() => undefined); // refused: there is nothing to end
    };
  }, [session, domain]);
  return runs;
}
