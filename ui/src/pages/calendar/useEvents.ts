/** The events of calendars in a time, read again when a calendar changes. */

import { useCallback, useEffect, useMemo, useState } from 'react';
import { asApiError, useEntities, useSession } from '@/data';
import { type Event, eventOf, type RawEvent } from './events';

interface Found {
  key: string;
  events: readonly Event[];
  failed: readonly { calendar: string; message: string }[];
}

export function useEvents(calendars: readonly string[], from: number, to: number, zone: string) {
  const session = useSession();
  const [found, setFound] = useState<Found | null>(null);
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  // A calendar's state changes as its events begin, end and are changed.
  const states = useEntities(calendars);
  const changed = states.map((state) => state.lastUpdated).join();
  const ids = calendars.join();
  const key = `${ids} ${from} ${to}`;
  useEffect(() => {
    let wanted = true;
    const query = new URLSearchParams({ start: new Date(from).toISOString(), end: new Date(to).toISOString() });
    const ask = ids.split(',').filter(Boolean).map(async (id) => {
      try {
        const raw = await session.rest<RawEvent[]>(`/api/calendars/${id}?${query}`);
        return { events: raw.map((each) => eventOf(id, each, zone)).filter((each) => each !== null), failed: [] };
      } catch (error) {
        return { events: [], failed: [{ calendar: id, message: asApiError(error).message }] };
      }
    });
    void Promise.all(ask).then((parts) => wanted && setFound({ key, events: parts.flatMap((part) => part.events), failed: parts.flatMap((part) => part.failed) }));
    return () => {
      wanted = false;
    };
  }, [session, ids, from, to, zone, key, turn, changed]);
  useEffect(() => {
    session.connection.addEventListener('ready', reload);
    return () => session.connection.removeEventListener('ready', reload);
  }, [session, reload]);
  return useMemo(() => ({ events: found?.events ?? [], failed: found?.failed ?? [], loading: found === null, reload }), [found, reload]);
}
