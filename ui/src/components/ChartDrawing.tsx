import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clockLocale, homeZone } from '@/data/formats';
import { useIsDark } from '@/data/look';
import { formatNumber, formatTime } from '@/data/words';
import type { ChartProps, Series } from './Chart';
import styles from './Chart.module.css';

/** Told apart by people who see few colours, too: they differ in lightness as well. */
const PALETTE = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5', '--chart-6'];

/** uPlot's form: one common axis of seconds, a list of values a series. */
function aligned(series: readonly Series[]): uPlot.AlignedData {
  const tables = series.map(
    (each) => [each.points.map((point) => point[0] / 1000), each.points.map((point) => point[1])] as uPlot.AlignedData,
  );
  if (tables.length === 0) return [[]];
  return tables.length === 1 ? tables[0]! : uPlot.join(tables, tables.map(() => [0, 1]));
}

function colorOf(element: Element, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = name.startsWith('--') ? `var(${name})` : name;
  element.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

export default function ChartDrawing({ series, height = 240, from, to, min, max, bare = false, onZoom }: ChartProps) {
  const { t, i18n } = useTranslation('components');
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [width, setWidth] = useState(0);
  const dark = useIsDark();
  const zoom = useRef(onZoom);
  useEffect(() => {
    zoom.current = onZoom;
  });

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const shape = JSON.stringify(series.map(({ label, kind, color, unit }) => [label, kind, color, unit]));
  useEffect(() => {
    const element = place.current;
    if (!element || width === 0) return undefined;
    const language = i18n.language;
    const ink = colorOf(element, '--ink-2');
    const line = colorOf(element, '--line');
    const kinds = JSON.parse(shape) as [string, Series['kind'], string | null, string | null][];
    // By the home's clocks, as everything beside it.
    const zone = homeZone.get();
    const at = zone ? { timeZone: zone } : {};
    const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', ...at });
    const clock = new Intl.DateTimeFormat(clockLocale(language), { hour: 'numeric', minute: '2-digit', ...at });
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: '12px Figtree, system-ui, sans-serif' };
    const made = new uPlot(
      {
        width,
        height,
        ...(zone ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), zone) } : {}),
        legend: { show: !bare },
        cursor: bare ? { show: false } : { drag: { x: Boolean(zoom.current), y: false, setScale: false }, points: { size: 8 } },
        scales: {
          x: { time: true, ...(from !== undefined && to !== undefined ? { range: () => [from / 1000, to / 1000] as [number, number] } : {}) },
          y: {
            range: (_chart, low, high) => {
              const bottom = min ?? (low ?? 0);
              const top = max ?? (high ?? 1);
              const room = (top - bottom || Math.abs(top) || 1) * 0.08;
              return [min ?? bottom - room, max ?? top + room];
            },
          },
        },
        axes: bare
          ? [{ show: false }, { show: false }]
          : [{ ...axis, space: 70, size: 34, values: (_chart, times, _axis, _space, step) => times.map((value) => (step >= 86_400 ? day : clock).format(value * 1000)) }, { ...axis, size: 58, values: (_chart, values) => values.map((value) => formatNumber(value, language)) }],
        series: [
          { label: t('chart.time'), value: (_chart, value) => (value == null ? '' : formatTime(value * 1000, language)) },
          ...kinds.map(([label, kind, color, unit], index) => {
            const stroke = colorOf(element, color ?? PALETTE[index % PALETTE.length]!);
            const fill = stroke.replace(/^rgb\((.+)\)$/, (_all, inside: string) => `rgba(${inside}, ${kind === 'bar' ? 0.75 : 0.16})`);
            const paths = kind === 'step' ? uPlot.paths.stepped!({ align: 1 }) : kind === 'bar' ? uPlot.paths.bars!({ size: [0.7, 60], radius: 0.2 }) : null;
            return {
              label,
              stroke,
              width: kind === 'bar' ? 0 : 2,
              points: { show: false },
              spanGaps: false,
              ...(kind === 'bar' || kind === 'area' || (bare && kind !== 'step') ? { fill } : {}),
              ...(paths ? { paths } : {}),
              value: (_chart: uPlot, value: number | null) => (value == null ? '–' : `${formatNumber(value, language)}${unit ? `\u00a0${unit}` : ''}`),
            } satisfies uPlot.Series;
          }),
        ],
        hooks: {
          setSelect: [
            (self) => {
              if (self.select.width < 8) return;
              zoom.current?.(self.posToVal(self.select.left, 'x') * 1000, self.posToVal(self.select.left + self.select.width, 'x') * 1000);
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
    };
  }, [width, height, shape, bare, from, to, min, max, dark, i18n.language, t]);

  useEffect(() => {
    chart.current?.setData(aligned(series));
  }, [series, width, height, shape, bare, from, to, min, max, dark]);

  return <div ref={place} className={styles.chart} aria-hidden="true" style={{ minHeight: height }} />;
}
