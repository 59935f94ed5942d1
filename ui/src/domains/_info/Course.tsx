/** What an entity was over a time: a line with its lowest and highest values, or pieces of states. */

import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Skeleton } from '@/components/Skeleton';
import { useHomeConfig, useSession } from '@/data/hooks';
import { type PeriodChoice, periodOf } from '@/data/period';
import { formatTime, useAttributeWords } from '@/data/words';
import { useZone } from '@/data/zoned';
import { grouped, type UnitGroup } from '@/pages/history/grouping';
import { PALETTE } from '@/pages/history/pointer';
import { Timelines } from '@/pages/history/Timelines';
import { useHistory } from '@/pages/history/useHistory';
import styles from './Course.module.css';

const UnitChart = lazy(() => import('@/pages/history/UnitChart'));
const NONE: ReadonlySet<string> = new Set();
const TICK_MS = 30_000;

/** Make it anew for another choice (`key`). */
export function Course({ entityId, choice, height, onZoom }: { entityId: string; choice: PeriodChoice; height: number; onZoom: (from: number, to: number) => void }) {
  const { t, i18n } = useTranslation('domains');
  const session = useSession();
  const zone = useZone();
  const words = useAttributeWords();
  const temperatureUnit = useHomeConfig()?.unit_system.temperature ?? '°C';
  const [begun] = useState(() => Date.now());
  const [now, setNow] = useState(begun);
  const asked = useMemo(() => periodOf(choice, begun, zone), [choice, begun, zone]);
  useEffect(() => {
    if (!asked.live) return undefined;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [asked.live]);
  const moved = asked.live && 'preset' in choice ? now - begun : 0;
  const [from, to] = [asked.from + moved, asked.to + moved];
  const ids = useMemo(() => [entityId], [entityId]);
  const history = useHistory(ids, asked.from, asked.to, asked.live);
  const { charts, rows } = useMemo(
    () => grouped({ ids, courses: history.courses, statistics: history.statistics, entityOf: session.entities.get, temperatureUnit, attributeName: words.name, from, to, live: asked.live }),
    [ids, history.courses, history.statistics, session, temperatureUnit, words.name, from, to, asked.live],
  );
  if (history.error) return <Banner kind="error" title={t('info.noHistory')}>{history.error.message}</Banner>;
  if (history.loading) return <Skeleton height={height} radius="var(--radius-m)" />;
  const known = charts.filter((group) => group.lines.some((line) => line.points.some((point) => point[1] !== null)));
  const withRows = rows.filter((row) => row.samples.length > 0);
  if (known.length + withRows.length === 0) return <p className={styles.quiet}>{t('info.nothingRecorded')}</p>;
  const ends = (at: number) => formatTime(at, i18n.language, 'both', zone);
  return (
    <div className={styles.course}>
      {withRows.length > 0 && (
        <div className={styles.line}>
          <Timelines rows={withRows} from={from} to={to} zone={zone} />
          <p className={styles.ends}>
            <span>{ends(from)}</span>
            <span>{ends(to)}</span>
          </p>
        </div>
      )}
      {known.map((group) => (
        <Lines key={group.unit} group={group} from={from} to={to} zone={zone} height={height} onZoom={onZoom} />
      ))}
    </div>
  );
}

interface LinesProps {
  group: UnitGroup;
  from: number;
  to: number;
  zone: string;
  height: number;
  onZoom: (from: number, to: number) => void;
}

function Lines({ group, ...rest }: LinesProps) {
  const { t } = useTranslation('components');
  const round = (value: number) => Math.round(value * 100) / 100;
  return (
    <figure aria-label={group.lines.map((line) => line.label).join(', ')}>
      {group.lines.length > 1 && (
        <ul className={styles.legend}>
          {group.lines.map((line, index) => (
            <li key={line.key}>
              <i style={{ background: `var(${PALETTE[index % PALETTE.length]})` }} />
              {line.label.split(' · ').at(-1)}
            </li>
          ))}
        </ul>
      )}
      <Suspense fallback={<Skeleton height={rest.height} radius="var(--radius-m)" />}>
        <UnitChart unit={group.unit} lines={group.lines} hidden={NONE} {...rest} />
      </Suspense>
      <figcaption className="visually-hidden">
        {group.lines.map((line) => {
          const values = line.points.map((point) => point[1]).filter((value) => value !== null);
          if (values.length === 0) return <p key={line.key}>{t('chart.nothing', { name: line.label })}</p>;
          return (
            <p key={line.key}>
              {t('chart.summary', { name: line.label, unit: group.unit, min: round(values.reduce((a, b) => Math.min(a, b))), max: round(values.reduce((a, b) => Math.max(a, b))), latest: round(values.at(-1)!) })}
            </p>
          );
        })}
      </figcaption>
    </figure>
  );
}
