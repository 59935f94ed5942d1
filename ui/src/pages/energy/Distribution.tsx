/** Where electricity comes from and goes to: circles, and dots that move along the lines between them. */

import { useSyncExternalStore } from 'react';
import { mdiBatteryHigh, mdiHome, mdiSolarPower, mdiTransmissionTower } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { consumed, type Flows } from './flows';
import styles from './Energy.module.css';
import { kwh } from './units';

interface Props {
  flows: Flows;
  has: { solar: boolean; battery: boolean; grid: boolean; gridOut: boolean };
}

const QUERY = '(prefers-reduced-motion: reduce)';

function useStillness(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(QUERY);
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => matchMedia(QUERY).matches,
  );
}

const R = 46;
const AT = { solar: [210, 58], grid: [62, 180], home: [358, 180], battery: [210, 302] } as const;

/** From circle to circle; those that meet a corner bend. */
const PATHS: Record<keyof Flows, string> = {
  solarToHome: 'M 226 102 C 226 150, 256 168, 312 168',
  solarToGrid: 'M 194 102 C 194 150, 164 168, 108 168',
  solarToBattery: 'M 210 104 L 210 256',
  gridToHome: 'M 108 180 L 312 180',
  gridToBattery: 'M 108 192 C 164 192, 194 210, 194 258',
  batteryToHome: 'M 226 258 C 226 210, 256 192, 312 192',
  batteryToGrid: 'M 186 258 C 186 216, 158 200, 108 200',
};
const COLORS: Record<keyof Flows, string> = {
  solarToHome: '--chart-2', solarToGrid: '--chart-6', solarToBattery: '--chart-4', gridToHome: '--chart-3', gridToBattery: '--chart-3', batteryToHome: '--chart-4', batteryToGrid: '--chart-6',
};

export function Distribution({ flows, has }: Props) {
  const { t, i18n } = useTranslation('energy');
  const still = useStillness();
  const write = (value: number) => kwh(value, i18n.language);
  const used = consumed(flows);
  const most = Math.max(0.001, ...Object.values(flows));
  const lines = (Object.keys(PATHS) as (keyof Flows)[]).filter((name) => flows[name] > 0.0005);
  const parts = [
    { value: flows.solarToHome, color: '--chart-2' },
    { value: flows.batteryToHome, color: '--chart-4' },
    { value: flows.gridToHome, color: '--chart-3' },
  ];
  const top = has.solar ? -18 : 122;
  const bottom = has.battery ? 380 : 246;
  const words = lines.map((name) => t(`flow.${name}`, { value: write(flows[name]) }));
  return (
    <svg viewBox={`0 ${top} 420 ${bottom - top}`} className={styles.distribution} role="img" aria-label={[t('flow.home', { value: write(used) }), ...words].join('; ')}>
      {lines.map((name) => (
        <g key={name}>
          <path d={PATHS[name]} className={styles.pipe} style={{ stroke: `var(${COLORS[name]})` }} />
          {!still && (
            <circle r={4} style={{ fill: `var(${COLORS[name]})` }}>
              <animateMotion path={PATHS[name]} dur={`${(1.6 + 4 * (1 - flows[name] / most)).toFixed(2)}s`} repeatCount="indefinite" />
            </circle>
          )}
        </g>
      ))}
      {has.solar && <Node at={AT.solar} icon={mdiSolarPower} color="--chart-2" title={t('solar')} titleAbove lines={[write(flows.solarToHome + flows.solarToGrid + flows.solarToBattery)]} />}
      {has.grid && (
        <Node at={AT.grid} icon={mdiTransmissionTower} color="--chart-3" title={t('grid')} lines={[...(has.gridOut ? [`← ${write(flows.solarToGrid + flows.batteryToGrid)}`] : []), `${has.gridOut ? '→ ' : ''}${write(flows.gridToHome + flows.gridToBattery)}`]} />
      )}
      {has.battery && <Node at={AT.battery} icon={mdiBatteryHigh} color="--chart-4" title={t('battery')} lines={[`↓ ${write(flows.solarToBattery + flows.gridToBattery)}`, `↑ ${write(flows.batteryToHome + flows.batteryToGrid)}`]} />}
      <Node at={AT.home} icon={mdiHome} color="--line-strong" title={t('home')} lines={[write(used)]} ring={used > 0 ? parts.map((part) => ({ ...part, value: part.value / used })) : []} />
    </svg>
  );
}

interface NodeProps {
  at: readonly [number, number];
  icon: string;
  color: string;
  title: string;
  titleAbove?: boolean;
  lines: readonly string[];
  /** Shares of one, each in its colour, around the circle. */
  ring?: readonly { value: number; color: string }[];
}

function Node({ at: [x, y], icon, color, title, titleAbove = false, lines, ring = [] }: NodeProps) {
  const around = 2 * Math.PI * R;
  const starts = ring.map((_part, index) => ring.slice(0, index).reduce((sum, part) => sum + part.value, 0));
  return (
    <g>
      <circle cx={x} cy={y} r={R} className={styles.node} style={{ stroke: ring.length ? 'var(--surface-2)' : `var(${color})` }} />
      {ring.map((part, index) => (
        <circle key={part.color} cx={x} cy={y} r={R} className={styles.share} style={{ stroke: `var(${part.color})` }} strokeDasharray={`${part.value * around} ${around}`} strokeDashoffset={-starts[index]! * around} transform={`rotate(-90 ${x} ${y})`} />
      ))}
      <path d={icon} transform={`translate(${x - 11} ${y - (lines.length > 1 ? 36 : 30)}) scale(0.92)`} style={{ fill: ring.length ? 'var(--ink)' : `var(${color})` }} />
      {lines.map((line, index) => (
        <text key={line + String(index)} x={x} y={y + (lines.length > 1 ? 4 : 14) + index * 17} textAnchor="middle" className={styles.amount}>
          {line}
        </text>
      ))}
      <text x={x} y={titleAbove ? y - R - 9 : y + R + 18} textAnchor="middle" className={styles.nodeTitle}>
        {title}
      </text>
    </g>
  );
}
