/** What is being done with backups, and how far it is. */

import { useCallback, useEffect, useState } from 'react';
import { asApiError, useConnected, useSession, useSubscription } from '@/data';
import type { Status, WorkEvent } from './types';

const EVERY_MS = 700;
/** A restore takes its time: it is not known here whether the server has one. */
const IDLE = 'idle';

export interface Work {
  status: Status | null;
  /** Something goes on: nothing else can begin. */
  busy: boolean;
  look: () => Promise<void>;
}

/** @param onEnd called when something has ended: the list is another one. */
export function useWork(onEnd: () => void): Work {
  const session = useSession();
  const connected = useConnected();
  const [state, setState] = useState(IDLE);
  const [status, setStatus] = useState<Status | null>(null);
  const look = useCallback(async () => {
    try {
      setStatus(await session.rest<Status>('/api/backups/status'));
    } catch (problem) {
      if (asApiError(problem).code !== 'connection') throw problem;
    }
  }, [session]);

  useSubscription<WorkEvent>({ type: 'backup/subscribe_events' }, (event) => {
    setState(event.manager_state);
    if (event.manager_state !== IDLE && event.state === 'in_progress') return;
    onEnd();
    void look();
  });

  const busy = state !== IDLE;
  useEffect(() => {
    if (!connected) return undefined;
    const first = setTimeout(() => void look(), 0);
    const timer = busy ? setInterval(() => void look(), EVERY_MS) : undefined;
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [busy, connected, look]);
  return { status, busy, look };
}
