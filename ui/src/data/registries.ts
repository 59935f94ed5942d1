/** Areas, floors, labels, devices and entities' entries, kept up to date. */

import type { Connection } from 'home-assistant-js-websocket';
import { Live } from './store';
import type { Area, Device, EntityEntry, Floor, Label } from './types';

/** Changes come in bursts (a bridge with a hundred devices): one question answers them all. */
const SETTLE_MS = 150;
/** Up to so many changed entries are asked for by name; more, and the whole list is cheaper. */
const SINGLE = 50;

interface ShortEntry {
  ei: string;
  pl: string;
  lb?: string[];
  ai?: string;
  di?: string;
  ic?: string;
  tk?: string;
  ec?: number;
  hb?: boolean;
  en?: string | null;
  dp?: number;
}

interface LongEntry {
  entity_id: string;
  platform: string;
  name: string | null;
  original_name: string | null;
  icon: string | null;
  original_icon: string | null;
  area_id: string | null;
  device_id: string | null;
  labels: string[];
  hidden_by: string | null;
  disabled_by: string | null;
  entity_category: 'config' | 'diagnostic' | null;
  translation_key: string | null;
  options?: { sensor?: { display_precision?: number; suggested_display_precision?: number } };
}

interface EntryUpdated {
  data: { action: 'create' | 'update' | 'remove'; entity_id: string; old_entity_id?: string };
}

function fromShort(short: ShortEntry): EntityEntry {
  return {
    entity_id: short.ei,
    platform: short.pl,
    name: short.en ?? null,
    icon: short.ic ?? null,
    area_id: short.ai ?? null,
    device_id: short.di ?? null,
    labels: short.lb ?? [],
    hidden: short.hb === true,
    category: short.ec === 0 ? 'config' : short.ec === 1 ? 'diagnostic' : null,
    translation_key: short.tk ?? null,
    precision: short.dp ?? null,
  };
}

function fromLong(long: LongEntry): EntityEntry {
  const options = long.options?.sensor;
  return {
    entity_id: long.entity_id,
    platform: long.platform,
    name: long.name ?? long.original_name,
    icon: long.icon,
    area_id: long.area_id,
    device_id: long.device_id,
    labels: long.labels,
    hidden: long.hidden_by !== null,
    category: long.entity_category,
    translation_key: long.translation_key,
    precision: options?.display_precision ?? options?.suggested_display_precision ?? null,
  };
}

/** Collects ids and hands them over together a moment later. */
function gather(work: (ids: Set<string>) => Promise<void>): (...ids: string[]) => void {
  let waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...ids) => {
    for (const id of ids) waiting.add(id);
    timer ??= setTimeout(() => {
      const now = waiting;
      waiting = new Set();
      timer = undefined;
      // Refused or cut off: the connection's return asks again.
      work(now).catch(() => undefined);
    }, SETTLE_MS);
  };
}

/** A registry that is small enough to be read whole after each change. */
function list<T>(connection: Connection, name: string, key: keyof T & string): Live<ReadonlyMap<string, T>> {
  return new Live<ReadonlyMap<string, T>>(new Map(), async (set) => {
    const read = async () => {
      const items = await connection.sendMessagePromise<T[]>({ type: `config/${name}_registry/list` });
      set(new Map(items.map((item) => [String(item[key]), item])));
    };
    const again = gather(read);
    connection.addEventListener('ready', () => again(''));
    await connection.subscribeEvents(() => again(''), `${name}_registry_updated`);
    await read();
  });
}

function entries(connection: Connection): Live<ReadonlyMap<string, EntityEntry>> {
  return new Live<ReadonlyMap<string, EntityEntry>>(new Map(), async (set, get) => {
    const readAll = async () => {
      const { entities } = await connection.sendMessagePromise<{ entities: ShortEntry[] }>({
        type: 'config/entity_registry/list_for_display',
      });
      set(new Map(entities.map((short) => [short.ei, fromShort(short)])));
    };
    const read = gather(async (ids) => {
      if (ids.has('') || ids.size > SINGLE) return readAll();
      const found = await connection.sendMessagePromise<Record<string, LongEntry | null>>({
        type: 'config/entity_registry/get_entries',
        entity_ids: [...ids],
      });
      const next = new Map(get());
      for (const [id, long] of Object.entries(found)) {
        if (long === null || long.disabled_by !== null) next.delete(id);
        else next.set(id, fromLong(long));
      }
      set(next);
    });
    connection.addEventListener('ready', () => read(''));
    await connection.subscribeEvents<EntryUpdated>(({ data }) => {
      read(data.entity_id, ...(data.old_entity_id ? [data.old_entity_id] : []));
    }, 'entity_registry_updated');
    await readAll();
  });
}

/** The registries; each is read when somebody looks at it for the first time. */
export class Registries {
  readonly areas: Live<ReadonlyMap<string, Area>>;
  readonly floors: Live<ReadonlyMap<string, Floor>>;
  readonly labels: Live<ReadonlyMap<string, Label>>;
  readonly devices: Live<ReadonlyMap<string, Device>>;
  readonly entities: Live<ReadonlyMap<string, EntityEntry>>;

  constructor(connection: Connection) {
    this.areas = list<Area>(connection, 'area', 'area_id');
    this.floors = list<Floor>(connection, 'floor', 'floor_id');
    this.labels = list<Label>(connection, 'label', 'label_id');
    this.devices = list<Device>(connection, 'device', 'id');
    this.entities = entries(connection);
  }

  /** The area in which an entity is: its own, or its device's. */
  areaIdOf(entityId: string): string | null {
    const entry = this.entities.get().get(entityId);
    if (!entry) return null;
    if (entry.area_id) return entry.area_id;
    return (entry.device_id && this.devices.get().get(entry.device_id)?.area_id) || null;
  }
}
