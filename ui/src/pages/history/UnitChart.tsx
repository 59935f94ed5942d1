/** The lines of one unit over a time. The pointer, and a chosen part, are shared by all charts of the page. */

import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useIsDark } from '@/data/look';
import { formatNumber, formatTime } from '@/data/words';
import type { Line } from './grouping';
import styles from './History.module.css';
import { colorOf, columnsOf, dataOf, heldAt, notePlugin, seeThrough, SYNC } from './plot';
import { PALETTE, pointedAt } from './pointer';

export interface UnitChartProps {
  unit: string;
  lines: readonly Line[];
  hidden: ReadonlySet<string>;
  from: number;
  to: number;
  zone: string;
  height: number;
  onZoom: (from: number, to: number) => void;
}

export default function UnitChart({ unit, lines, hidden, from, to, zone, height, onZoom }: UnitChartProps) {
  const { i18n } = useTranslation();
  const language = i18n.language;
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [width, setWidth] = useState(0);
  const look = useIsDark();
  const latest = useRef({ from, to, onZoom, lines });
  useEffect(() => {
    latest.current = { from, to, onZoom, lines };
  });

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const shape = JSON.stringify(lines.map((line) => [line.key, line.label, line.stepped, Boolean(line.band)]));
  const off = [...hidden].join();
  useEffect(() => {
    const element = place.current;
    if (!element || width === 0) return undefined;
    const { lines: drawn } = latest.current;
    const columns = columnsOf(drawn);
    const colors = drawn.map((_line, index) => colorOf(element, PALETTE[index % PALETTE.length]!));
    const [ink, grid] = [colorOf(element, '--ink-2'), colorOf(element, '--line')];
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: '12px Figtree, system-ui, sans-serif' };
    const invisible = { show: true, stroke: 'transparent', width: 0, points: { show: false } };
    const withUnit = (value: number | null) => (value === null ? '–' : `${formatNumber(value, language)}${unit ? `\u00a0${unit}` : ''}`);
    const made = new uPlot(
      {
        width,
        height,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
        legend: { show: false },
        cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 8 }, sync: { key: SYNC } },
        scales: {
          x: { time: true, range: () => [latest.current.from / 1000, latest.current.to / 1000] },
          y: { range: (_chart, low, high) => { const [a, b] = [low ?? 0, high ?? 1]; const room = (b - a || Math.abs(b) || 1) * 0.08; return [a - room, b + room]; } },
        },
        axes: [{ ...axis, space: 70, values: timeTicks(language, zone) }, { ...axis, size: 56, values: (_chart, values) => values.map((value) => formatNumber(value, language)) }],
        series: [
          {},
          ...drawn.flatMap((line, index): uPlot.Series[] => {
            const shown = !latestHidden(off, line.key);
            const main: uPlot.Series = { show: shown, stroke: colors[index]!, width: 2, points: { show: line.points.length < 3 }, ...(line.stepped ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}) };
            return line.band ? [{ ...invisible, show: shown }, { ...invisible, show: shown }, main] : [main];
          }),
        ],
        bands: columns.flatMap((column, index) => (column.band ? [{ series: [column.band[0], column.band[1]] as [number, number], fill: seeThrough(colors[index]!, 0.16) }] : [])),
        plugins: [
          notePlugin(styles.note!, (self, index) => ({
            title: formatTime((self.data[0][index] ?? 0) * 1000, language, 'seconds', zone),
            rows: drawn.flatMap((line, at) => {
              const column = columns[at]!;
              if (latestHidden(off, line.key)) return [];
              const value = heldAt(self.data[column.value]!, index);
              const [high, low] = column.band ? column.band.map((each) => heldAt(self.data[each]!, index)) : [null, null];
              return [{ color: colors[at]!, text: `${line.label}: ${withUnit(value)}${low != null ? ` (${withUnit(low)} – ${withUnit(high ?? null)})` : ''}` }];
            }),
          })),
        ],
        hooks: {
          setCursor: [(self) => { const left = self.cursor.left ?? -1; pointedAt.set(left < 0 ? null : self.posToVal(left, 'x') * 1000); }],
          setSelect: [
            (self) => {
              if (self.select.width < 8) return;
              latest.current.onZoom(self.posToVal(self.select.left, 'x') * 1000, self.posToVal(self.select.left + self.select.width, 'x') * 1000);
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      [[]],
      element,
    );
    chart.current = made;
    return () => {
      chart.current = null;
      made.destroy();
      pointedAt.set(null);
    };
  }, [width, height, shape, off, unit, zone, language, look]);

  useEffect(() => {
    chart.current?.setData(dataOf(lines));
  }, [lines, from, to, width, height, shape, off, unit, zone, language, look]);

  return <div ref={place} className={styles.plot} aria-hidden="true" style={{ minHeight: height }} />;
}

const latestHidden = (off: string, key: string) => off.split(',').includes(key);

/** Times below the chart: with the day where one begins, and days alone where a step is a day or more. */
function timeTicks(language: string, zone: string): (chart: uPlot, seconds: number[], axis: number, space: number, step: number) => string[] {
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: zone });
  const month = new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric', timeZone: zone });
  return (_chart, seconds, _axis, _space, step) =>
    seconds.map((second) => {
      const at = second * 1000;
      if (step >= 28 * 86_400) return month.format(at);
      const time = formatTime(at, language, 'time', zone);
      return step >= 86_400 || /^(0?0:00|12:00\sAM)/.test(time) ? day.format(at) : time;
    });
}
