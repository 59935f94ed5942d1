/** Areas, floors, labels, devices and entities' entries, kept up to date. */

import type { Connection } from 'home-assistant-js-websocket';
import { Live } from './store';
import type { Area, Device, EntityEntry, Floor, Label } from './types';

/** Changes come in bursts (a bridge with a hundred devices): one question answers them all. */
const SETTLE_MS = 150;
/** Up to so many changed entries are asked for by name; more, and the whole list is cheaper. */
const SINGLE = 50;

/** `marge/entities/entries`: `[entity id, platform, device, area, name, more]`, numbers being places in the tables. */
interface ShortEntries {
  tables: { platforms: string[]; devices: string[]; areas: string[] };
  rows: [string, number, number | null, number | null, string | null, ShortMore?][];
}

/** What few entries have. */
interface ShortMore {
  lb?: string[];
  ic?: string;
  tk?: string;
  ec?: number;
  hb?: boolean;
  dp?: number;
}

/** `marge/entities/devices`: `[id, name, more, …]`, behind it a place in each table. */
interface ShortDevices {
  tables: Record<string, unknown[]>;
  rows: [string, string | null, Partial<Device>, ...(number | null)[]][];
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

const NO_LABELS: string[] = [];
const NOTHING: ShortMore = {};

function fromShort({ tables: { platforms, devices, areas }, rows }: ShortEntries): Map<string, EntityEntry> {
  const found = new Map<string, EntityEntry>();
  for (const [id, platform, device, area, name, more = NOTHING] of rows) {
    found.set(id, {
      entity_id: id,
      platform: platforms[platform]!,
      name,
      icon: more.ic ?? null,
      area_id: area === null ? null : areas[area]!,
      device_id: device === null ? null : devices[device]!,
      labels: more.lb ?? NO_LABELS,
      hidden: more.hb === true,
      category: more.ec === 0 ? 'config' : more.ec === 1 ? 'diagnostic' : null,
      translation_key: more.tk ?? null,
      precision: more.dp ?? null,
    });
  }
  return found;
}

const NO_DEVICE: Omit<Device, 'id' | 'name'> = {
  name_by_user: null,
  manufacturer: null,
  model: null,
  sw_version: null,
  hw_version: null,
  serial_number: null,
  area_id: null,
  labels: [],
  disabled_by: null,
  entry_type: null,
  via_device_id: null,
  configuration_url: null,
  config_entries: [],
  primary_config_entry: null,
  identifiers: [],
  connections: [],
};

function devicesOf({ tables, rows }: ShortDevices): Device[] {
  const columns = Object.entries(tables);
  return rows.map(([id, name, more, ...places]) => {
    const device: Record<string, unknown> = { ...NO_DEVICE, ...more, id, name };
    columns.forEach(([column, values], at) => {
      const place = places[at];
      if (place != null) device[column] = values[place];
    });
    return device as unknown as Device;
  });
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
function list<T>(connection: Connection, name: string, key: keyof T & string, all: () => Promise<T[]>): Live<ReadonlyMap<string, T>> {
  return new Live<ReadonlyMap<string, T>>(new Map(), async (set) => {
    const read = async () => set(new Map((await all()).map((item) => [String(item[key]), item])));
    const again = gather(read);
    connection.addEventListener('ready', () => again(''));
    // Listened to before it is read, and without waiting for each other.
    await Promise.all([connection.subscribeEvents(() => again(''), `${name}_registry_updated`), read()]);
  });
}

const plain = <T>(connection: Connection, name: string) => () => connection.sendMessagePromise<T[]>({ type: `config/${name}_registry/list` });

function entries(connection: Connection): Live<ReadonlyMap<string, EntityEntry>> {
  return new Live<ReadonlyMap<string, EntityEntry>>(new Map(), async (set, get) => {
    const readAll = async () => set(fromShort(await connection.sendMessagePromise<ShortEntries>({ type: 'marge/entities/entries' })));
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
    const listening = connection.subscribeEvents<EntryUpdated>(({ data }) => {
      read(data.entity_id, ...(data.old_entity_id ? [data.old_entity_id] : []));
    }, 'entity_registry_updated');
    await Promise.all([listening, readAll()]);
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
    this.areas = list<Area>(connection, 'area', 'area_id', plain(connection, 'area'));
    this.floors = list<Floor>(connection, 'floor', 'floor_id', plain(connection, 'floor'));
    this.labels = list<Label>(connection, 'label', 'label_id', plain(connection, 'label'));
    this.devices = list<Device>(connection, 'device', 'id', async () => devicesOf(await connection.sendMessagePromise<ShortDevices>({ type: 'marge/entities/devices' })));
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
