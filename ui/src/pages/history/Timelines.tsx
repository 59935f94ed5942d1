/** States as rows of coloured pieces, one below the other over the same time. */

import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntityIcon, openMoreInfo } from '@/components';
import { useEntity, useSession, useStateWords, useStore } from '@/data';
import { formatTime, isActive } from '@/data/words';
import type { StateRow } from './grouping';
import styles from './History.module.css';
import { pointedAt } from './pointer';
import { durations, type Piece, pieceAt, pieces } from './timeline';

interface Props {
  rows: readonly StateRow[];
  from: number;
  to: number;
  zone: string;
}

export function Timelines({ rows, ...time }: Props) {
  return (
    <div className={styles.timelines}>
      {rows.map((row) => (
        <Row key={row.entityId} row={row} {...time} />
      ))}
    </div>
  );
}

/** Pixels below which a piece is not drawn alone. */
const LEAST_PX = 1;

function Row({ row, from, to, zone }: Omit<Props, 'rows'> & { row: StateRow }) {
  const { t } = useTranslation('history');
  const { entities } = useSession();
  const entity = useEntity(row.entityId) ?? entities.get(row.entityId);
  const words = useStateWords();
  const bar = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  const [over, setOver] = useState<number | null>(null);
  useEffect(() => {
    if (!bar.current) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(1, entry?.contentRect.width ?? 1)));
    observer.observe(bar.current);
    return () => observer.disconnect();
  }, []);
  const list = useMemo(() => pieces(row.samples, to, ((to - from) / width) * LEAST_PX), [row.samples, from, to, width]);
  const exact = useMemo(() => pieces(row.samples, to), [row.samples, to]);
  const say = (state: string) => (entity ? words(entity, state) : state);
  const share = (at: number) => `${(Math.max(0, at - from) / (to - from)) * 100}%`;
  const under = over === null ? undefined : pieceAt(exact, over);
  const point = (event: PointerEvent) => {
    const box = bar.current!.getBoundingClientRect();
    const at = from + ((event.clientX - box.left) / box.width) * (to - from);
    setOver(at);
    pointedAt.set(at);
  };
  const leave = () => {
    setOver(null);
    pointedAt.set(null);
  };
  return (
    <div className={styles.row}>
      <button type="button" className={styles.rowName} onClick={() => openMoreInfo(row.entityId)}>
        <EntityIcon entityId={row.entityId} plain size={20} />
        <span>{row.label}</span>
      </button>
      <div ref={bar} className={styles.bar} aria-hidden="true" onPointerMove={point} onPointerDown={point} onPointerLeave={leave}>
        {list.map((piece) => {
          const wide = ((piece.to - piece.from) / (to - from)) * width;
          return (
            <span key={piece.from} className={`${styles.piece} ${styles[toneOf(piece, row.entityId)]}`} style={{ left: share(piece.from), width: `max(1px, calc(${((piece.to - piece.from) / (to - from)) * 100}% - 1px))` }}>
              {wide > 52 && piece.state !== null && <b>{say(piece.state)}</b>}
            </span>
          );
        })}
        <Pointer from={from} to={to} />
        {under && over !== null && (
          <span className={styles.bubble} style={over < (from + to) / 2 ? { left: share(over) } : { right: `calc(100% - ${share(over)})` }}>
            <strong>{say(under.state ?? '')}</strong>
            <Span piece={under} zone={zone} />
          </span>
        )}
      </div>
      <p className="visually-hidden">
        {row.samples.length === 0
          ? t('rowEmpty', { name: row.label })
          : durations(row.samples, to).slice(0, 6).map(([state, ms]) => t('rowSummary', { state: say(state), time: t('minutes', { count: Math.round(ms / 60_000) }) })).join('; ')}
      </p>
    </div>
  );
}

function Span({ piece, zone }: { piece: Piece; zone: string }) {
  const { i18n } = useTranslation();
  return (
    <span>
      {formatTime(piece.from, i18n.language, 'seconds', zone)} – {formatTime(piece.to, i18n.language, 'time', zone)}
    </span>
  );
}

function Pointer({ from, to }: { from: number; to: number }) {
  const at = useStore(pointedAt);
  if (at === null || at < from || at > to) return null;
  return <span className={styles.pointer} style={{ left: `${((at - from) / (to - from)) * 100}%` }} />;
}

const TONES = ['tone1', 'tone2', 'tone3', 'tone4', 'tone5'] as const;

/** Colours mean the same in each row: amber is on, grey off, hatched unknown; other words have a colour each. */
function toneOf(piece: Piece, entityId: string): 'many' | 'unknown' | 'on' | 'off' | (typeof TONES)[number] {
  const { state } = piece;
  if (state === null) return 'many';
  if (state === 'unavailable' || state === 'unknown' || state === '') return 'unknown';
  if (['on', 'open', 'unlocked', 'playing', 'home', 'triggered', 'cleaning', 'heating'].includes(state)) return 'on';
  if (!isActive({ entity_id: entityId, state, attributes: {}, lastChanged: 0, lastUpdated: 0, context: { id: '' } }) && ['off', 'closed', 'locked', 'idle', 'standby', 'docked', 'not_home', 'disarmed', 'below_horizon', 'paused'].includes(state)) return 'off';
  let hash = 0;
  for (const letter of state) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return TONES[hash % TONES.length]!;
}
