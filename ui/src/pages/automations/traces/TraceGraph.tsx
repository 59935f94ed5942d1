/** The run as a picture: what was done and which way it took. Its boxes are buttons in the order of the run. */

import { useLayoutEffect, useRef } from 'react';
import { mdiAlertCircle, mdiCheckCircle, mdiCloseCircle, mdiFilterOutline, mdiGestureTap, mdiHelpCircleOutline, mdiPauseCircle, mdiRecord } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Icon } from '@/components';
import { kindOf } from '../kinds';
import { useSay } from '../kinds/say';
import { BOX, type Graph, type Line, type Node, stateKey } from './graph';
import styles from './TraceGraph.module.css';

const PAD = 12;

function shapeOf({ from, to, back }: Line): string {
  const [x1, y1] = from;
  const [x2, y2] = to;
  if (back) return `M ${x1 - 12} ${y1} H ${x1 - 4} Q ${x1 + 4} ${y1} ${x1 + 4} ${y1 - 8} V ${y2 + 8} Q ${x1 + 4} ${y2} ${x1 - 4} ${y2} H ${x2 - 8}`;
  if (x1 === x2) return `M ${x1} ${y1} V ${y2}`;
  const half = (y1 + y2) / 2;
  return `M ${x1} ${y1} C ${x1} ${half + 6} ${x2} ${half - 6} ${x2} ${y2}`;
}

const MARKS = { done: mdiCheckCircle, error: mdiAlertCircle, false: mdiCloseCircle, skipped: '', off: '' };

interface Props {
  graph: Graph;
  selected: string | null;
  onSelect: (path: string) => void;
  /** Steps before which runs wait, and those before which one waits now. */
  breakpoints?: ReadonlySet<string>;
  waiting?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

export function TraceGraph({ graph, selected, onSelect, breakpoints = NONE, waiting = NONE }: Props) {
  const { t } = useTranslation('automations');
  const say = useSay();
  const scroll = useRef<HTMLDivElement>(null);
  // A picture that is wider than the screen begins in its middle, where the run goes down.
  useLayoutEffect(() => {
    const element = scroll.current;
    if (element) element.scrollLeft = (element.scrollWidth - element.clientWidth) / 2;
  }, [graph.width]);
  const words = (node: Node): string => {
    if (node.text) return t(node.text.key, node.text.options ?? {});
    if (!node.piece) return '';
    return node.role === 'option' ? String((node.piece.alias as string | undefined) ?? '') : say.piece(node.role === 'start' ? 'trigger' : node.role, node.piece);
  };
  const icon = (node: Node): string => {
    if (node.role === 'start') return mdiGestureTap;
    if (node.role === 'option') return mdiFilterOutline;
    return (node.piece && kindOf(node.role, node.piece)?.icon) ?? mdiHelpCircleOutline;
  };
  // The lines that were taken lie above the others.
  const lines = graph.lines.toSorted((a, b) => Number(a.taken) - Number(b.taken));
  return (
    <div ref={scroll} className={styles.scroll}>
      <div className={styles.graph} role="group" aria-label={t('traces.graph')} style={{ width: graph.width + 2 * PAD, height: graph.height + 2 * PAD }}>
        <svg className={styles.lines} width={graph.width + 2 * PAD} height={graph.height + 2 * PAD} viewBox={`${-PAD} ${-PAD} ${graph.width + 2 * PAD} ${graph.height + 2 * PAD}`} aria-hidden="true">
          {lines.map((line) => (
            <path key={`${line.from.join()} ${line.to.join()} ${line.back ? 'b' : ''}`} d={shapeOf(line)} className={`${styles.line} ${line.taken ? styles.taken : ''} ${line.back ? styles.back : ''}`} />
          ))}
        </svg>
        {graph.nodes.map((node) => {
          const text = words(node);
          const waits = waiting.has(node.path);
          const stops = breakpoints.has(node.path);
          const mark = waits ? mdiPauseCircle : MARKS[node.state];
          return (
            <button
              key={node.path}
              type="button"
              title={text}
              aria-pressed={selected === node.path}
              aria-label={`${text}: ${t(waits ? 'debug.waitsHere' : stateKey(node))}${stops ? `, ${t('debug.isSet')}` : ''}`}
              className={`${styles.node} ${styles[node.state]} ${waits ? styles.waits : ''} ${selected === node.path ? styles.selected : ''}`}
              style={{ left: node.x + PAD, top: node.y + PAD, width: BOX.width, height: BOX.height }}
              onClick={() => onSelect(node.path)}
            >
              <Icon path={icon(node)} size={20} />
              <span className={styles.text}>{text}</span>
              {node.times > 1 && <span className={styles.times}>×{node.times}</span>}
              {mark && <Icon path={mark} size={16} className={styles.mark} />}
              {stops && <Icon path={mdiRecord} size={20} className={styles.stop} />}
            </button>
          );
        })}
      </div>
    </div>
  );
}
