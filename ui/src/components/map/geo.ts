/** Places on a map: Web Mercator, distances on the globe, what fits where. Pure. Degrees, metres, pixels. */

export interface Point {
  latitude: number;
  longitude: number;
}

/** What a map shows: its middle, and how near; one more is twice as near, at 0 the world is 256 pixels wide. */
export interface View extends Point {
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

const TILE = 256;
const EARTH_M = 6_371_008;
const EQUATOR_M = 2 * Math.PI * 6_378_137;
/** Where the projection ends. */
const MAX_LATITUDE = 85.05;
export const MIN_ZOOM = 1;
export const MAX_ZOOM = 20;

const rad = (degrees: number) => (degrees * Math.PI) / 180;
const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));
const worldOf = (zoom: number) => TILE * 2 ** zoom;

/** Pixels from the world's upper left corner. */
export function project({ latitude, longitude }: Point, zoom: number): { x: number; y: number } {
  const world = worldOf(zoom);
  const sine = Math.sin(rad(clamp(latitude, -MAX_LATITUDE, MAX_LATITUDE)));
  return { x: ((longitude + 180) / 360) * world, y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * world };
}

export function unproject({ x, y }: { x: number; y: number }, zoom: number): Point {
  const world = worldOf(zoom);
  const longitude = ((((x / world) * 360) % 360) + 360) % 360 - 180;
  return { latitude: (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / world))) * 180) / Math.PI, longitude };
}

/** Metres that a pixel stands for at this latitude. */
export const metresPerPixel = (latitude: number, zoom: number): number => (EQUATOR_M * Math.cos(rad(clamp(latitude, -MAX_LATITUDE, MAX_LATITUDE)))) / worldOf(zoom);

/** Where a place is on a map of this size; the nearer way round the globe. */
export function toScreen(point: Point, view: View, size: Size): { x: number; y: number } {
  const [at, middle] = [project(point, view.zoom), project(view, view.zoom)];
  const world = worldOf(view.zoom);
  const x = at.x - middle.x;
  return { x: size.width / 2 + x - Math.round(x / world) * world, y: size.height / 2 + at.y - middle.y };
}

export function fromScreen({ x, y }: { x: number; y: number }, view: View, size: Size): Point {
  const middle = project(view, view.zoom);
  return unproject({ x: middle.x + x - size.width / 2, y: middle.y + y - size.height / 2 }, view.zoom);
}

/** The view moved by pixels: what was at (x, y) is at (x + dx, y + dy). */
export function moved(view: View, dx: number, dy: number): View {
  const middle = project(view, view.zoom);
  const { latitude, longitude } = unproject({ x: middle.x - dx, y: middle.y - dy }, view.zoom);
  return { latitude: clamp(latitude, -MAX_LATITUDE, MAX_LATITUDE), longitude, zoom: view.zoom };
}

/** Nearer or farther, with the place under (x, y) staying there. */
export function zoomed(view: View, by: number, at: { x: number; y: number }, size: Size): View {
  const zoom = clamp(view.zoom + by, MIN_ZOOM, MAX_ZOOM);
  const fixed = fromScreen(at, view, size);
  const next = { ...view, zoom };
  const now = toScreen(fixed, next, size);
  return moved(next, at.x - now.x, at.y - now.y);
}

/** The nearest view that shows all these circles (metres) with a margin, at most as near as `most`. null: there is nothing to show. */
export function fit(circles: readonly (Point & { radius: number })[], size: Size, most: number, margin = 52): View | null {
  const first = circles[0];
  if (!first) return null;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  const start = project(first, 0);
  for (const circle of circles) {
    const { x, y } = project(circle, 0);
    const near = x - Math.round((x - start.x) / TILE) * TILE;
    const reach = circle.radius / metresPerPixel(circle.latitude, 0);
    left = Math.min(left, near - reach);
    right = Math.max(right, near + reach);
    top = Math.min(top, y - reach);
    bottom = Math.max(bottom, y + reach);
  }
  const room = Math.min(Math.max(40, size.width - 2 * margin) / Math.max(right - left, 1e-12), Math.max(40, size.height - 2 * margin) / Math.max(bottom - top, 1e-12));
  return { ...unproject({ x: (left + right) / 2, y: (top + bottom) / 2 }, 0), zoom: clamp(Math.log2(room), MIN_ZOOM, most) };
}

