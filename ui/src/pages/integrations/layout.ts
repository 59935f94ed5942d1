/** A network as a drawing: who hears each other stands near each other. Pure, and the same every time. */

export interface MapNode {
  id: string;
  name: string;
  kind: 'coordinator' | 'router' | 'end';
}
export interface MapLink {
  from: string;
  to: string;
  /** 0…255. */
  quality: number;
}
export interface Network {
  nodes: readonly MapNode[];
  links: readonly MapLink[];
}
export interface Placed extends MapNode {
  x: number;
  y: number;
}

interface RawNode { ieeeAddr?: unknown; friendlyName?: unknown; type?: unknown }
interface RawLink { source?: { ieeeAddr?: unknown }; target?: { ieeeAddr?: unknown }; sourceIeeeAddr?: unknown; targetIeeeAddr?: unknown; lqi?: unknown; linkquality?: unknown }

/** What zigbee2mqtt calls a raw map; null: it is none. */
export function readMap(value: unknown): Network | null {
  const { nodes, links } = (value ?? {}) as { nodes?: unknown; links?: unknown };
  if (!Array.isArray(nodes) || !Array.isArray(links)) return null;
  const found = new Map<string, MapNode>();
  for (const raw of nodes as RawNode[]) {
    const id = String(raw.ieeeAddr ?? '');
    if (id) found.set(id, { id, name: String(raw.friendlyName ?? id), kind: raw.type === 'Coordinator' ? 'coordinator' : raw.type === 'Router' ? 'router' : 'end' });
  }
  // Two devices hear each other: one line, as good as the better direction.
  const best = new Map<string, MapLink>();
  for (const raw of links as RawLink[]) {
    const [from, to] = [String(raw.source?.ieeeAddr ?? raw.sourceIeeeAddr ?? ''), String(raw.target?.ieeeAddr ?? raw.targetIeeeAddr ?? '')];
    const quality = Number(raw.lqi ?? raw.linkquality ?? 0);
    if (from === to || !found.has(from) || !found.has(to)) continue;
    const key = [from, to].sort().join();
    if (!best.has(key) || best.get(key)!.quality < quality) best.set(key, { from, to, quality: Number.isFinite(quality) ? quality : 0 });
  }
  return { nodes: [...found.values()], links: [...best.values()].sort((a, b) => b.quality - a.quality) };
}

export const SIZE = 1000;

const MARGIN = 60;

/** Places inside a square of `SIZE`, all of which is used. */
export function place({ nodes, links }: Network): Placed[] {
  const count = nodes.length;
  const index = new Map(nodes.map((node, at) => [node.id, at]));
  // Begin on a spiral: nobody stands on anybody.
  const xs = nodes.map((_, at) => SIZE / 2 + Math.sqrt(at / Math.max(1, count)) * 420 * Math.cos(at * 2.4));
  const ys = nodes.map((_, at) => SIZE / 2 + Math.sqrt(at / Math.max(1, count)) * 420 * Math.sin(at * 2.4));
  const ideal = SIZE / Math.sqrt(count + 1) / 1.4;
  const pairs = links.map((link) => [index.get(link.from)!, index.get(link.to)!, 0.4 + link.quality / 255] as const);
  const rounds = Math.max(30, Math.min(300, Math.round(4e7 / Math.max(1, count * count))));
  for (let round = 0; round < rounds; round += 1) {
    const step = 60 * (1 - round / rounds);
    const [dx, dy] = [new Float64Array(count), new Float64Array(count)];
    for (let a = 0; a < count; a += 1) {
      for (let b = a + 1; b < count; b += 1) {
        const [x, y] = [xs[a]! - xs[b]!, ys[a]! - ys[b]!];
        const force = (ideal * ideal) / Math.max(25, x * x + y * y);
        dx[a]! += x * force; dy[a]! += y * force; dx[b]! -= x * force; dy[b]! -= y * force;
      }
      dx[a]! += (SIZE / 2 - xs[a]!) * 0.02; dy[a]! += (SIZE / 2 - ys[a]!) * 0.02;
    }
    for (const [a, b, weight] of pairs) {
      const [x, y] = [xs[a]! - xs[b]!, ys[a]! - ys[b]!];
      const force = (Math.hypot(x, y) / ideal / 6) * weight;
      dx[a]! -= x * force; dy[a]! -= y * force; dx[b]! += x * force; dy[b]! += y * force;
    }
    for (let at = 0; at < count; at += 1) {
      const length = Math.hypot(dx[at]!, dy[at]!) || 1;
      xs[at] = xs[at]! + (dx[at]! / length) * Math.min(step, length);
      ys[at] = ys[at]! + (dy[at]! / length) * Math.min(step, length);
    }
  }
  // As large as the square allows.
  const fitted = [xs, ys].map((values) => {
    const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]) as [number, number];
    const scale = Math.min(4, (SIZE - 2 * MARGIN) / Math.max(1, most - least));
    return values.map((value) => Math.round(SIZE / 2 + (value - (least + most) / 2) * scale));
  });
  return nodes.map((node, at) => ({ ...node, x: fitted[0]![at]!, y: fitted[1]![at]! }));
}
