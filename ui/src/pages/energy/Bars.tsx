/** Stacked bars over the pieces of a time, what went out below the line; the time before as a shadow. */

import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/data/words';
import styles from './Energy.module.css';
import { steps } from './scale';
import type { Bucket } from './view';

export interface BarSeries {
  id: string;
  label: string;
  /** A token. */
  color: string;
  /** One a bucket; below zero: below the line. */
  values: readonly number[];
}

interface Props {
  label: string;
  buckets: readonly Bucket[];
  /** The name of a bucket, and a short one for the axis. */
  name: (bucket: Bucket) => string;
  tick: (bucket: Bucket) => string;
  series: readonly BarSeries[];
  /** What stood above the line in the time before, by place. */
  before?: readonly number[] | undefined;
  beforeLabel?: string;
  unit: string;
  height?: number;
}

const LEFT = 48;
const BOTTOM = 26;
const TOP = 8;

export function Bars({ label, buckets, name, tick, series, before, beforeLabel, unit, height = 260 }: Props) {
  const { i18n } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [over, setOver] = useState<number | null>(null);
  useEffect(() => {
    if (!place.current) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);

  const count = buckets.length || 1;
  const sums = (sign: 1 | -1) => buckets.map((_bucket, at) => series.reduce((sum, each) => sum + Math.max(0, sign * (each.values[at] ?? 0)), 0));
  const [above, below] = [sums(1), sums(-1)];
  const high = Math.max(0.001, ...above, ...(before ?? []));
  const low = 0 - Math.max(0, ...below);
  const ticks = steps(low, high);
  const [bottom, top] = [Math.min(0, ticks[0] ?? 0), ticks.at(-1) ?? high];
  const y = (value: number) => TOP + ((top - value) / (top - bottom || 1)) * (height - TOP - BOTTOM);
  const step = Math.max(0, width - LEFT) / count;
  const bar = Math.max(2, Math.min(44, step * 0.66));
  const every = Math.max(1, Math.ceil(46 / Math.max(1, step)));
  const write = (value: number) => `${formatNumber(value, i18n.language, { max: 2 })}\u00a0${unit}`;
  const point = (event: PointerEvent) => {
    const box = place.current!.getBoundingClientRect();
    const at = Math.floor((event.clientX - box.left - LEFT) / step);
    setOver(at >= 0 && at < count ? at : null);
  };
  const pointed = over === null ? undefined : buckets[over];

  return (
    <figure className={styles.bars} aria-label={label}>
      <div ref={place} className={styles.canvas} style={{ height }} onPointerMove={point} onPointerDown={point} onPointerLeave={() => setOver(null)} aria-hidden="true">
        {width > 0 && (
          <svg width={width} height={height}>
            {ticks.map((value) => (
              <g key={value}>
                <line x1={LEFT} x2={width} y1={y(value)} y2={y(value)} className={value === 0 ? styles.zero : styles.grid} />
                <text x={LEFT - 8} y={y(value) + 4} className={styles.axis} textAnchor="end">
                  {formatNumber(value, i18n.language)}
                </text>
              </g>
            ))}
            {buckets.map((bucket, at) => {
              const x = LEFT + step * at + (step - bar) / 2;
              let [up, down] = [0, 0];
              return (
                <g key={bucket.from}>
                  {over === at && <rect x={LEFT + step * at} y={TOP} width={step} height={height - TOP - BOTTOM} className={styles.pointed} />}
                  {before && (before[at] ?? 0) > 0 && <rect x={x - 3} y={y(before[at]!)} width={bar + 6} height={y(0) - y(before[at]!)} rx={3} className={styles.before} />}
                  {series.map((each) => {
                    const value = each.values[at] ?? 0;
                    if (value === 0) return null;
                    const from = value > 0 ? up : down;
                    if (value > 0) up += value;
                    else down += value;
                    const [a, b] = [y(Math.max(from, from + value)), y(Math.min(from, from + value))];
                    return <rect key={each.id} x={x} y={a} width={bar} height={Math.max(0.5, b - a)} style={{ fill: `var(${each.color})` }} />;
                  })}
                  {at % every === 0 && (
                    <text x={LEFT + step * at + step / 2} y={height - 6} className={styles.axis} textAnchor="middle">
                      {tick(bucket)}
                    </text>
                  )}
                </g>
              );
            })}
          </svg>
        )}
        {pointed && over !== null && (
          <div className={styles.note} style={over < count / 2 ? { left: LEFT + step * (over + 1) + 4 } : { right: width - LEFT - step * over + 4 }}>
            <strong>{name(pointed)}</strong>
            {series.filter((each) => (each.values[over] ?? 0) !== 0).map((each) => (
              <span key={each.id}>
                <i style={{ background: `var(${each.color})` }} />
                {each.label}: {write(Math.abs(each.values[over] ?? 0))}
              </span>
            ))}
            {before && (
              <span>
                <i className={styles.beforeMark} />
                {beforeLabel}: {write(before[over] ?? 0)}
              </span>
            )}
          </div>
        )}
      </div>
      <ul className={styles.legend}>
        {series.map((each) => (
          <li key={each.id}>
            <i style={{ background: `var(${each.color})` }} />
            {each.label}
          </li>
        ))}
        {before && (
          <li>
            <i className={styles.beforeMark} />
            {beforeLabel}
          </li>
        )}
      </ul>
      <figcaption className="visually-hidden">
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              <td />
              {series.map((each) => <th key={each.id} scope="col">{each.label}</th>)}
            </tr>
          </thead>
          <tbody>
            {buckets.map((bucket, at) =>
              series.some((each) => (each.values[at] ?? 0) !== 0) ? (
                <tr key={bucket.from}>
                  <th scope="row">{name(bucket)}</th>
                  {series.map((each) => <td key={each.id}>{write(Math.abs(each.values[at] ?? 0))}</td>)}
                </tr>
              ) : null,
            )}
          </tbody>
        </table>
      </figcaption>
    </figure>
  );
}
