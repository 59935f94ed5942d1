/** The dashboard of a home that has none: a section for each area, and one a kind for what stands in no area. Pure. */

import { usual } from '@/cards/parts/levels';
import type { Area, Device, Entity, EntityEntry, Floor } from '@/data/types';
import type { CardConfig, DashboardConfig, SectionConfig } from './types';

export interface Home {
  entities: Iterable<Entity>;
  entries: ReadonlyMap<string, EntityEntry>;
  devices: ReadonlyMap<string, Device>;
  areas: ReadonlyMap<string, Area>;
  floors: ReadonlyMap<string, Floor>;
}

/** What people use or look at at home, in the order in which it stands in a room. Other domains are pages of their own. */
const ORDER = [
  'light', 'cover', 'climate', 'fan', 'humidifier', 'switch', 'media_player', 'vacuum', 'lawn_mower', 'lock', 'alarm_control_panel', 'valve', 'siren',
  'water_heater', 'camera', 'binary_sensor', 'sensor', 'input_boolean', 'input_select', 'input_number', 'select', 'number', 'button', 'input_button',
  'scene', 'timer', 'counter', 'person', 'weather', 'todo',
];
const RANK = new Map(ORDER.map((domain, index) => [domain, index]));
/** Sensors that say how a room is; the others (signal, voltage, uptime …) are for whoever looks for them. */
const ROOM_SENSORS = new Set(['temperature', 'humidity', 'carbon_dioxide', 'pm25', 'illuminance', 'moisture', 'power', 'energy', 'aqi', 'volatile_organic_compounds']);
const ROOM_DETECTORS = new Set(['motion', 'occupancy', 'presence', 'door', 'window', 'garage_door', 'opening', 'moisture', 'smoke', 'gas', 'carbon_monoxide', 'lock', 'vibration', 'problem']);
const HEADING = new Set(['temperature', 'humidity']);
/** A room with more shows the first of them; the rest is a press away, on the area's page. */
const AT_MOST = 24;

const KINDS: readonly [string, readonly string[]][] = [
  ['lights', ['light']],
  ['climate', ['climate', 'humidifier', 'fan', 'water_heater']],
  ['covers', ['cover', 'valve']],
  ['security', ['lock', 'alarm_control_panel', 'siren', 'camera']],
  ['media', ['media_player']],
  ['switches', ['switch', 'vacuum', 'lawn_mower', 'button']],
  ['detectors', ['binary_sensor']],
  ['sensors', ['sensor']],
  ['helpers', ['input_boolean', 'input_select', 'input_number', 'input_button', 'select', 'number', 'timer', 'counter']],
  ['scenes', ['scene']],
];

const domainOf = (id: string) => id.slice(0, id.indexOf('.'));

function isShown(entity: Entity, entry: EntityEntry | undefined): boolean {
  if (entry?.hidden || entry?.category) return false;
  const domain = domainOf(entity.entity_id);
  if (!RANK.has(domain)) return false;
  if (entry?.platform === 'sun') return false;
  const kind = entity.attributes.device_class ?? '';
  if (domain === 'sensor') return ROOM_SENSORS.has(kind);
  if (domain === 'binary_sensor') return ROOM_DETECTORS.has(kind);
  return true;
}

function byOrder(a: Entity, b: Entity): number {
  const rank = (RANK.get(domainOf(a.entity_id)) ?? 99) - (RANK.get(domainOf(b.entity_id)) ?? 99);
  if (rank) return rank;
  return (a.attributes.friendly_name ?? a.entity_id).localeCompare(b.attributes.friendly_name ?? b.entity_id);
}

/** `Kitchen Ceiling` in the kitchen is "Ceiling"; a name that is only the room's stays. */
export function nameIn(area: string, name: string | undefined): string | undefined {
  if (!name) return undefined;
  const rest = name.toLowerCase().startsWith(`${area.toLowerCase()} `) ? name.slice(area.length + 1).trim() : '';
  return rest ? rest.charAt(0).toUpperCase() + rest.slice(1) : undefined;
}

function tile(entity: Entity, areaName: string): CardConfig {
  const name = nameIn(areaName, entity.attributes.friendly_name);
  const type = usual(entity);
  return {
    type: 'tile', entity: entity.entity_id, ...(name ? { name } : {}),
    ...(type ? { features: [{ type }] } : {}),
    // Degrees need room to be aimed at.
    ...(type === 'target-temperature' ? { grid_options: { columns: 12 } } : {}),
  };
}

/** `words` names the sections of what is in no area: `words('lights')`. */
export function generate(home: Home, words: (key: string) => string): DashboardConfig {
  const rooms = new Map<string, Entity[]>();
  const others: Entity[] = [];
  const people: string[] = [];
  let weather: string | null = null;
  for (const entity of home.entities) {
    const entry = home.entries.get(entity.entity_id);
    if (!isShown(entity, entry)) continue;
    const domain = domainOf(entity.entity_id);
    if (domain === 'person') people.push(entity.entity_id);
    else if (domain === 'weather') weather ??= entity.entity_id;
    else if (domain !== 'todo') {
      const areaId = entry?.area_id ?? (entry?.device_id ? home.devices.get(entry.device_id)?.area_id : null);
      const room = areaId && home.areas.has(areaId) ? areaId : null;
      if (room === null) others.push(entity);
      else {
        const inside = rooms.get(room);
        if (inside) inside.push(entity);
        else rooms.set(room, [entity]);
      }
    }
  }
  const level = (area: Area) => (area.floor_id ? (home.floors.get(area.floor_id)?.level ?? 0) : 0);
  const sections: SectionConfig[] = [...home.areas.values()]
    .sort((a, b) => level(a) - level(b))
    .flatMap((area) => {
      const inside = rooms.get(area.area_id)?.sort(byOrder);
      if (!inside) return [];
      const badges = inside.filter((each) => domainOf(each.entity_id) === 'sensor' && HEADING.has(each.attributes.device_class ?? ''));
      const tiles = inside.filter((each) => !badges.includes(each)).slice(0, AT_MOST);
      const heading: CardConfig = {
        type: 'heading',
        heading: area.name,
        ...(area.icon ? { icon: area.icon } : {}),
        badges: badges.slice(0, 3).map((each) => ({ type: 'entity', entity: each.entity_id })),
        tap_action: { action: 'navigate', navigation_path: `/areas/${area.area_id}` },
      };
      return [{ type: 'grid', cards: [heading, ...tiles.map((each) => tile(each, area.name))] }];
    });
  for (const [kind, domains] of KINDS) {
    const inside = others.filter((each) => domains.includes(domainOf(each.entity_id))).sort(byOrder).slice(0, AT_MOST);
    if (inside.length === 0) continue;
    sections.push({ type: 'grid', cards: [{ type: 'heading', heading: words(kind) }, ...inside.map((each) => tile(each, ''))] });
  }
  const badges = [...people, ...(weather ? [weather] : [])].map((entity) => ({ type: 'entity', entity }));
  return { views: [{ type: 'sections', path: 'home', badges, sections }] };
}
