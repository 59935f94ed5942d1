/** Integrations as cards: entries and bridges of one kind together, the guilty first. Pure. */

import type { Device, EntityEntry } from '@/data/types';
import type { ConfigEntry } from '@/pages/devices/useEntries';

/** A row of `marge/bridges/subscribe`. */
export interface Bridge {
  name: string;
  path: string;
  kind: string;
  status: string | null;
  pid: number | null;
  uptime: number;
  entities: number;
  restarts: number;
  last_error: string | null;
  /** Seconds. */
  restart_in: number | null;
  failures: { time: number; error: string }[];
  devices?: number;
  unreachable?: number;
}

/** A row of `GET /api/integrations`. */
export interface Family {
  id: string;
  name: string;
  status: string;
  device_count: number;
}

export type Health = 'failed' | 'restarting' | 'degraded' | 'starting' | 'disabled' | 'running' | 'idle';
const WORST_FIRST: readonly Health[] = ['failed', 'restarting', 'degraded', 'starting', 'running', 'disabled', 'idle'];

export interface Group {
  /** An integration's domain, or the name of a bridge. */
  domain: string;
  name: string;
  entries: readonly ConfigEntry[];
  bridges: readonly Bridge[];
  devices: number;
  entities: number;
  health: Health;
  isProgram: boolean;
}

/** Bridges that are a part of an integration of another name. */
const PART_OF: Readonly<Record<string, string>> = { broker: 'mqtt' };
export const groupOf = (bridge: string): string => PART_OF[bridge] ?? bridge;

export function healthOfEntry(entry: ConfigEntry): Health {
  if (entry.disabled_by) return 'disabled';
  switch (entry.state) {
    case 'loaded':
      return 'running';
    case 'setup_error':
    case 'migration_error':
    case 'failed_unload':
      return 'failed';
    case 'setup_retry':
      return 'restarting';
    default:
      return 'starting';
  }
}

export function healthOfBridge(bridge: Bridge): Health {
  switch (bridge.status) {
    case 'failed':
    case 'stopped':
      return 'failed';
    case 'restarting':
      return 'restarting';
    case 'starting':
    case null:
      return 'starting';
    case 'running':
    case 'connected':
      return 'running';
    default:
      return 'degraded';
  }
}

export const worst = (all: readonly Health[]): Health => WORST_FIRST.find((each) => all.includes(each)) ?? 'idle';

export interface Sources {
  entries: Iterable<ConfigEntry>;
  bridges: readonly Bridge[];
  families: readonly Family[];
  devices: Iterable<Device>;
  entities: Iterable<EntityEntry>;
  nameOf: (domain: string) => string;
}

export function groupsOf({ entries, bridges, families, devices, entities, nameOf }: Sources): Group[] {
  const byEntry = new Map<string, string>();
  const groups = new Map<string, { entries: ConfigEntry[]; bridges: Bridge[] }>();
  const group = (domain: string) => {
    if (!groups.has(domain)) groups.set(domain, { entries: [], bridges: [] });
    return groups.get(domain)!;
  };
  for (const entry of entries) {
    if (entry.source === 'ignore') continue;
    byEntry.set(entry.entry_id, entry.domain);
    group(entry.domain).entries.push(entry);
  }
  for (const bridge of bridges) group(groupOf(bridge.name)).bridges.push(bridge);
  const count = (domain: string | undefined, counts: Map<string, number>) => domain && counts.set(domain, (counts.get(domain) ?? 0) + 1);
  const [inDevices, inEntities] = [new Map<string, number>(), new Map<string, number>()];
  for (const device of devices) for (const domain of new Set(device.config_entries.map((id) => byEntry.get(id)))) count(domain, inDevices);
  for (const entity of entities) count(entity.platform, inEntities);
  const told = new Map(families.map((family) => [family.id, family]));

  return [...groups]
    .map(([domain, { entries: own, bridges: parts }]) => {
      const family = told.get(domain);
      const deviceCount = Math.max(inDevices.get(domain) ?? 0, family?.device_count ?? 0, ...parts.map((bridge) => bridge.devices ?? 0));
      const entityCount = Math.max(own.length ? (inEntities.get(domain) ?? 0) : 0, ...parts.map((bridge) => bridge.entities));
      const isProgram = parts.some((bridge) => bridge.kind === 'programs');
      let health = worst([...own.map(healthOfEntry), ...parts.map(healthOfBridge)]);
      // A family that listens, and that nobody has spoken to yet.
      if (health === 'running' && own.length === 0 && !isProgram && family && deviceCount === 0) health = 'idle';
      return { domain, name: family?.name ?? nameOf(domain), entries: own, bridges: parts, devices: deviceCount, entities: entityCount, health, isProgram };
    })
    .sort((a, b) => rank(a.health) - rank(b.health) || a.name.localeCompare(b.name));
}

/** What needs somebody stands first, what only waits last; the rest by name. */
const rank = (health: Health): number => (health === 'failed' ? 0 : health === 'restarting' || health === 'degraded' ? 1 : health === 'idle' ? 3 : 2);
