/** The entries of a choice: live from a while ago on, and as far back as somebody scrolls. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiError, asApiError, useSession, useSubscription } from '@/data';
import { type Entry, merged, nextWindow, type StreamMessage } from './entries';

const FIRST_S = 6 * 3600;
/** Nobody's recorder reaches further back. */
const END_S = 10 * 366 * 86_400;
/** The past of a large home comes in a hundred pieces: they are shown together. */
const SETTLE_MS = 100;
/** As many as fill a screen and the next. */
const ENOUGH = 60;

export interface Wish {
  entityIds: readonly string[] | null;
  /** Where live entries begin, and where they end (null: never); milliseconds. */
  from: number;
  to: number | null;
  /** Whether it goes on further back than `from`. */
  endless: boolean;
}

export interface Logbook {
  entries: readonly Entry[];
  loading: boolean;
  /** Whether there may be older ones. */
  more: boolean;
  loadMore: () => void;
  error: ApiError | null;
}

/** Made anew for each wish (`key` of the component that uses it). */
export function useLogbook({ entityIds, from, to, endless }: Wish): Logbook {
  const session = useSession();
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const [loading, setLoading] = useState(true);
  const [more, setMore] = useState(endless);
  const [error, setError] = useState<ApiError | null>(null);
  const [begin] = useState(endless ? Math.max(0, from - FIRST_S * 1000) : from);
  const back = useRef({ until: begin / 1000, length: FIRST_S, busy: false });
  const alive = useRef(true);
  const waiting = useRef<Entry[]>([]);
  const isWhole = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, []);
  const which = entityIds ? { entity_ids: [...entityIds] } : {};

  const refused = useSubscription<StreamMessage>(
    { type: 'logbook/event_stream', start_time: new Date(begin).toISOString(), ...(to === null ? {} : { end_time: new Date(to).toISOString() }), ...which },
    (message) => {
      waiting.current.push(...message.events);
      isWhole.current ||= !message.partial;
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        const more = waiting.current;
        waiting.current = [];
        setEntries((known) => merged(known, more));
        if (isWhole.current) setLoading(false);
      }, SETTLE_MS);
    },
  );

  const filter = JSON.stringify(which);
  const loadMore = useCallback(async () => {
    const state = back.current;
    if (state.busy) return;
    state.busy = true;
    setLoading(true);
    try {
      const start = state.until - state.length;
      const found = await session.command<Entry[]>('logbook/get_events', {
        start_time: new Date(start * 1000).toISOString(),
        end_time: new Date(state.until * 1000).toISOString(),
        ...(JSON.parse(filter) as object),
      });
      if (!alive.current) return;
      state.until = start;
      const wasLongest = state.length >= 30 * 86_400;
      state.length = nextWindow(state.length, found.length);
      setEntries((known) => merged(known, found));
      setError(null);
      if ((found.length === 0 && wasLongest) || start * 1000 < begin - END_S * 1000) setMore(false);
    } catch (problem) {
      if (alive.current) setError(asApiError(problem));
    } finally {
      state.busy = false;
      if (alive.current) setLoading(false);
    }
  }, [session, filter, begin]);

  // A quiet home: look further back until there is something to read.
  const wantsMore = more && !loading && !error && entries.length < ENOUGH;
  useEffect(() => {
    if (wantsMore) void loadMore();
  }, [wantsMore, entries.length, loadMore]);

  return { entries, loading: loading && !refused, more, loadMore: () => void loadMore(), error: refused ?? error };
}
