/** What components use: everything that the session knows, as React hooks. */

import type { MessageBase } from 'home-assistant-js-websocket';
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { toast } from '@/app/toasts';
import { type ApiError, asApiError, type HomeSession } from './session';
import { useStore } from './store';
import type { Area, Device, Entity, EntityEntry, Floor, HomeConfig, Label, Services, Target, User } from './types';

export const SessionContext = createContext<HomeSession | null>(null);

/** The session of whoever is logged in. */
export function useSession(): HomeSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error('There is no session above this component');
  return session;
}

export function useUser(): User {
  return useSession().user;
}

// -- entities ---------------------------------------------------------------------------------------------------------

/** One entity; undefined when there is none (any more). Renders again when it changes, and only then. */
export function useEntity(entityId: string | null | undefined): Entity | undefined {
  const { entities } = useSession();
  const subscribe = useCallback(
    (listener: () => void) => (entityId ? entities.subscribe(entityId, listener) : () => undefined),
    [entities, entityId],
  );
  const get = () => (entityId ? entities.get(entityId) : undefined);
  return useSyncExternalStore(subscribe, get, get);
}

/** What `select` takes of one entity; it must give the same value (by `Object.is`) while nothing that matters differs. */
export function useEntityValue<T>(entityId: string, select: (entity: Entity | undefined) => T): T {
  const { entities } = useSession();
  const subscribe = useCallback((listener: () => void) => entities.subscribe(entityId, listener), [entities, entityId]);
  const get = () => select(entities.get(entityId));
  return useSyncExternalStore(subscribe, get, get);
}

/** Several entities in the order asked for; those that are not there are left out. */
export function useEntities(entityIds: readonly string[]): readonly Entity[] {
  const { entities } = useSession();
  const key = entityIds.join();
  const cache = useRef<readonly Entity[]>([]);
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = key ? key.split(',').map((id) => entities.subscribe(id, listener)) : [];
      return () => {
        for (const end of ends) end();
      };
    },
    [entities, key],
  );
  const get = () => {
    const next = entityIds.map((id) => entities.get(id)).filter((entity) => entity !== undefined);
    const same = next.length === cache.current.length && next.every((entity, index) => entity === cache.current[index]);
    if (!same) cache.current = next;
    return cache.current;
  };
  return useSyncExternalStore(subscribe, get, get);
}

/** The ids of all entities, or of one domain; renders again when one comes or goes, never for a state. */
export function useEntityIds(domain?: string): readonly string[] {
  const { entities } = useSession();
  const get = () => (domain ? entities.idsOf(domain) : entities.ids());
  return useSyncExternalStore(entities.subscribeIds, get, get);
}

/** Whether all states have been told once. */
export function useEntitiesLoaded(): boolean {
  const { entities } = useSession();
  const get = () => entities.loaded;
  return useSyncExternalStore(entities.subscribeIds, get, get);
}

// -- registries -------------------------------------------------------------------------------------------------------

export const useAreas = (): ReadonlyMap<string, Area> => useStore(useSession().registries.areas);
export const useFloors = (): ReadonlyMap<string, Floor> => useStore(useSession().registries.floors);
export const useLabels = (): ReadonlyMap<string, Label> => useStore(useSession().registries.labels);
export const useDevices = (): ReadonlyMap<string, Device> => useStore(useSession().registries.devices);
export const useEntityEntries = (): ReadonlyMap<string, EntityEntry> => useStore(useSession().registries.entities);

/** The registry's entry of one entity; undefined: it has none. */
export function useEntityEntry(entityId: string): EntityEntry | undefined {
  return useStore(useSession().registries.entities, (all) => all.get(entityId));
}

/** The area in which an entity is: its own or its device's. */
export function useAreaOf(entityId: string): Area | undefined {
  const areas = useAreas();
  const devices = useDevices();
  const entry = useEntityEntry(entityId);
  const areaId = entry?.area_id ?? (entry?.device_id ? devices.get(entry.device_id)?.area_id : null);
  return areaId ? areas.get(areaId) : undefined;
}

type ByArea = ReadonlyMap<string, readonly string[]>;
/** Sorted once for all who ask: a dashboard has a card for each area, and a home 50,000 entities. */
const sorted = new WeakMap<readonly string[], { entries: unknown; devices: unknown; found: ByArea }>();

/** The ids of entities by area, `''` for those that are in none. */
export function useEntityIdsByArea(): ByArea {
  const ids = useEntityIds();
  const entries = useEntityEntries();
  const devices = useDevices();
  return useMemo(() => {
    const before = sorted.get(ids);
    if (before?.entries === entries && before.devices === devices) return before.found;
    const found = new Map<string, string[]>();
    for (const id of ids) {
      const entry = entries.get(id);
      const area = entry?.area_id ?? (entry?.device_id ? devices.get(entry.device_id)?.area_id : null) ?? '';
      const list = found.get(area);
      if (list) list.push(id);
      else found.set(area, [id]);
    }
    sorted.set(ids, { entries, devices, found });
    return found;
  }, [ids, entries, devices]);
}

