/** A restore that is followed over the server's restart, also one that was begun elsewhere or before the page was loaded anew. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { asApiError } from '@/data/session';
import { type Refusal, restoreBackup, restoreStatus } from './api';
import { IDLE, isWaiting, next, type Seen, type Work } from './work';

const EVERY_MS = 700;

async function look(): Promise<Seen> {
  try {
    return await restoreStatus();
  } catch (problem) {
    return asApiError(problem).code === '401' ? 'owned' : 'away';
  }
}

export interface Restore {
  work: Work;
  /** Fails with an `ApiError` when it is refused; nothing has changed then. */
  begin: (backupId: string, password: string) => Promise<void>;
  /** Ask the server once. */
  look: () => Promise<void>;
}

export type End = 'restored' | 'taken' | 'empty';

/**
 * @param follow whether the home still has no owner, as far as this page knows.
 * @param onEnd `restored`: it has the owner of the backup; `taken`: somebody has made an account; `empty`: the backup had no owner.
 */
export function useRestore(follow: boolean, onEnd: (end: End) => void): Restore {
  const [work, setWork] = useState<Work>(IDLE);
  const asking = useRef(false);
  const waits = isWaiting(work);

  const lookOnce = useCallback(async () => {
    const seen = await look();
    setWork((before) => next(before, seen, asking.current));
  }, []);

  useEffect(() => {
    if (!follow) return undefined;
    let here = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = async () => {
      const seen = await look();
      if (!here) return;
      setWork((before) => next(before, seen, asking.current));
      if (waits) timer = setTimeout(() => void turn(), EVERY_MS);
    };
    void turn();
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [follow, waits]);

  useEffect(() => {
    if (!follow) return;
    if (work.is === 'owned') onEnd(work.restored ? 'restored' : 'taken');
    if (work.is === 'empty') onEnd('empty');
  }, [follow, work, onEnd]);

  const begin = useCallback(async (backupId: string, password: string) => {
    asking.current = true;
    setWork({ is: 'preparing', step: null, percent: null });
    try {
      await restoreBackup(backupId, password);
      setWork({ is: 'restarting' });
    } catch (problem) {
      const refused = asApiError(problem);
      const status = (refused.body as Refusal | undefined)?.status;
      // A proxy that lost its patience, or the connection: the server goes on, and is asked how far it is.
      if (refused.code === 'connection' || (status ?? 0) >= 500) return;
      setWork(refused.code === '401' ? { is: 'owned', restored: false } : IDLE);
      throw refused;
    } finally {
      asking.current = false;
    }
  }, []);

  return { work, begin, look: lookOnce };
}
