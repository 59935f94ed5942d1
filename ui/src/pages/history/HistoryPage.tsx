import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { mdiChartLine, mdiDownload, mdiLinkVariant, mdiMagnifyMinusOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { toast } from '@/app/toasts';
import { Banner, Button, Card, EmptyState, PageHeader, Skeleton } from '@/components';
import { StateLink } from '@/components/EntityLink';
import { PeriodPicker } from '@/components/PeriodPicker';
import { TargetPicker } from '@/components/TargetPicker';
import { useAreas, useAttributeWords, useDevices, useEntityEntries, useEntityIds, useHomeConfig, useSession } from '@/data';
import { formatNumber } from '@/data/words';
import { downloadText } from '@/data/download';
import { choiceFrom, type PeriodChoice, periodOf, withChoice } from '@/data/period';
import { entitiesOf, hasTargets, targetsFrom, withTargets } from '@/data/targets';
import { useZone } from '@/data/zoned';
import { historyCsv } from './csv';
import { grouped, type Line, type UnitGroup } from './grouping';
import styles from './History.module.css';
import { Timelines } from './Timelines';
import { PALETTE } from './pointer';
import { useHistory } from './useHistory';

const UnitChart = lazy(() => import('./UnitChart'));

/** More at once is neither seen nor understood; the rest is said. */
const MOST = 60;
const FALLBACK: PeriodChoice = { preset: '24h' };

/** The moment of the choice, and a clock that moves a live window on. Made anew for each choice (`key`). */
function useWindow(choice: PeriodChoice) {
  const zone = useZone();
  const [begun] = useState(() => Date.now());
  const [now, setNow] = useState(begun);
  const start = useMemo(() => periodOf(choice, begun, zone), [choice, begun, zone]);
  const length = start.to - start.from;
  useEffect(() => {
    if (!start.live) return undefined;
    const timer = setInterval(() => setNow(Date.now()), Math.min(60_000, Math.max(5000, length / 1000)));
    return () => clearInterval(timer);
  }, [start.live, length]);
  // The stream begins where the choice did; what is seen moves on with the clock.
  const moved = start.live && 'preset' in choice ? now - begun : 0;
  const isToday = 'preset' in choice && choice.preset === 'today';
  return { zone, asked: start, from: start.from + (isToday ? 0 : moved), to: start.to + moved, live: start.live };
}

export default function HistoryPage() {
  const { t } = useTranslation('history');
  const [params, setParams] = useSearchParams();
  const targets = useMemo(() => targetsFrom(params), [params]);
  const choice = useMemo(() => choiceFrom(params, FALLBACK), [params]);
  const before = useRef<PeriodChoice[]>([]);
  const [ids, entries, devices, areas] = [useEntityIds(), useEntityEntries(), useDevices(), useAreas()];
  const all = useMemo(() => entitiesOf(targets, { ids, entries, devices, areas }), [targets, ids, entries, devices, areas]);
  const shown = useMemo(() => all.slice(0, MOST), [all]);

  const choose = useCallback((next: PeriodChoice) => setParams((current) => withChoice(current, next), { replace: true }), [setParams]);
  const zoom = useCallback(
    (from: number, to: number) => {
      if (to - from < 1000) return;
      before.current.push(choice);
      choose({ from: Math.round(from), to: Math.round(to) });
    },
    [choice, choose],
  );
  const copyLink = () => {
    const full = withChoice(withTargets(new URLSearchParams(), targets), choice);
    navigator.clipboard.writeText(`${location.origin}/history?${full}`).then(() => toast.ok(t('linkCopied')), () => toast.error(t('linkRefused')));
  };
  const isZoomed = !('preset' in choice);

  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          <>
            {isZoomed && (
              <Button kind="ghost" icon={mdiMagnifyMinusOutline} onPress={() => choose(before.current.pop() ?? FALLBACK)}>
                {t('zoomOut')}
              </Button>
            )}
            <PeriodPicker value={choice} onChange={choose} />
          </>
        }
      >
        <TargetPicker label={t('pick')} placeholder={t('pickHint')} value={targets} onChange={(next) => setParams((current) => withTargets(current, next), { replace: true })} />
      </PageHeader>
      {!hasTargets(targets) && <EmptyState icon={mdiChartLine} title={t('empty.title')} text={t('empty.text')} />}
      {all.length > MOST && <Banner kind="info">{t('tooMany', { most: MOST, count: all.length })}</Banner>}
      {hasTargets(targets) && all.length === 0 && <EmptyState icon={mdiChartLine} title={t('nothing.title')} text={t('nothing.text')} />}
      {shown.length > 0 && <Shown key={JSON.stringify(choice)} ids={shown} choice={choice} onZoom={zoom} onLink={copyLink} />}
    </>
  );
}

