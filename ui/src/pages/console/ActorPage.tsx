/** One actor: what it does, what it waits for, what it died of, and what one can do about it. */

import { type ReactNode, useEffect } from 'react';
import { mdiChevronRight } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Banner, Button, Card, Chip, EmptyState, Icon, PageHeader, RelativeTime, Skeleton } from '@/components';
import { formatNumber, formatTime, useCommand } from '@/data';
import { Actions } from './Actions';
import styles from './Console.module.css';
import { actorLink, bytes, parts, percent, rate, seconds } from './format';
import { useSaid } from './said';
import { Stack } from './Stack';
import { StateChip } from './StateChip';
import { Types } from './Types';
import { queued } from './waiting';
import { WaitHistogram } from './WaitHistogram';
import type { ActorDetail, TypeRow, Wait } from './types';

const AGAIN_MS = 2000;

export function ActorPage({ path, types }: { path: string; types: readonly TypeRow[] }) {
  const { t } = useTranslation('console');
  const { data: actor, error, reload } = useCommand<ActorDetail>('marge/console/actor', { path });
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && reload(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [reload]);
  const [name, before] = parts(path);
  const back = before ? `/console?tab=tree&below=${encodeURIComponent(before)}` : '/console';
  if (error && (!actor || error.code === 'not_found')) {
    return (
      <>
        <PageHeader title={name} back={back} />
        {error.code === 'not_found' ? <EmptyState title={t('actor.unknown')} text={t('actor.unknownText', { path })} /> : (
          <Banner kind="error" title={t('failed')} actions={<Button onPress={reload}>{t('again')}</Button>}>{error.message}</Banner>
        )}
      </>
    );
  }
  return (
    <>
      <PageHeader title={name} back={back} text={<span className={styles.path}>{path}</span>} actions={actor?.exists ? <Actions actor={actor} onDone={reload} /> : undefined} />
      {actor ? <Inside actor={actor} types={types.filter((row) => row.class === actor.class)} /> : <Skeleton height={360} radius="var(--radius)" />}
    </>
  );
}

