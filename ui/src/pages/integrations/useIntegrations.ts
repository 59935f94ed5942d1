import { useEffect, useMemo, useState } from 'react';
import { prettify, useConnected, useDevices, useEntityEntries, useSession, useSubscription } from '@/data';
import { useConfigEntries, useManifests } from '@/pages/devices/useEntries';
import { type Bridge, type Family, type Group, groupsOf } from './model';

/** Ask again from time to time while the page is open and in sight. */
export function useEvery(ms: number, again: () => void): void {
  const connected = useConnected();
  useEffect(() => {
    if (!connected) return undefined;
    const timer = setInterval(() => document.visibilityState === 'visible' && again(), ms);
    return () => clearInterval(timer);
  }, [ms, again, connected]);
}

const BRIDGES = { type: 'marge/bridges/subscribe' };

/** How the bridges are, live; `at`: when that was told (ms), for countdowns. */
export function useBridges(): { bridges: readonly Bridge[] | undefined; at: number; error: string | null } {
  const [told, setTold] = useState<{ bridges: readonly Bridge[]; at: number } | null>(null);
  const error = useSubscription<{ bridges: Bridge[] }>(BRIDGES, ({ bridges }) => setTold({ bridges, at: Date.now() }));
  return { bridges: told?.bridges, at: told?.at ?? 0, error: error?.message ?? null };
}

/** What families of devices without entries say of themselves. */
function useFamilies(turn: unknown): readonly Family[] {
  const session = useSession();
  const [families, setFamilies] = useState<readonly Family[]>([]);
  useEffect(() => {
    let wanted = true;
    session.rest<Family[]>('/api/integrations').then(
      (found) => wanted && setFamilies(found),
      () => undefined, // the cards stand without these counts
    );
    return () => {
      wanted = false;
    };
  }, [session, turn]);
  return families;
}

export interface Integrations {
  groups: readonly Group[] | undefined;
  at: number;
  error: string | null;
}

export function useIntegrations(): Integrations {
  const { entries, error } = useConfigEntries();
  const { bridges, at, error: refused } = useBridges();
  const devices = useDevices();
  const entities = useEntityEntries();
  const manifests = useManifests();
  const families = useFamilies(devices.size);
  const groups = useMemo(
    () => (entries && bridges ? groupsOf({ entries: entries.values(), bridges, families, devices: devices.values(), entities: entities.values(), nameOf: (domain) => manifests.get(domain)?.name ?? prettify(domain) }) : undefined),
    [entries, bridges, families, devices, entities, manifests],
  );
  return { groups, at, error: error ?? refused };
}
