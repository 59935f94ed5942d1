/** What the whole system does now: figures, the guilty, the hub, who sends to whom, what handlers take. */

import { useTranslation } from 'react-i18next';
import { Banner, Card, Chart, EmptyState, Skeleton } from '@/components';
import { formatNumber } from '@/data';
import { ActorRows } from './ActorRows';
import styles from './Console.module.css';
import { Flow } from './Flow';
import { percent, rate, seconds as inSeconds } from './format';
import { Holds } from './Holds';
import { Types } from './Types';
import type { HubSecond, Overview } from './types';

export function OverviewSkeleton() {
  return (
    <div className={styles.page}>
      <div className={styles.tiles}>
        {[0, 1, 2, 3, 4, 5].map((each) => (
          <Skeleton key={each} height={108} radius="var(--radius)" />
        ))}
      </div>
      <Skeleton height={320} radius="var(--radius)" />
    </div>
  );
}

function Tile({ label, value, note, tone, part }: { label: string; value: string; note?: string; tone?: 'warn' | 'danger' | undefined; part?: number }) {
  return (
    <div className={`${styles.tile} ${tone ? styles[tone] : ''}`}>
      <dt>{label}</dt>
      <dd className={styles.value}>{value}</dd>
      {part !== undefined && (
        <dd className={styles.meter} aria-hidden="true">
          <i style={{ width: `${Math.round(Math.min(1, Math.max(0, part)) * 100)}%` }} />
        </dd>
      )}
      {note && <dd className={styles.note}>{note}</dd>}
    </div>
  );
}

export function OverviewTab({ overview, seconds }: { overview: Overview; seconds: readonly HubSecond[] }) {
  const { t, i18n } = useTranslation('console');
  const language = i18n.language;
  const { totals, hub } = overview;
  const running = totals.states.running ?? 0;
  const failed = (totals.states.failed ?? 0) + (totals.states.restarting ?? 0);
  const guilty = overview.guilty;
  const latest = seconds.slice(-10);
  const late = latest.reduce((most, each) => Math.max(most, each[1]), 0);
  return (
    <div className={styles.page}>
      <dl className={styles.tiles}>
        <Tile label={t('tile.actors')} value={formatNumber(overview.actors, language)} note={failed ? t('tile.troubled', { count: failed }) : t('tile.running', { count: running })} tone={failed ? 'danger' : undefined} />
        <Tile label={t('tile.headroom')} value={percent(hub.headroom, language)} part={hub.headroom} note={t('tile.headroomNote')} tone={hub.headroom < 0.2 ? 'danger' : hub.headroom < 0.4 ? 'warn' : undefined} />
        <Tile label={t('tile.latency')} value={inSeconds(late / 1000, language)} note={t('tile.held', { count: hub.held, longest: inSeconds(hub.longest_ms / 1000, language) })} tone={late > 50 ? 'warn' : undefined} />
        <Tile label={t('tile.messages')} value={`${rate(totals.messages_s, language)} /s`} note={t('tile.bus', { published: rate(overview.bus.published_s, language), delivered: rate(overview.bus.delivered_s, language) })} />
        <Tile label={t('tile.waiting')} value={rate(totals.mailbox, language)} note={totals.oldest_s ? t('tile.oldest', { time: inSeconds(totals.oldest_s, language) }) : t('tile.nobodyWaits')} tone={totals.oldest_s > 5 ? 'warn' : undefined} />
        <Tile label={t('tile.deaths')} value={formatNumber(totals.deaths, language)} note={t('tile.letters', { count: totals.dead_letters })} />
      </dl>
      {guilty.length ? (
        <Card title={t('guilty.title')} flush>
          <ActorRows rows={guilty.slice(0, 12)} label={t('guilty.title')} whole />
        </Card>
      ) : (
        <Banner kind="ok" title={t('guilty.none')}>{t('guilty.noneText')}</Banner>
      )}
      <div className={styles.pair}>
        <Card title={t('hub.title')}>
          <p className={styles.hint}>{t('hub.text')}</p>
          <Chart
            label={t('hub.latency')}
            height={160}
            min={0}
            series={[{ label: t('hub.latency'), unit: 'ms', kind: 'area', points: seconds.map((each) => [each[0] * 1000, each[1]] as const) }]}
          />
          <Chart
            label={t('hub.load')}
            height={160}
            min={0}
            max={100}
            series={[
              { label: t('hub.load'), unit: '%', kind: 'area', color: 'var(--chart-2)', points: seconds.map((each) => [each[0] * 1000, each[2] * 100] as const) },
              { label: t('hub.turns'), unit: '%', kind: 'line', color: 'var(--chart-3)', points: seconds.map((each) => [each[0] * 1000, each[3] * 100] as const) },
            ]}
          />
          <Holds holds={hub.latest} />
        </Card>
        <Card title={t('flow.title')}>
          <p className={styles.hint}>{t('flow.text')}</p>
          <Flow nodes={overview.flow.nodes} edges={overview.flow.edges} />
        </Card>
      </div>
      <Card title={t('types.title')} flush>
        {overview.types.length === 0 ? (
          <EmptyState title={t('types.none')} />
        ) : (
          <Types rows={overview.types.slice(0, 12)} />
        )}
        <p className={styles.foot}>{t('cost', { cpu: percent(overview.cost.cpu, language) })}</p>
      </Card>
    </div>
  );
}
