import { useCallback, useEffect, useState } from 'react';
import { type ApiError, useSubscription } from '@/data';
import type { Edge, HubSecond, Overview } from './types';

const KEPT_S = 300;
/** How much of the picture of who sends to whom is new each second: a home is quiet in most of them. */
const FRESH = 0.35;
const GONE = 0.02;

function smoothed(before: readonly Edge[], now: readonly Edge[]): Edge[] {
  const all = new Map(before.map((edge) => [`${edge.from} ${edge.to}`, { ...edge, per_s: edge.per_s * (1 - FRESH) }]));
  for (const edge of now) {
    const known = all.get(`${edge.from} ${edge.to}`);
    all.set(`${edge.from} ${edge.to}`, { ...edge, per_s: edge.per_s * FRESH + (known?.per_s ?? 0) });
  }
  return [...all.values()].filter((edge) => edge.per_s > GONE);
}

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
    setOverview((before) => ({ ...told, flow: { ...told.flow, edges: before ? smoothed(before.flow.edges, told.flow.edges) : told.flow.edges } }));
    setSeconds((before) => {
      const known = before.at(-1)?.[0] ?? 0;
      const fresh = told.hub.seconds.filter((each) => each[0] > known);
      return told.hub.seconds.length > 1 ? told.hub.seconds : [...before, ...fresh].slice(-KEPT_S);
    });
  }, []);
  const error = useSubscription<Overview>(useVisible() ? { type: 'marge/console/subscribe' } : null, take);
  return { overview, seconds, error };
}
