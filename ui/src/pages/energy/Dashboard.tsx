import { mdiFire, mdiWater } from '@mdi/js';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Card, Skeleton } from '@/components';
import { useHomeConfig } from '@/data';
import { clockLocale } from '@/data/formats';
import { formatTime } from '@/data/words';
import { Bars, type BarSeries } from './Bars';
import { Consumers } from './Consumers';
import { Distribution } from './Distribution';
import styles from './Energy.module.css';
import { consumed } from './flows';
import { Meters } from './Meters';
import { type Prefs, statisticsOf } from './prefs';
import { Tiles } from './Tiles';
import { amounts, shownIn } from './units';
import { type Energy, useEnergy } from './useEnergy';
import { useNames } from './useNames';
import { type Bucket, moved, type View } from './view';

interface Props {
  prefs: Prefs;
  view: View;
  compare: boolean;
  zone: string;
  now: number;
}

export function Dashboard({ prefs, view, compare, zone, now }: Props) {
  const { t, i18n } = useTranslation('energy');
  const language = i18n.language;
  const volume = useHomeConfig()?.unit_system.volume;
  const energy = useEnergy(prefs, view, zone, language, now);
  const earlier = useEnergy(prefs, moved(view, -1), zone, language, now, compare);
  const before = compare && !earlier.loading ? earlier : null;
  const kinds = useMemo(() => statisticsOf(prefs), [prefs]);
  const name = useNames(useMemo(() => [...Object.values(kinds).flat(), ...prefs.device_consumption.map((device) => device.stat_consumption)], [kinds, prefs]));
  const has = { solar: kinds.solar.length > 0, battery: kinds.batteryIn.length > 0, grid: kinds.gridIn.length > 0 || kinds.gridOut.length > 0, gridOut: kinds.gridOut.length > 0 };
  const electricity = has.solar || has.battery || has.grid;

  const bucketName = (bucket: Bucket) => {
    if (view.unit === 'day') return `${formatTime(bucket.from, language, 'time', zone)} – ${formatTime(bucket.to, language, 'time', zone)}`;
    return new Intl.DateTimeFormat(language, { timeZone: zone, ...(view.unit === 'year' ? { month: 'long', year: 'numeric' } : { weekday: 'long', day: 'numeric', month: 'short' }) }).format(bucket.from);
  };
  const tick = (bucket: Bucket) => {
    const options: Intl.DateTimeFormatOptions = view.unit === 'day' ? { hour: 'numeric' } : view.unit === 'week' ? { weekday: 'short' } : view.unit === 'month' ? { day: 'numeric' } : { month: 'short' };
    return new Intl.DateTimeFormat(clockLocale(language), { ...options, timeZone: zone }).format(bucket.from);
  };
  const frame = { buckets: energy.buckets, name: bucketName, tick, beforeLabel: t(`earlier.${view.unit}`) };

  if (energy.error && !energy.report) return <Banner kind="error" title={t('failed')}>{energy.error.message}</Banner>;
  if (energy.loading || !energy.report) {
    return (
      <div className={styles.page} role="status" aria-label={t('loading')}>
        <Skeleton height={92} radius="var(--radius)" />
        <Skeleton height={340} radius="var(--radius)" />
      </div>
    );
  }
  return (
    <div className={styles.page}>
      <Tiles energy={energy} before={before} has={has} unit={view.unit} />
      <div className={styles.columns}>
        {electricity && (
          <Card title={t('electricity')} className={styles.wide}>
            <Bars {...frame} label={t('electricity')} series={electricitySeries(energy, has, t)} before={before?.flows.map(consumed)} unit="kWh" height={300} />
          </Card>
        )}
        {electricity && (
          <Card title={t('distribution')}>
            <Distribution flows={energy.total} has={has} />
          </Card>
        )}
      </div>
      {prefs.device_consumption.length > 0 && <Consumers report={energy.report} before={before?.report} name={name} />}
      <div className={styles.halves}>
        {(['gas', 'water'] as const).map((kind) => {
          const of = energy.report?.home[kind];
          if (!of || kinds[kind].length === 0) return null;
          const shown = shownIn(kind, of.amounts[0]?.unit ?? 'm³', volume);
          const series: BarSeries[] = [{ id: kind, label: t(kind), color: kind === 'gas' ? '--chart-5' : '--chart-3', values: energy[kind].map((value) => value * shown.factor) }];
          return (
            <Card key={kind} title={`${t(kind)}: ${amounts(of.amounts, kind, volume, language)}`} icon={kind === 'gas' ? mdiFire : mdiWater}>
              <Bars {...frame} label={t(kind)} series={series} before={before?.[kind].map((value) => value * shown.factor)} unit={shown.unit} height={200} />
            </Card>
          );
        })}
      </div>
      {energy.report.meters.length > 0 && <Meters report={energy.report} volume={volume} name={name} />}
    </div>
  );
}

function electricitySeries(energy: Energy, has: { solar: boolean; battery: boolean; grid: boolean; gridOut: boolean }, t: (key: string) => string): BarSeries[] {
  const of = (pick: (flow: Energy['flows'][number]) => number) => energy.flows.map(pick);
  return [
    ...(has.solar ? [{ id: 'solar', label: t('bars.solar'), color: '--chart-2', values: of((flow) => flow.solarToHome) }] : []),
    ...(has.battery ? [{ id: 'battery', label: t('bars.battery'), color: '--chart-4', values: of((flow) => flow.batteryToHome) }] : []),
    ...(has.grid ? [{ id: 'grid', label: t('bars.grid'), color: '--chart-3', values: of((flow) => flow.gridToHome) }] : []),
    ...(has.gridOut ? [{ id: 'out', label: t('bars.gridOut'), color: '--chart-6', values: of((flow) => -flow.solarToGrid - flow.batteryToGrid) }] : []),
    ...(has.battery ? [{ id: 'charge', label: t('bars.charge'), color: '--chart-5', values: of((flow) => -flow.solarToBattery - flow.gridToBattery) }] : []),
  ];
}
