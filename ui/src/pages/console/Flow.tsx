/** Messages between the parts of the system a second, as a picture: nodes where they always stand, edges as thick as they are busy. */

import { useTranslation } from 'react-i18next';
import styles from './Console.module.css';
import { rate } from './format';
import type { Edge } from './types';

const WIDTH = 640;
const HEIGHT = 400;
const PLACES: Record<string, readonly [number, number]> = {
  bridges: [85, 70], entities: [320, 70], bus: [320, 200], automations: [555, 200], services: [555, 70], recorder: [85, 330], listeners: [320, 330],
  clients: [555, 330], helpers: [85, 200], core: [200, 265],
};
const HALF = { x: 62, y: 22 };

/** Where a line from the middle of `from` to the middle of `to` leaves the box of `from`. */
function border(from: readonly [number, number], to: readonly [number, number]): [number, number] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const scale = Math.min(dx ? (HALF.x + 4) / Math.abs(dx) : Infinity, dy ? (HALF.y + 4) / Math.abs(dy) : Infinity);
  return [from[0] + dx * scale, from[1] + dy * scale];
}

function arc(from: readonly [number, number], to: readonly [number, number]): { path: string; middle: [number, number] } {
  const [start, end] = [border(from, to), border(to, from)];
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  const length = Math.hypot(dx, dy) || 1;
  const bend = Math.min(26, length / 5); // so that the way there and the way back are two lines
  const [nx, ny] = [(-dy / length) * bend, (dx / length) * bend];
  const control = [(start[0] + end[0]) / 2 + nx, (start[1] + end[1]) / 2 + ny];
  const middle: [number, number] = [(start[0] + end[0]) / 2 + nx / 2, (start[1] + end[1]) / 2 + ny / 2];
  return { path: `M${start.map(Math.round).join(' ')} Q${control.map(Math.round).join(' ')} ${end.map(Math.round).join(' ')}`, middle };
}

export function Flow({ nodes, edges }: { nodes: readonly string[]; edges: readonly Edge[] }) {
  const { t, i18n } = useTranslation('console');
  const known = edges.filter((edge) => edge.from !== edge.to && PLACES[edge.from] && PLACES[edge.to]);
  const busy = new Set(known.flatMap((edge) => [edge.from, edge.to]));
  return (
    <figure>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={styles.flow} role="img" aria-label={t('flow.title')}>
        <defs>
          <marker id="flow-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">
            <path d="M0 0 L8 4 L0 8 Z" className={styles.tip} />
          </marker>
        </defs>
        {known.map((edge) => {
          const { path } = arc(PLACES[edge.from]!, PLACES[edge.to]!);
          const width = Math.min(9, 1.5 + Math.log10(1 + edge.per_s) * 2.2);
          return <path key={`${edge.from} ${edge.to}`} d={path} className={styles.edge} strokeWidth={width} markerEnd="url(#flow-tip)" />;
        })}
        {known.map((edge) => {
          const { middle } = arc(PLACES[edge.from]!, PLACES[edge.to]!);
          const text = rate(edge.per_s, i18n.language);
          return (
            <g key={`${edge.from} ${edge.to} text`} transform={`translate(${Math.round(middle[0])} ${Math.round(middle[1])})`}>
              <rect x={-8 - text.length * 3.6} y={-10} width={16 + text.length * 7.2} height={20} rx={10} className={styles.pill} />
              <text className={styles.pillText} dy={4.5} textAnchor="middle">{text}</text>
            </g>
          );
        })}
        {nodes.filter((node) => PLACES[node]).map((node) => {
          const [x, y] = PLACES[node]!;
          return (
            <g key={node} transform={`translate(${x} ${y})`}>
              <rect x={-HALF.x} y={-HALF.y} width={HALF.x * 2} height={HALF.y * 2} rx={14} className={busy.has(node) ? styles.nodeBusy : styles.node} />
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
