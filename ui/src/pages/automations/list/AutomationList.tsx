/** All automations: find, switch, run, look at what happened, copy, delete. */

import { useCallback, useMemo, useState } from 'react';
import { mdiContentDuplicate, mdiDelete, mdiFolderOutline, mdiInformationOutline, mdiPencil, mdiPlay, mdiPlus, mdiRobotOutline, mdiTransitConnectionVariant } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { toast } from '@/app/toasts';
import { Button, CategoryDialog, type Column, ConfirmDialog, DataTable, EmptyState, EntityToggle, Menu, openMoreInfo, PageHeader, RelativeTime, SkeletonPage } from '@/components';
import { useCall, useEntitiesLoaded, useEntityValue, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import { keepStart } from '../editor/start';
import type { Config } from '../model/types';
import { type ShortTrace, useLatestRuns } from './automations';
import { BulkBar } from './BulkBar';
import { ListTools } from './ListTools';
import { RunLink } from './RunResult';
import { type ItemRow, rowKey, useRows, wherein } from './rows';
import { type Grouping, useView } from './useView';
import { useWide } from '../editor/useWide';
import styles from './list.module.css';

const URL = '/api/config/automation/config/';

export default function AutomationList() {
  const { t } = useTranslation('automations');
  const [, navigate] = useLocation();
  const loaded = useEntitiesLoaded();
  const runs = useLatestRuns('automation');
  const { rows, categories } = useRows('automation');
  const view = useView('automation', rows, categories);
  const wide = useWide(700);

  const open = useCallback(
    (row: ItemRow) => (row.itemId ? navigate(`/automations/edit/${encodeURIComponent(row.itemId)}`) : openMoreInfo(row.entityId)),
    [navigate],
  );
  const columns = useMemo<Column<ItemRow>[]>(() => automationColumns(t, runs, wide, view.group), [t, runs, wide, view.group]);
  if (!loaded) return <SkeletonPage />;
  return (
    <>
      <PageHeader
        title={t('title')}
        text={t('list.text')}
        actions={
          <Button kind="primary" icon={mdiPlus} onPress={() => navigate('/automations/edit/new')}>
            {t('list.new')}
          </Button>
        }
      />
      {rows.length === 0 ? (
        <EmptyState icon={mdiRobotOutline} title={t('list.emptyTitle')} text={t('list.emptyText')}>
          <Button kind="primary" icon={mdiPlus} onPress={() => navigate('/automations/edit/new')}>
            {t('list.new')}
          </Button>
          <Button onPress={() => navigate('/blueprints')}>{t('list.blueprints')}</Button>
        </EmptyState>
      ) : (
        <>
          <ListTools scope="automation" view={view} categories={categories} searchLabel={t('list.search')} selects />
          <DataTable
            label={t('title')}
            rows={view.shown}
            rowKey={rowKey}
            columns={columns}
            filter={view.search}
            groupBy={view.group || null}
            onOpen={open}
            rowHeight={64}
            {...view.selection.table}
          />
          {view.selection.selected && <BulkBar domain="automation" rows={view.selection.chosen} onClear={view.selection.clear} />}
        </>
      )}
    </>
  );
}


function automationColumns(t: (key: string, options?: Record<string, unknown>) => string, runs: ReadonlyMap<string, ShortTrace>, wide: boolean, group: Grouping): Column<ItemRow>[] {
  return [
    {
      id: 'name',
      label: t('list.name'),
      value: (row) => row.name,
      width: 'minmax(0, 2fr)',
      cell: (row) => (
        <span className={styles.name}>
          {row.itemId ? <Link href={`/automations/edit/${encodeURIComponent(row.itemId)}`}>{row.name}</Link> : <span>{row.name}</span>}
          <span className={styles.about}>
            {wherein(row, group) ? <span className={styles.quiet}>{wherein(row, group)}</span> : <State entityId={row.entityId} />}
            {!wide && <Triggered entityId={row.entityId} />}
          </span>
        </span>
      ),
    },
    { id: 'category', label: t('list.category'), value: (row) => row.categoryName, show: 'never' },
    { id: 'area', label: t('list.area'), value: (row) => row.areaName, show: 'never' },
    { id: 'triggered', label: t('list.triggered'), value: (row) => row.lastTriggered, width: 'minmax(0, 1fr)', show: 'wide', cell: (row) => <Triggered entityId={row.entityId} /> },
    {
      id: 'result',
      label: t('list.result'),
      value: (row) => runs.get(row.itemId ?? '')?.script_execution ?? '',
      width: wide ? 'minmax(0, 1.2fr)' : 'minmax(0, 1fr)',
      show: 'wide',
      cell: (row) => {
        const run = runs.get(row.itemId ?? '');
        return run ? <RunLink trace={run} /> : <span className={styles.quiet}>{t('list.noRun')}</span>;
      },
    },
    { id: 'on', label: t('list.on'), value: (row) => row.entityId, sortable: false, width: '68px', cell: (row) => <EntityToggle entityId={row.entityId} label={t('list.switch', { name: row.name })} /> },
    { id: 'menu', label: '', value: () => '', sortable: false, width: '56px', align: 'end', cell: (row) => <RowMenu row={row} /> },
  ];
}

/** Said only where something is the matter. */
function State({ entityId }: { entityId: string }) {
  const { t } = useTranslation('automations');
  const state = useEntityValue(entityId, (entity) => entity?.state);
  return state === 'unavailable' ? <span className={styles.quiet}>{t('list.broken')}</span> : null;
}

function Triggered({ entityId }: { entityId: string }) {
  const at = useEntityValue(entityId, (entity) => entity?.attributes.last_triggered as string | null | undefined);
  return (
    <span className={styles.quiet}>
      <RelativeTime at={at} />
    </span>
  );
}

function RowMenu({ row }: { row: ItemRow }) {
  const { t } = useTranslation('automations');
  const session = useSession();
  const call = useCall();
  const [, navigate] = useLocation();
  const [deleting, setDeleting] = useState(false);
  const [sorting, setSorting] = useState(false);
  const url = URL + encodeURIComponent(row.itemId ?? '');
  const failed = (error: unknown) => toast.error(asApiError(error).message);

  const duplicate = async () => {
    try {
      const { id: _id, ...config } = await session.rest<Config>(url);
      navigate(`/automations/edit/new?from=${keepStart({ ...config, alias: t('copyName', { name: row.name }) })}`);
    } catch (error) {
      failed(error);
    }
  };
  const noId = row.itemId === null;
  return (
    <>
      <Menu
        label={t('menu.of', { name: row.name })}
        entries={[
          { id: 'run', label: t('menu.runNow'), icon: mdiPlay, run: () => void call('automation', 'trigger', {}, { entity_id: row.entityId }).then((worked) => worked && toast.ok(t('ran'))) },
          { id: 'edit', label: t('menu.edit'), icon: mdiPencil, disabled: noId, run: () => navigate(`/automations/edit/${encodeURIComponent(row.itemId ?? '')}`) },
          { id: 'traces', label: t('traces.open'), icon: mdiTransitConnectionVariant, disabled: noId, run: () => navigate(`/automations/trace/${encodeURIComponent(row.itemId ?? '')}`) },
          { id: 'info', label: t('menu.info'), icon: mdiInformationOutline, run: () => openMoreInfo(row.entityId) },
          { id: 'category', label: t('many.setCategory'), icon: mdiFolderOutline, disabled: noId, run: () => setSorting(true) },
          { id: 'duplicate', label: t('menu.duplicate'), icon: mdiContentDuplicate, disabled: noId, run: () => void duplicate() },
          { id: 'delete', label: t('menu.delete'), icon: mdiDelete, danger: true, disabled: noId, section: ' ', run: () => setDeleting(true) },
        ]}
      />
      {sorting && <CategoryDialog scope="automation" entityIds={[row.entityId]} name={row.name} current={row.category ?? null} onClose={() => setSorting(false)} />}
      <ConfirmDialog
        open={deleting}
        title={t('delete.title', { name: row.name })}
        text={t('delete.text')}
        confirm={t('menu.delete')}
        danger
        onClose={() => setDeleting(false)}
        onConfirm={() => {
          setDeleting(false);
          session.rest(url, { method: 'DELETE' }).then(() => toast.ok(t('deleted', { name: row.name })), failed);
        }}
      />
    </>
  );
}