interface ShownProps {
  ids: readonly string[];
  choice: PeriodChoice;
  onZoom: (from: number, to: number) => void;
  onLink: () => void;
}

function Shown({ ids, choice, onZoom, onLink }: ShownProps) {
  const { t } = useTranslation('history');
  const session = useSession();
  const view = useWindow(choice);
  const history = useHistory(ids, view.asked.from, view.asked.to, view.live);
  const words = useAttributeWords();
  const temperatureUnit = useHomeConfig()?.unit_system.temperature ?? '°C';
  const { charts, rows } = useMemo(
    () => grouped({ ids, courses: history.courses, statistics: history.statistics, entityOf: session.entities.get, temperatureUnit, attributeName: words.name, from: view.from, to: view.to, live: view.live }),
    [ids, history.courses, history.statistics, session, temperatureUnit, words.name, view.from, view.to, view.live],
  );
  const saveCsv = () => downloadText(`history-${new Date(view.from).toISOString().slice(0, 10)}.csv`, historyCsv(history.courses, history.statistics), 'text/csv');
  if (history.error) return <Banner kind="error" title={t('failed')}>{history.error.message}</Banner>;
  if (history.loading) {
    return (
      <div className={styles.page}>
        <Skeleton height={280} radius="var(--radius)" />
        <Skeleton height={120} radius="var(--radius)" />
      </div>
    );
  }
  return (
    <div className={styles.page}>
      {charts.map((group) => (
        <ChartCard key={group.unit} group={group} from={view.from} to={view.to} zone={view.zone} onZoom={onZoom} />
      ))}
      {rows.length > 0 && (
        <Card title={t('states')}>
          <Timelines rows={rows} from={view.from} to={view.to} zone={view.zone} />
        </Card>
      )}
      <div className={styles.foot}>
        <p>{t(charts.length ? 'dragHint' : 'liveHint')}</p>
        <Button kind="ghost" icon={mdiLinkVariant} onPress={onLink}>
          {t('copyLink')}
        </Button>
        <Button kind="ghost" icon={mdiDownload} onPress={saveCsv}>
          {t('csv')}
        </Button>
      </div>
    </div>
  );
}

interface CardProps {
  group: UnitGroup;
  from: number;
  to: number;
  zone: string;
  onZoom: (from: number, to: number) => void;
}

/** The last value that is known, with its unit. */
function latestOf(line: Line, unit: string, language: string): string {
  const value = line.points.findLast((point) => point[1] !== null)?.[1];
  return value == null ? '–' : `${formatNumber(value, language, { max: 2 })}${unit ? `\u00a0${unit}` : ''}`;
}

function ChartCard({ group, ...time }: CardProps) {
  const { t, i18n } = useTranslation('history');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string) => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next);
  };
  const isPlain = group.lines.every((line) => line.points.every((point) => point[1] === null));
  return (
    <Card>
      <figure aria-label={t('chart', { unit: group.unit || t('noUnit') })}>
        <ul className={styles.legend}>
          {group.lines.map((line, index) => (
            <li key={line.key} className={styles.line}>
              <button type="button" aria-pressed={!hidden.has(line.key)} onClick={() => toggle(line.key)}>
                <i style={{ background: `var(${PALETTE[index % PALETTE.length]})` }} />
                {line.label}
              </button>
              <StateLink entityId={line.entityId}>{latestOf(line, group.unit, i18n.language)}</StateLink>
            </li>
          ))}
          <li className={styles.unit}>{group.unit}</li>
        </ul>
        {isPlain ? (
          <p className={styles.none}>{t('noValues')}</p>
        ) : (
          <Suspense fallback={<Skeleton height={240} radius="var(--radius-m)" />}>
            <UnitChart unit={group.unit} lines={group.lines} hidden={hidden} height={240} {...time} />
          </Suspense>
        )}
        <figcaption className="visually-hidden">
          <Summary group={group} />
        </figcaption>
      </figure>
    </Card>
  );
}

function Summary({ group }: { group: UnitGroup }) {
  const { t } = useTranslation('components');
  return group.lines.map((line) => {
    const values = line.points.map((point) => point[1]).filter((value) => value !== null);
    if (values.length === 0) return <p key={line.key}>{t('chart.nothing', { name: line.label })}</p>;
    const round = (value: number | undefined) => Math.round((value ?? 0) * 100) / 100;
    return (
      <p key={line.key}>
        {t('chart.summary', { name: line.label, min: round(values.reduce((a, b) => Math.min(a, b))), max: round(values.reduce((a, b) => Math.max(a, b))), latest: round(values.at(-1)), unit: group.unit })}
      </p>
    );
  });
}
