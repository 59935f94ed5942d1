/** All scripts: find, run, look at what happened, copy, delete. */

import { useCallback, useMemo, useState } from 'react';
import { mdiContentDuplicate, mdiDelete, mdiFolderOutline, mdiInformationOutline, mdiPencil, mdiPlay, mdiPlus, mdiScriptTextOutline, mdiStop, mdiTransitConnectionVariant } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { toast } from '@/app/toasts';
import { Button, CategoryDialog, Chip, type Column, ConfirmDialog, DataTable, EmptyState, IconButton, Menu, openMoreInfo, PageHeader, RelativeTime, SkeletonPage } from '@/components';
import { useCall, useEntitiesLoaded, useEntityValue, useServices, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import { keepStart } from '../automations/editor/start';
import { type ShortTrace, useLatestRuns } from '../automations/list/automations';
import { BulkBar } from '../automations/list/BulkBar';
import { ListTools } from '../automations/list/ListTools';
import styles from '../automations/list/list.module.css';
import { type ItemRow, rowKey, useRows, wherein } from '../automations/list/rows';
import { type Grouping, useView } from '../automations/list/useView';
import { RunLink } from '../automations/list/RunResult';
import type { Config } from '../automations/model/types';
import { RunDialog } from './RunDialog';

const URL = '/api/config/script/config/';

export default function ScriptList() {
  const { t } = useTranslation('scripts');
  const [, navigate] = useLocation();
  const loaded = useEntitiesLoaded();
  const runs = useLatestRuns('script');
  const { rows, categories } = useRows('script');
  const view = useView('script', rows, categories);
  const open = useCallback((row: ItemRow) => navigate(`/scripts/edit/${encodeURIComponent(row.itemId ?? '')}`), [navigate]);
  const columns = useMemo(() => columnsOf(t, runs, view.group), [t, runs, view.group]);
  const add = (
    <Button kind="primary" icon={mdiPlus} onPress={() => navigate('/scripts/edit/new')}>
      {t('new')}
    </Button>
  );
  if (!loaded) return <SkeletonPage />;
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} actions={add} />
      {rows.length === 0 ? (
        <EmptyState icon={mdiScriptTextOutline} title={t('emptyTitle')} text={t('emptyText')}>
          {add}
        </EmptyState>
      ) : (
        <>
          <ListTools scope="script" view={view} categories={categories} searchLabel={t('search')} selects />
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
          {view.selection.selected && <BulkBar domain="script" rows={view.selection.chosen} onClear={view.selection.clear} />}
        </>
      )}
    </>
  );
}

function columnsOf(t: (key: string, options?: Record<string, unknown>) => string, runs: ReadonlyMap<string, ShortTrace>, group: Grouping): Column<ItemRow>[] {
  return [
    {
      id: 'name', label: t('name'), value: (row) => row.name, width: 'minmax(0, 2fr)',
      cell: (row) => (
        <span className={styles.name}>
          <Link href={`/scripts/edit/${encodeURIComponent(row.itemId ?? '')}`}>{row.name}</Link>
          {wherein(row, group) && <span className={styles.quiet}>{wherein(row, group)}</span>}
        </span>
      ),
    },
    { id: 'category', label: t('category'), value: (row) => row.categoryName, show: 'never' },
    { id: 'area', label: t('area'), value: (row) => row.areaName, show: 'never' },
    { id: 'ran', label: t('ranAt'), value: (row) => row.lastTriggered, show: 'wide', cell: (row) => <Ran entityId={row.entityId} /> },
    {
      id: 'result', label: t('result'), value: (row) => runs.get(row.itemId ?? '')?.script_execution ?? '', show: 'wide',
      cell: (row) => {
        const run = runs.get(row.itemId ?? '');
        return run ? <RunLink trace={run} /> : <span className={styles.quiet}>{t('noRun')}</span>;
      },
    },
    { id: 'menu', label: '', value: () => '', sortable: false, width: '112px', align: 'end', cell: (row) => <RowActions row={row} /> },
  ];
}

function Ran({ entityId }: { entityId: string }) {
  const { t } = useTranslation('scripts');
  const at = useEntityValue(entityId, (entity) => entity?.attributes.last_triggered as string | null | undefined);
  const on = useEntityValue(entityId, (entity) => entity?.state === 'on');
  return on ? <Chip tone="info">{t('running')}</Chip> : <span className={styles.quiet}><RelativeTime at={at} /></span>;
}

function RowActions({ row }: { row: ItemRow }) {
  const { t } = useTranslation('scripts');
  const session = useSession();
  const call = useCall();
  const services = useServices();
  const [, navigate] = useLocation();
  const [deleting, setDeleting] = useState(false);
  const [asking, setAsking] = useState(false);
  const [sorting, setSorting] = useState(false);
  const on = useEntityValue(row.entityId, (entity) => entity?.state === 'on');
  const name = row.itemId ?? '';
  const url = URL + encodeURIComponent(name);
  const failed = (error: unknown) => toast.error(asApiError(error).message);
  const fields = services.script?.[name]?.fields ?? {};

  const run = () => {
    if (Object.keys(fields).length > 0) setAsking(true);
    else void call('script', 'turn_on', {}, { entity_id: row.entityId });
  };
  const duplicate = async () => {
    try {
      const config = await session.rest<Config>(url);
      navigate(`/scripts/edit/new?from=${keepStart({ ...config, alias: t('copyName', { name: row.name }) })}`);
    } catch (error) {
      failed(error);
    }
  };
  return (
    <span className={styles.end}>
      {on ? (
        <IconButton label={t('stop', { name: row.name })} icon={mdiStop} onPress={() => void call('script', 'turn_off', {}, { entity_id: row.entityId })} />
      ) : (
        <IconButton label={t('run', { name: row.name })} icon={mdiPlay} onPress={run} />
      )}
      <Menu
        label={t('more', { name: row.name })}
        entries={[
          { id: 'edit', label: t('edit'), icon: mdiPencil, run: () => navigate(`/scripts/edit/${encodeURIComponent(name)}`) },
          { id: 'traces', label: t('traces'), icon: mdiTransitConnectionVariant, run: () => navigate(`/scripts/trace/${encodeURIComponent(name)}`) },
          { id: 'info', label: t('info'), icon: mdiInformationOutline, run: () => openMoreInfo(row.entityId) },
          { id: 'category', label: t('category'), icon: mdiFolderOutline, run: () => setSorting(true) },
          { id: 'duplicate', label: t('duplicate'), icon: mdiContentDuplicate, run: () => void duplicate() },
          { id: 'delete', label: t('delete'), icon: mdiDelete, danger: true, section: ' ', run: () => setDeleting(true) },
        ]}
      />
      {sorting && <CategoryDialog scope="script" entityIds={[row.entityId]} name={row.name} current={row.category ?? null} onClose={() => setSorting(false)} />}
      <RunDialog open={asking} name={row.name} service={name} fields={fields} onClose={() => setAsking(false)} />
      <ConfirmDialog
        open={deleting}
        title={t('deleteTitle', { name: row.name })}
        text={t('deleteText')}
        confirm={t('delete')}
        danger
        onClose={() => setDeleting(false)}
        onConfirm={() => {
          setDeleting(false);
          session.rest(url, { method: 'DELETE' }).then(() => toast.ok(t('deleted', { name: row.name })), failed);
        }}
      />
    </span>
  );
}
