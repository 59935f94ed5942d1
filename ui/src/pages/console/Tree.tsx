/** The tree: groups by class and domain, the guilty first; drilled down to the members of one, or to the children of a path. */

import { useEffect, useState } from 'react';
import { mdiChevronRight } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'wouter';
import { Banner, Button, Card, Chip, EmptyState, Icon, SearchField, Select, Skeleton } from '@/components';
import { formatNumber, useCommand } from '@/data';
import { ActorRows } from './ActorRows';
import styles from './Console.module.css';
import { Figure } from './Figure';
import { percent, rate, seconds } from './format';
import type { Group, Overview, Page, Row } from './types';

const A_PAGE = 50;
const AGAIN_MS = 3000;
/** A long list is made anew less often: the server looks through all of it. */
const AGAIN_MS_A_ROW = 0.25;
const SORTS = ['guilt', 'mailbox', 'busy', 'messages', 'restarts', 'name'] as const;

export function Tree({ overview }: { overview: Overview | null }) {
  const { t } = useTranslation('console');
  const [params, setParams] = useSearchParams();
  const [typed, setTyped] = useState(params.get('filter') ?? '');
  const group = params.get('group');
  const below = params.get('below');
  useEffect(() => {
    const timer = setTimeout(() => {
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          if (typed.trim()) next.set('filter', typed.trim());
          else next.delete('filter');
          return next;
        },
        { replace: true },
      );
    }, 250);
    return () => clearTimeout(timer);
  }, [typed, setParams]);
  const filter = params.get('filter') ?? '';
  const isList = group !== null || below !== null || filter !== '';
  return (
    <div className={styles.page}>
      <SearchField label={t('tree.search')} value={typed} onChange={setTyped} />
      {(group !== null || below !== null) && (
        <nav className={styles.crumbs} aria-label={t('tree.where')}>
          <Link href="/console?tab=tree">{t('tree.all')}</Link>
          <Icon path={mdiChevronRight} size={18} />
          <strong>{group ?? below}</strong>
        </nav>
      )}
      {isList ? <Listing key={`${group} ${below} ${filter}`} group={group} path={below} filter={filter} /> : <Groups overview={overview} />}
    </div>
  );
}

function Groups({ overview }: { overview: Overview | null }) {
  const { t, i18n } = useTranslation('console');
  const language = i18n.language;
  if (!overview) return <Skeleton height={360} radius="var(--radius)" />;
  return (
    <Card title={t('tree.groups')} flush>
      <div className={styles.scroll}>
        <table className={styles.rows} aria-label={t('tree.groups')}>
          <thead>
            <tr>
              <th scope="col">{t('tree.group')}</th>
              <th scope="col">{t('column.state')}</th>
              <th scope="col" className={styles.number}>{t('tree.count')}</th>
              <th scope="col" className={styles.number}>{t('column.mailbox')}</th>
              <th scope="col" className={styles.number}>{t('column.oldest')}</th>
              <th scope="col" className={styles.number}>{t('column.messages')}</th>
              <th scope="col" className={styles.number}>{t('column.busy')}</th>
              <th scope="col" className={styles.number}>{t('column.restarts')}</th>
            </tr>
          </thead>
          <tbody>
            {overview.groups.map((group) => (
              <tr key={group.key}>
                <th scope="row">
                  <Link href={`/console?tab=tree&group=${encodeURIComponent(group.key)}`} className={styles.name}>{group.domain}</Link>
                  <span className={styles.remark}>{group.class} · {group.path}</span>
                </th>
                <td><States group={group} /></td>
                <Figure label={t('tree.count')} value={formatNumber(group.count, language)} />
                <Figure label={t('column.mailbox')} value={group.mailbox ? (group.count === 1 ? rate(group.mailbox, language) : t('tree.deepest', { all: rate(group.mailbox, language), most: rate(group.mailbox_max, language) })) : null} />
                <Figure label={t('column.oldest')} value={group.oldest_s ? seconds(group.oldest_s, language) : null} />
                <Figure label={t('column.messages')} value={group.messages_s ? rate(group.messages_s, language) : null} />
                <Figure label={t('column.busy')} value={group.busy >= 0.0005 ? percent(group.busy, language) : null} />
                <Figure label={t('column.restarts')} value={group.restarts || null} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {overview.groups_total > overview.groups.length && <p className={styles.foot}>{t('tree.moreGroups', { count: overview.groups_total - overview.groups.length })}</p>}
    </Card>
  );
}

const TONES: Record<string, 'ok' | 'warn' | 'danger' | 'info' | 'plain'> = { running: 'ok', failed: 'danger', restarting: 'warn', paused: 'warn', deadlocked: 'danger', starting: 'info' };

function States({ group }: { group: Group }) {
  const { t, i18n } = useTranslation('console');
  return (
    <span className={styles.chips}>
      {Object.entries(group.states).map(([state, count]) => (
        <Chip key={state} tone={TONES[state] ?? 'plain'}>
          {count === group.count ? t(`state.${state}`) : `${t(`state.${state}`)} ${formatNumber(count, i18n.language)}`}
        </Chip>
      ))}
    </span>
  );
}

function Listing({ group, path, filter }: { group: string | null; path: string | null; filter: string }) {
  const { t, i18n } = useTranslation('console');
  const [sort, setSort] = useState<(typeof SORTS)[number]>('guilt');
  const [offset, setOffset] = useState(0);
  const { data, error, reload } = useCommand<Page<Row>>('marge/console/children', {
    ...(path === null ? {} : { path }),
    ...(group === null ? {} : { group }),
    ...(filter ? { filter } : {}),
    sort,
    offset,
    limit: A_PAGE,
  });
  const total = data?.total ?? 0;
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && reload(), Math.max(AGAIN_MS, total * AGAIN_MS_A_ROW));
    return () => clearInterval(timer);
  }, [reload, total]);
  if (error && !data) return <Banner kind="error" title={t('failed')} actions={<Button onPress={reload}>{t('again')}</Button>}>{error.message}</Banner>;
  if (!data) return <Skeleton height={360} radius="var(--radius)" />;
  if (data.total === 0) return <EmptyState title={t('tree.nobody')} text={filter ? t('tree.nobodyText', { filter }) : t('tree.empty')} />;
  const last = Math.min(offset + A_PAGE, data.total);
  return (
    <Card
      title={t('tree.found', { count: data.total })}
      flush
      actions={
        <Select label={t('tree.sort')} hideLabel value={sort} onChange={(next) => { setSort(next as typeof sort); setOffset(0); }} options={SORTS.map((each) => ({ value: each, label: t(`sort.${each}`) }))} />
      }
    >
      <ActorRows rows={data.rows} label={t('tab.tree')} whole={group === null && path === null} />
      {data.total > A_PAGE && (
        <div className={styles.pager}>
          <Button small isDisabled={offset === 0} onPress={() => setOffset(Math.max(0, offset - A_PAGE))}>{t('tree.before')}</Button>
          <span>{t('tree.range', { from: formatNumber(offset + 1, i18n.language), to: formatNumber(last, i18n.language), total: formatNumber(data.total, i18n.language) })}</span>
          <Button small isDisabled={last >= data.total} onPress={() => setOffset(offset + A_PAGE)}>{t('tree.next')}</Button>
        </div>
      )}
    </Card>
  );
}