function Fact({ label, wide = false, children }: { label: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide ? styles.wide : undefined}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Inside({ actor, types }: { actor: ActorDetail; types: readonly TypeRow[] }) {
  const said = useSaid();
  const { t, i18n } = useTranslation('console');
  const language = i18n.language;
  // Of one that the home cannot be without, the first says it.
  const refusals = [...new Set(Object.values(actor.refusals).map(said))].slice(0, actor.vital ? 1 : undefined);
  return (
    <div className={styles.page}>
      {!actor.exists && <Banner kind="info" title={t('actor.gone')}>{t('actor.goneText')}</Banner>}
      {actor.paused_until && <Banner kind="warn" title={t('actor.paused')}>{t('actor.pausedText', { time: formatTime(actor.paused_until * 1000, language, 'seconds') })}</Banner>}
      <Card>
        <dl className={styles.facts}>
          <Fact label={t('column.state')}><StateChip row={actor} /></Fact>
          <Fact label={t('actor.class')}><code>{actor.class}</code></Fact>
          {actor.since !== undefined && <Fact label={t('actor.since')}><RelativeTime at={actor.since * 1000} /></Fact>}
          {Boolean(actor.start_s) && <Fact label={t('actor.startTook')}>{seconds(actor.start_s!, language)}</Fact>}
          {actor.waiting_for && <Fact label={t('actor.waitingFor')}>{actor.waiting_for} ({seconds(actor.waiting_s ?? 0, language)})</Fact>}
          <Fact label={t('column.mailbox')}>
            {formatNumber(actor.mailbox, language)}
            {actor.mailbox_limit !== undefined && <span className={styles.dim}> {t('actor.of', { limit: formatNumber(actor.mailbox_limit, language) })}</span>}
          </Fact>
          <Fact label={t('column.oldest')}>{actor.oldest_s ? seconds(actor.oldest_s, language) : '–'}</Fact>
          <Fact label={t('column.messages')}>{rate(actor.messages_s, language)}</Fact>
          {actor.processed !== undefined && <Fact label={t('actor.processed')}>{formatNumber(actor.processed, language)}</Fact>}
          <Fact label={t('column.busy')}>{percent(actor.busy, language)}</Fact>
          <Fact label={t('column.restarts')}>{actor.restarts}</Fact>
          {actor.memory_bytes !== undefined && <Fact label={t('actor.memory')}>≥ {bytes(actor.memory_bytes, language)}</Fact>}
          {actor.logger && <Fact label={t('actor.logger')} wide><code>{actor.logger.name}</code> {actor.logger.level}{actor.logger.until && ` ${t('actor.until', { time: formatTime(actor.logger.until * 1000, language, 'time') })}`}</Fact>}
        </dl>
        {refusals.map((reason) => <p key={reason} className={styles.why}>{reason}</p>)}
        {actor.state === 'stopped' && <p className={styles.why}>{t('actor.stoppedText')}</p>}
        {Boolean(actor.children) && (
          <p className={styles.below}>
            <Link href={`/console?tab=tree&below=${encodeURIComponent(actor.path)}`}>{t('actor.children', { count: actor.children })}</Link>
          </p>
        )}
      </Card>
      {(actor.asks || actor.asked_by?.length || actor.asked_by_others) ? <Questions actor={actor} /> : null}
      {actor.is_tracing && (
        <Card title={t('trace.title')} flush actions={actor.tracing_until ? <Chip tone="info">{t('actor.until', { time: formatTime(actor.tracing_until * 1000, language, 'seconds') })}</Chip> : undefined}>
          {actor.waits && <WaitHistogram waits={actor.waits} />}
          {actor.trace?.length ? (
            <div className={styles.scroll}>
              <table className={styles.rows} aria-label={t('trace.title')}>
                <thead><tr><th scope="col">{t('trace.message')}</th><th scope="col">{t('trace.time')}</th><th scope="col" className={styles.number}>{t('trace.waited')}</th><th scope="col" className={styles.number}>{t('trace.took')}</th></tr></thead>
                <tbody>
                  {actor.trace.map((entry, index) => (
                    <tr key={`${entry.time} ${index}`}>
                      <th scope="row" className={styles.mono}>{entry.message}</th>
                      <td>{formatTime(entry.time * 1000, language, 'seconds')}</td>
                      <td className={styles.number} data-label={t('trace.waited')}>{formatNumber(entry.waited_ms, language, { max: 2 })} ms</td>
                      <td className={styles.number} data-label={t('trace.took')}>{formatNumber(entry.ms, language, { max: 2 })} ms</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : <p className={styles.foot}>{t('trace.none')}</p>}
        </Card>
      )}
      {actor.deaths.length > 0 && (
        <Card title={t('deaths.title')}>
          <ol className={styles.deaths}>
            {actor.deaths.map((death) => (
              <li key={death.time}>
                <details>
                  <summary>
                    <Icon path={mdiChevronRight} size={20} />
                    <strong>{death.error}</strong>
                    <span className={styles.dim}><RelativeTime at={death.time * 1000} /> · {formatTime(death.time * 1000, language, 'seconds')}</span>
                  </summary>
                  {death.message && <p>{t('deaths.handled')} <code>{death.message}</code></p>}
                  <Stack label={t('deaths.stack')} text={death.stack} />
                </details>
              </li>
            ))}
          </ol>
        </Card>
      )}
      {types.length > 0 && (
        <Card title={t('types.ofClass', { name: actor.class })} flush>
          <Types rows={types} />
        </Card>
      )}
      {actor.exists && <Details actor={actor} />}
    </div>
  );
}

function Question({ wait, mine }: { wait: Wait; mine: boolean }) {
  const { t, i18n } = useTranslation('console');
  const other = mine ? wait.target : wait.asker;
  return (
    <li>
      {mine ? t('waits.asks') : t('waits.askedBy')} {other ? <Link href={actorLink(other)}>{other}</Link> : t('waits.somebody')}
      {wait.since_s !== null && <> {t('waits.since', { time: seconds(wait.since_s, i18n.language) })}</>}
      <span className={styles.dim}> {queued(t, wait)}</span>
    </li>
  );
}

function Questions({ actor }: { actor: ActorDetail }) {
  const { t } = useTranslation('console');
  return (
    <Card title={t('waits.title')}>
      <ul className={styles.list}>
        {actor.asks && <Question wait={actor.asks} mine />}
        {actor.asked_by?.map((wait) => <Question key={wait.asker} wait={wait} mine={false} />)}
        {Boolean(actor.asked_by_others) && <li>{t('waits.others', { count: actor.asked_by_others })}</li>}
      </ul>
    </Card>
  );
}

function Details({ actor }: { actor: ActorDetail }) {
  const { t, i18n } = useTranslation('console');
  const waiting = Object.entries(actor.waiting_types ?? {});
  return (
    <div className={styles.pair}>
      <Card title={t('actor.listens')}>
        {!actor.subscriptions_total && !actor.timers_total && waiting.length === 0 && <p className={styles.dim}>{t('actor.listensNot')}</p>}
        <ul className={styles.list}>
          {waiting.map(([type, count]) => <li key={`w ${type}`}>{t('actor.waitingMessage', { count })} <code>{type}</code></li>)}
          {actor.subscriptions?.map((each, index) => <li key={`s ${index}`}>{t('actor.event')} <code>{each.event_type}</code>{each.key && <> · <code>{each.key}</code></>}</li>)}
          {actor.timers?.map((each, index) => <li key={`t ${index}`}>{t('actor.timer', { time: seconds(each.in_s, i18n.language) })} <code>{each.type}</code></li>)}
        </ul>
      </Card>
      <Card title={t('actor.own')}>
        <Stack label={t('actor.own')} text={JSON.stringify(actor.state_of ?? {}, null, 2)} />
        {actor.stack && actor.stack.length > 0 && (
          <details className={styles.more}>
            <summary>{t('actor.stack')}</summary>
            <Stack label={t('actor.stack')} text={actor.stack.join('\n')} />
          </details>
        )}
      </Card>
    </div>
  );
}
