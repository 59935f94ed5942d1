/** Messages between the parts of the system a second, as a picture: nodes where they always stand, edges as thick as they are busy. */

import { useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Console.module.css';
import { rate } from './format';
import type { Edge } from './types';

type Point = readonly [number, number];

/** Column and row of each part: those that talk stand side by side, so that few lines cross. */
const CELLS: Record<string, Point> = {
  bridges: [0, 0], entities: [1, 0], clients: [2, 0], core: [0, 1], bus: [1, 1], services: [2, 1], recorder: [0, 2], listeners: [1, 2],
  automations: [2, 2], helpers: [0, 3],
};
const ROW = 104;
const HALF_HEIGHT = 21;
const HEIGHT = 3 * ROW + 2 * HALF_HEIGHT + 24;
/** On a phone the columns stand closer: the words stay as large as all others. */
const SIZES = { wide: { width: 640, half: 58 }, narrow: { width: 400, half: 50 } };
const NARROW = '(width < 700px)';

const subscribe = (listener: () => void) => {
  const media = matchMedia(NARROW);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
};

function placesIn({ width, half }: { width: number; half: number }): Record<string, Point> {
  const step = (width - 2 * half - 16) / 2;
  return Object.fromEntries(Object.entries(CELLS).map(([name, [column, row]]) => [name, [half + 8 + column * step, HALF_HEIGHT + 12 + row * ROW] as const]));
}

/** Where a line from the middle of `from` to the middle of `to` leaves the box of `from`. */
function border(from: Point, to: Point, half: number): [number, number] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const scale = Math.min(dx ? (half + 4) / Math.abs(dx) : Infinity, dy ? (HALF_HEIGHT + 4) / Math.abs(dy) : Infinity);
  return [from[0] + dx * scale, from[1] + dy * scale];
}

/** Where an edge's figure stands on it: of long ones nearer to where they begin, for in the middle they cross others. */
function labelAt(edge: Edge): number {
  const [from, to] = [CELLS[edge.from]!, CELLS[edge.to]!];
  return Math.abs(from[0] - to[0]) + Math.abs(from[1] - to[1]) > 1 ? 0.3 : 0.5;
}

function arc(from: Point, to: Point, half: number, along = 0.5): { path: string; middle: [number, number] } {
  const [start, end] = [border(from, to, half), border(to, from, half)];
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  const length = Math.hypot(dx, dy) || 1;
  const bend = Math.min(26, length / 5); // so that the way there and the way back are two lines
  const [nx, ny] = [(-dy / length) * bend, (dx / length) * bend];
  const control = [(start[0] + end[0]) / 2 + nx, (start[1] + end[1]) / 2 + ny];
  const on = (axis: 0 | 1) => (1 - along) ** 2 * start[axis] + 2 * along * (1 - along) * control[axis]! + along ** 2 * end[axis];
  const middle: [number, number] = [on(0), on(1)];
  return { path: `M${start.map(Math.round).join(' ')} Q${control.map(Math.round).join(' ')} ${end.map(Math.round).join(' ')}`, middle };
}

export function Flow({ nodes, edges }: { nodes: readonly string[]; edges: readonly Edge[] }) {
  const { t, i18n } = useTranslation('console');
  const narrow = useSyncExternalStore(subscribe, () => matchMedia(NARROW).matches);
  const size = narrow ? SIZES.narrow : SIZES.wide;
  const places = useMemo(() => placesIn(size), [size]);
  const known = edges.filter((edge) => edge.from !== edge.to && places[edge.from] && places[edge.to]);
  const busy = new Set(known.flatMap((edge) => [edge.from, edge.to]));
  return (
    <figure>
      <svg viewBox={`0 0 ${size.width} ${HEIGHT}`} className={styles.flow} role="img" aria-label={t('flow.title')}>
        <defs>
          <marker id="flow-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">
            <path d="M0 0 L8 4 L0 8 Z" className={styles.tip} />
          </marker>
        </defs>
        {known.map((edge) => {
          const { path } = arc(places[edge.from]!, places[edge.to]!, size.half);
          const thick = Math.min(9, 1.5 + Math.log10(1 + edge.per_s) * 2.2);
          return <path key={`${edge.from} ${edge.to}`} d={path} className={styles.edge} strokeWidth={thick} markerEnd="url(#flow-tip)" />;
        })}
        {known.map((edge) => {
          const { middle } = arc(places[edge.from]!, places[edge.to]!, size.half, labelAt(edge));
          const text = rate(edge.per_s, i18n.language);
          return (
            <g key={`${edge.from} ${edge.to} text`} transform={`translate(${Math.round(middle[0])} ${Math.round(middle[1])})`}>
              <rect x={-8 - text.length * 3.6} y={-10} width={16 + text.length * 7.2} height={20} rx={10} className={styles.pill} />
              <text className={styles.pillText} dy={4.5} textAnchor="middle">{text}</text>
            </g>
          );
        })}
        {nodes.filter((node) => places[node]).map((node) => {
          const [x, y] = places[node]!;
          return (
            <g key={node} transform={`translate(${x} ${y})`}>
              <rect x={-size.half} y={-HALF_HEIGHT} width={size.half * 2} height={HALF_HEIGHT * 2} rx={14} className={busy.has(node) ? styles.nodeBusy : styles.node} />
              <text className={busy.has(node) ? styles.nodeTextBusy : styles.nodeText} dy={5} textAnchor="middle">{t(`flow.node.${node}`)}</text>
            </g>
          );
        })}
      </svg>
      <figcaption className="visually-hidden">
        <ul>
          {known.map((edge) => (
            <li key={`${edge.from} ${edge.to}`}>{t('flow.edge', { from: t(`flow.node.${edge.from}`), to: t(`flow.node.${edge.to}`), count: edge.per_s })}</li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
