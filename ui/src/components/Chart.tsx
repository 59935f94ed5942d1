/** Lines, steps and bars over time. The library and its data are loaded with the first chart. */

import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Skeleton } from './Skeleton';

export interface Series {
  label: string;
  /** [milliseconds, value]; null: a gap. Ascending times. */
  points: readonly (readonly [number, number | null])[];
  kind?: 'line' | 'step' | 'bar' | 'area';
  /** CSS colour; one of the palette without it. */
  color?: string;
  unit?: string;
}

export interface ChartProps {
  /** What the chart shows, for those who cannot see it. */
  label: string;
  series: readonly Series[];
  height?: number;
  /** Milliseconds: what is shown where the data ends earlier. */
  from?: number;
  to?: number;
  min?: number;
  max?: number;
  /** Without axes and legend. */
  bare?: boolean;
  /** Called when a part was chosen by dragging. */
  onZoom?: (from: number, to: number) => void;
}

const Drawing = lazy(() => import('./ChartDrawing'));

export function Chart(props: ChartProps) {
  const { t } = useTranslation('components');
  return (
    <figure aria-label={props.label}>
      <Suspense fallback={<Skeleton height={props.height ?? 240} radius="var(--radius-m)" />}>
        <Drawing {...props} />
      </Suspense>
      <figcaption className="visually-hidden">
        {props.series.map((each) => {
          const values = each.points.map((point) => point[1]).filter((value) => value !== null);
          if (values.length === 0) return <p key={each.label}>{t('chart.nothing', { name: each.label })}</p>;
          return (
            <p key={each.label}>
              {t('chart.summary', {
                name: each.label,
                min: Math.round(values.reduce((a, b) => Math.min(a, b)) * 100) / 100,
                max: Math.round(values.reduce((a, b) => Math.max(a, b)) * 100) / 100,
                latest: values.at(-1),
                unit: each.unit ?? '',
              })}
            </p>
          );
        })}
      </figcaption>
    </figure>
  );
}