/** Metres between two places. */
export function distance(a: Point, b: Point): number {
  const [north, east] = [Math.sin(rad(b.latitude - a.latitude) / 2), Math.sin(rad(b.longitude - a.longitude) / 2)];
  const part = north * north + Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * east * east;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(part)));
}

const WINDS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;
export type Wind = (typeof WINDS)[number];

/** In which direction b lies, seen from a. */
export function windOf(a: Point, b: Point): Wind {
  const east = rad(b.longitude - a.longitude);
  const y = Math.sin(east) * Math.cos(rad(b.latitude));
  const x = Math.cos(rad(a.latitude)) * Math.sin(rad(b.latitude)) - Math.sin(rad(a.latitude)) * Math.cos(rad(b.latitude)) * Math.cos(east);
  return WINDS[(Math.round((Math.atan2(y, x) * 4) / Math.PI) + 8) % 8]!;
}

const FOOT_M = 0.3048;
const MILE_M = 1609.344;

export interface Length {
  metres: number;
  value: number;
  unit: 'm' | 'km' | 'ft' | 'mi';
}

/** Metres as people of the home say them. */
export function lengthOf(metres: number, imperial: boolean): Length {
  if (imperial) return metres < MILE_M / 4 ? { metres, value: metres / FOOT_M, unit: 'ft' } : { metres, value: metres / MILE_M, unit: 'mi' };
  return metres < 1000 ? { metres, value: metres, unit: 'm' } : { metres, value: metres / 1000, unit: 'km' };
}

/** The greatest round length (1, 2, 5, 10, …) that is at most so many metres. */
export function roundLength(most: number, imperial: boolean): Length {
  const unit = imperial ? (most >= MILE_M / 4 ? 'mi' : 'ft') : most >= 1000 ? 'km' : 'm';
  const size = { m: 1, km: 1000, ft: FOOT_M, mi: MILE_M }[unit];
  const target = most / size;
  const power = 10 ** Math.floor(Math.log10(target));
  const value = [5, 2, 1].map((each) => each * power).find((each) => each <= target) ?? power;
  const exact = Number(value.toPrecision(1));
  return { metres: exact * size, value: exact, unit };
}

export interface Placed {
  id: string;
  x: number;
  y: number;
}

export interface Group {
  x: number;
  y: number;
  /** Where each is shown: beside each other where they would cover each other. */
  members: Placed[];
  /** More than can stand beside each other. */
  crowd: boolean;
}

const APART = 46;
const MOST_BESIDE = 6;

/** Points that would cover each other, put around their middle. */
export function spread(points: readonly Placed[]): Group[] {
  const cells = new Map<string, Placed[][]>();
  const groups: Placed[][] = [];
  for (const point of points) {
    const [column, row] = [Math.floor(point.x / APART), Math.floor(point.y / APART)];
    let home: Placed[] | undefined;
    for (let dx = -1; dx <= 1 && !home; dx += 1) {
      for (let dy = -1; dy <= 1 && !home; dy += 1) {
        home = cells.get(`${column + dx} ${row + dy}`)?.find(([head]) => Math.hypot(head!.x - point.x, head!.y - point.y) < APART * 0.8);
      }
    }
    if (home) home.push(point);
    else {
      const made = [point];
      groups.push(made);
      const key = `${column} ${row}`;
      cells.set(key, [...(cells.get(key) ?? []), made]);
    }
  }
  return groups.map((members) => {
    const x = members.reduce((sum, each) => sum + each.x, 0) / members.length;
    const y = members.reduce((sum, each) => sum + each.y, 0) / members.length;
    if (members.length === 1 || members.length > MOST_BESIDE) return { x, y, members: members.map((each) => ({ ...each, x, y })), crowd: members.length > 1 };
    const radius = Math.max(APART / 2, APART / (2 * Math.sin(Math.PI / members.length)));
    return {
      x,
      y,
      crowd: false,
      members: members.map((each, index) => {
        const angle = (2 * Math.PI * index) / members.length + (members.length === 2 ? 0 : -Math.PI / 2);
        return { ...each, x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
      }),
    };
  });
}
