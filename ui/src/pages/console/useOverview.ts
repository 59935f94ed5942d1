import { useCallback, useEffect, useState } from 'react';
import { type ApiError, useSubscription } from '@/data';
import type { HubSecond, Overview } from './types';

const KEPT_S = 300;

function useVisible(): boolean {
  const [visible, setVisible] = useState(() => !document.hidden);
  useEffect(() => {
    const look = () => setVisible(!document.hidden);
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return visible;
}

/** The overview, a new one each second while the page is seen; the hub's last five minutes grow with it. */
export function useOverview(): { overview: Overview | null; seconds: readonly HubSecond[]; error: ApiError | null } {
  const [overview, setOverview] = useState<Overview | null>(null);
  const [seconds, setSeconds] = useState<readonly HubSecond[]>([]);
  const take = useCallback((told: Overview) => {
    setOverview(told);
    setSeconds((before) => {
      const known = before.at(-1)?.[0] ?? 0;
      const fresh = told.hub.seconds.filter((each) => each[0] > known);
      return told.hub.seconds.length > 1 ? told.hub.seconds : [...before, ...fresh].slice(-KEPT_S);
    });
  }, []);
  const error = useSubscription<Overview>(useVisible() ? { type: 'marge/console/subscribe' } : null, take);
  return { overview, seconds, error };
}
