/** All automations, or all scripts: find, look at what happened, and what can be done with one or with several. */

import { type ReactNode, useCallback, useMemo } from 'react';
import { mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { Button, Chip, type Column, DataTable, EmptyState, openMoreInfo, PageHeader, RelativeTime, SkeletonPage } from '@/components';
import { useEntitiesLoaded, useEntityValue } from '@/data/hooks';
import { useWide } from '../editor/useWide';
import type { Domain } from '../model/types';
import { useLatestRuns } from './automations';
import { BulkBar } from './BulkBar';
import { ListTools } from './ListTools';
import styles from './list.module.css';
import { RunLink } from './RunResult';
import { editorOf, type ItemRow, rowKey, useRows, wherein } from './rows';
import { useView } from './useView';

interface Props {
  domain: Domain;
  icon: string;
  /** Columns at the end, which only these have; keep them stable. */
  ends: readonly Column<ItemRow>[];
  /** Further ways to begin where there is none. */
  children?: ReactNode;
}

/** As wide as the table's columns for wide screens ask for. */
const WIDE = 840;

export function ItemList({ domain, icon, ends, children }: Props) {
  const { t } = useTranslation('automations');
  const { t: own } = useTranslation(`${domain}s`);
  const [, navigate] = useLocation();
  const loaded = useEntitiesLoaded();
  const runs = useLatestRuns(domain);
  const { rows, categories } = useRows(domain);
  const view = useView(domain, rows, categories);
  const wide = useWide(WIDE);
  const open = useCallback((row: ItemRow) => (row.itemId ? navigate(editorOf(domain, row.itemId)) : openMoreInfo(row.entityId)), [navigate, domain]);
  const columns = useMemo<Column<ItemRow>[]>(
    () => [
      {
        id: 'name',
        label: t('list.name'),
        value: (row) => row.name,
        width: 'minmax(0, 2fr)',
        cell: (row) => (
          <span className={styles.name}>
            {row.itemId ? <Link href={editorOf(domain, row.itemId)}>{row.name}</Link> : <span>{row.name}</span>}
            <span className={styles.about}>
              {wherein(row, view.group) ? <span className={styles.quiet}>{wherein(row, view.group)}</span> : <Trouble entityId={row.entityId} />}
              {!wide && <LastRun entityId={row.entityId} />}
            </span>
          </span>
        ),
      },
      { id: 'category', label: t('list.category'), value: (row) => row.categoryName, show: 'never' },
      { id: 'area', label: t('list.area'), value: (row) => row.areaName, show: 'never' },
      { id: 'triggered', label: t('list.triggered'), value: (row) => row.lastTriggered, show: 'wide', cell: (row) => <LastRun entityId={row.entityId} /> },
      {
        id: 'result',
        label: t('list.result'),
        value: (row) => runs.get(row.itemId ?? '')?.script_execution ?? '',
        width: 'minmax(0, 1.2fr)',
        show: 'wide',
        cell: (row) => {
          const run = runs.get(row.itemId ?? '');
          return run ? <RunLink trace={run} /> : <span className={styles.quiet}>{t('list.noRun')}</span>;
        },
      },
      ...ends,
    ],
    [t, domain, runs, wide, view.group, ends],
  );
  const add = (
    <Button kind="primary" icon={mdiPlus} onPress={() => navigate(editorOf(domain, 'new'))}>
      {own('list.new')}
    </Button>
  );
  if (!loaded) return <SkeletonPage />;
  return (
    <>
      <PageHeader title={own('title')} text={own('list.text')} actions={add} />
      {rows.length === 0 ? (
        <EmptyState icon={icon} title={own('list.emptyTitle')} text={own('list.emptyText')}>
          {add}
          {children}
        </EmptyState>
      ) : (
        <>
          <ListTools scope={domain} view={view} categories={categories} searchLabel={own('list.search')} selects />
          <DataTable label={own('title')} rows={view.shown} rowKey={rowKey} columns={columns} filter={view.search} groupBy={view.group || null} onOpen={open} rowHeight={64} {...view.selection.table} />
          {view.selection.selected && <BulkBar domain={domain} rows={view.selection.chosen} onClear={view.selection.clear} />}
        </>
      )}
    </>
  );
}

/** Said only where something is the matter. */
function Trouble({ entityId }: { entityId: string }) {
  const { t } = useTranslation('automations');
  const state = useEntityValue(entityId, (entity) => entity?.state);
  return state === 'unavailable' ? <span className={styles.quiet}>{t('list.broken')}</span> : null;
}

function LastRun({ entityId }: { entityId: string }) {
  const { t } = useTranslation('automations');
  const at = useEntityValue(entityId, (entity) => entity?.attributes.last_triggered as string | null | undefined);
  const isRunning = useEntityValue(entityId, (entity) => entityId.startsWith('script.') && entity?.state === 'on');
  return isRunning ? (
    <Chip tone="info">{t('result.running')}</Chip>
  ) : (
    <span className={styles.quiet}>
      <RelativeTime at={at} />
    </span>
  );
}
