/** Breakpoints of one item: while somebody debugs, its runs wait before the steps that are marked. */

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { toast } from '@/app/toasts';
import { useConnected, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import type { Domain } from '../../model/types';

export interface Waiting {
  runId: string;
  /** The step before which it waits. */
  path: string;
}

export interface Debugger {
  isOn: boolean;
  setOn: (on: boolean) => void;
  /** Paths of steps before which runs wait. */
  breakpoints: ReadonlySet<string>;
  toggle: (path: string) => void;
  /** Runs that wait, the one that came last at first; branches of a run wait side by side. */
  waiting: readonly Waiting[];
  /** What the run that came last is to do. */
  tell: (what: 'step' | 'continue' | 'stop') => void;
}

interface Hit {
  domain: Domain;
  item_id: string;
  run_id: string;
  node: string;
}

const NONE: readonly Waiting[] = [];

/** @param onHit told of each run that begins to wait. */
export function useDebugger(domain: Domain, itemId: string, onHit: (hit: Waiting) => void): Debugger {
  const session = useSession();
  const connected = useConnected();
  const [isOn, setOn] = useState(false);
  const [breakpoints, setBreakpoints] = useState<ReadonlySet<string>>(new Set());
  const [waiting, setWaiting] = useState(NONE);
  const item = useMemo(() => ({ domain, item_id: itemId }), [domain, itemId]);
  const latest = useRef({ breakpoints, onHit });
  useEffect(() => {
    latest.current = { breakpoints, onHit };
  });

  useEffect(() => {
    if (!isOn || !connected) return undefined;
    let isOver = false;
    let end: (() => void) | undefined;
    const hear = (hit: Hit) => {
      if (isOver || hit.domain !== domain || hit.item_id !== itemId) return;
      const now = { runId: hit.run_id, path: hit.node };
      setWaiting((before) => [now, ...before]);
      latest.current.onHit(now);
    };
    session.subscribe<Hit>({ type: 'trace/debug/breakpoint/subscribe' }, hear).then(
      async (stop) => {
        if (isOver) {
          stop();
          return;
        }
        end = stop;
        // After the connection was lost the server has forgotten them.
        for (const node of latest.current.breakpoints) await session.command('trace/debug/breakpoint/set', { ...item, node });
      },
    ).catch((error: unknown) => {
      toast.error(asApiError(error).message);
      setOn(false);
    });
    return () => {
      isOver = true;
      setWaiting(NONE);
      // Somebody else may debug at the same time, so that the server keeps them.
      for (const node of latest.current.breakpoints) session.command('trace/debug/breakpoint/clear', { ...item, node }).catch(() => undefined); // the connection is gone, and they with it
      end?.();
    };
  }, [session, connected, isOn, domain, itemId, item]);

  const toggle = useCallback(
    (node: string) => {
      const isSet = latest.current.breakpoints.has(node);
      session.command(`trace/debug/breakpoint/${isSet ? 'clear' : 'set'}`, { ...item, node }).then(
        () =>
          setBreakpoints((before) => {
            const next = new Set(before);
            if (isSet) next.delete(node);
            else next.add(node);
            return next;
          }),
        (error: unknown) => toast.error(asApiError(error).message),
      );
    },
    [session, item],
  );
  const runId = waiting[0]?.runId;
  const tell = useCallback(
    (what: 'step' | 'continue' | 'stop') => {
      if (runId === undefined) return;
      // Before it is told: what it comes to next is heard of at once.
      setWaiting((before) => before.filter((each) => each.runId !== runId));
      session.command(`trace/debug/${what}`, { ...item, run_id: runId }).catch((error: unknown) => toast.error(asApiError(error).message));
    },
    [session, item, runId],
  );
  return { isOn, setOn, breakpoints, toggle, waiting, tell };
}