export function deviceName(device: Device): string {
  return device.name_by_user ?? device.name ?? device.id;
}

// -- the home ---------------------------------------------------------------------------------------------------------

/** The home's settings; null for a moment after the start. */
export const useHomeConfig = (): HomeConfig | null => useStore(useSession().config);
/** All services with their fields. Large: use it in pages that need it. */
export const useServices = (): Services => useStore(useSession().services);
export const useConnected = (): boolean => useStore(useSession().connected);

/** A document that is kept on the server for this user, and how to change it. */
export function useUserData<T>(key: string, initial: T): [T, (value: T) => void] {
  const session = useSession();
  const value = useStore(session.userData, (all) => all[key] as T | undefined);
  const set = useCallback(
    (next: T) => {
      session.saveUserData(key, next).catch((error: unknown) => toast.error(asApiError(error).message));
    },
    [session, key],
  );
  return [value ?? initial, set];
}

// -- asking -----------------------------------------------------------------------------------------------------------

/** Call a service; what goes wrong is shown as a toast. The promise says whether it worked. */
export function useCall(): (domain: string, service: string, data?: Record<string, unknown>, target?: Target) => Promise<boolean> {
  const session = useSession();
  return useCallback(
    async (domain, service, data = {}, target = {}) => {
      try {
        await session.call(domain, service, data, target);
        return true;
      } catch (error) {
        toast.error(asApiError(error).message);
        return false;
      }
    },
    [session],
  );
}

export interface Answer<T> {
  /** The latest result; kept while the next is on its way. */
  data: T | undefined;
  error: ApiError | null;
  loading: boolean;
  reload: () => void;
}

/**
 * The result of a WebSocket command, asked again when its payload differs and after the connection was lost.
 *
 * @param type the command; null: ask nothing (yet).
 * @param refetchOn event types of the server after which it is asked again.
 */
export function useCommand<T>(type: string | null, payload: Record<string, unknown> = {}, refetchOn: readonly string[] = []): Answer<T> {
  const session = useSession();
  const key = JSON.stringify(payload);
  const events = refetchOn.join();
  const [answer, setAnswer] = useState<{ data: T | undefined; error: ApiError | null; loading: boolean }>({
    data: undefined,
    error: null,
    loading: type !== null,
  });
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((before) => before + 1), []);

  useEffect(() => {
    if (type === null) return undefined;
    let wanted = true;
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the question is the effect; its beginning is shown
    setAnswer((before) => (before.loading ? before : { ...before, loading: true }));
    session.command<T>(type, JSON.parse(key) as Record<string, unknown>).then(
      (data) => wanted && setAnswer({ data, error: null, loading: false }),
      (error: unknown) => wanted && setAnswer((before) => ({ data: before.data, error: asApiError(error), loading: false })),
    );
    return () => {
      wanted = false;
    };
  }, [session, type, key, turn]);

  useEffect(() => {
    session.connection.addEventListener('ready', reload);
    return () => session.connection.removeEventListener('ready', reload);
  }, [session, reload]);

  useEffect(() => {
    if (!events) return undefined;
    const ends = events.split(',').map((event) => session.subscribe({ type: 'subscribe_events', event_type: event }, reload));
    return () => {
      for (const end of ends) end.then((stop) => stop()).catch(() => undefined); // refused: there is nothing to end
    };
  }, [session, events, reload]);

  return { ...answer, reload };
}

/**
 * Listen to a command that goes on; begun again when the message differs and by itself after a reconnect.
 *
 * @param message null: listen to nothing (yet).
 * @returns the refusal, if there was one.
 */
export function useSubscription<T>(message: MessageBase | null, onEvent: (event: T) => void): ApiError | null {
  const session = useSession();
  const listener = useRef(onEvent);
  useEffect(() => {
    listener.current = onEvent;
  });
  const key = message === null ? null : JSON.stringify(message);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    if (key === null) return undefined;
    let ended = false;
    let end: (() => void) | undefined;
    session.subscribe<T>(JSON.parse(key) as MessageBase, (event) => !ended && listener.current(event)).then(
      (stop) => {
        setError(null);
        if (ended) stop();
        else end = stop;
      },
      (problem: unknown) => !ended && setError(asApiError(problem)),
    );
    return () => {
      ended = true;
      end?.();
    };
  }, [session, key]);
  return error;
}
