import { useEffect, useMemo, useState } from 'react';
import { mdiDevices, mdiFilterVariant, mdiFormatListGroup } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'wouter';
import { Button, type Column, DataTable, EmptyState, FilterChip, Icon, Menu, MultiPicker, PageHeader, SearchField, SkeletonPage, useAreaOptions, useLabelOptions } from '@/components';
import { StateLink } from '@/components/EntityLink';
import { SelectButton, useSelection } from '@/components/selection';
import { useAreas, useDevices, useEntitiesLoaded, useEntityEntries, useLabels, useSession, useStore, useUser, useUserData } from '@/data';
import { BulkBar } from './BulkBar';
import styles from './Devices.module.css';
import { acceptor, type DeviceRow, type Filters, filtersFrom, NO_FILTERS, NOTHING, paramsOf, rowsOf } from './rows';
import { useConfigEntries, useManifests } from './useEntries';

type ColumnId = 'name' | 'area' | 'integration' | 'battery' | 'labels' | 'version' | 'entities';
interface View {
  sort: { column: string; descending: boolean };
  groupBy: string | null;
}
const VIEW: View = { sort: { column: 'name', descending: false }, groupBy: null };
const NO_ROWS: readonly DeviceRow[] = [];
const STATUSES: readonly Filters['status'][] = ['all', 'enabled', 'disabled'];
const keyOf = (row: DeviceRow) => row.id;

function useRows(): { rows: readonly DeviceRow[]; loading: boolean } {
  const { entities, registries } = useSession();
  const loaded = useEntitiesLoaded();
  const [devices, areas, labels, entries] = [useDevices(), useAreas(), useLabels(), useEntityEntries()];
  const { entries: config, error } = useConfigEntries();
  const manifests = useManifests();
  const settled = [useStore(registries.devices.settled), useStore(registries.areas.settled), useStore(registries.entities.settled)];
  const complete = settled.every(Boolean) && (config !== undefined || error !== null);
  const rows = useMemo(
    () =>
      !complete ? NO_ROWS : rowsOf({
        devices: devices.values(),
        areas,
        labels,
        entities: entries.values(),
        entries: config ?? new Map(),
        names: new Map([...manifests].map(([domain, each]) => [domain, each.name])),
        isBattery: (id) => loaded && entities.attribute(id, 'device_class') === 'battery',
      }),
    [complete, devices, areas, labels, entries, config, manifests, entities, loaded],
  );
  return { rows, loading: !complete };
}

export function DeviceList() {
  const { t } = useTranslation('devices');
  const user = useUser();
  const [params, setParams] = useSearchParams();
  const [filters, setFilters] = useState<Filters>(() => filtersFrom(params));
  const [panel, setPanel] = useState(false);
  const [search, setSearch] = useState('');
  const [stored, store] = useUserData<Partial<View>>('marge_devices', {});
  const view = { ...VIEW, ...stored };
  const [count, setCount] = useState(0);
  const [, navigate] = useLocation();
  const { rows, loading } = useRows();
  const areas = useAreaOptions();
  const labels = useLabelOptions();

  useEffect(() => setParams(paramsOf(filters), { replace: true }), [filters, setParams]);
  const accept = useMemo(() => acceptor(filters), [filters]);
  const columns = useMemo<Column<DeviceRow>[]>(() => {
    const plain = (id: ColumnId, value: Column<DeviceRow>['value'], more: Partial<Column<DeviceRow>> = {}): Column<DeviceRow> => ({ id, label: t(`column.${id}`), value, ...more });
    return [
      plain('name', (row) => row.name, {
        width: 'minmax(0, 2fr)',
        cell: (row) => (
          <span className={styles.words}>
            <span className={styles.name}>{row.name}</span>
            <span className={styles.more}>{row.disabled ? t('status.disabled') : row.model}</span>
          </span>
        ),
      }),
      plain('area', (row) => row.area, { cell: (row) => row.area || <span className={styles.quiet}>{t('noArea')}</span> }),
      plain('integration', (row) => row.integrationName, { show: 'wide' }),
      plain('labels', (row) => row.labelNames, { show: 'wide' }),
      plain('version', (row) => `${row.version}`, { show: 'wide', width: 'minmax(0, 0.7fr)' }),
      plain('entities', (row) => row.entities, { show: 'wide', align: 'end', width: '96px' }),
      plain('battery', () => null, { sortable: false, show: 'wide', align: 'end', width: '90px', cell: (row) => (row.battery ? <StateLink entityId={row.battery} /> : '') }),
    ];
  }, [t]);
  const integrations = useMemo(() => [...new Map(rows.map((row) => [row.integration, row.integrationName]))].map(([value, label]) => ({ value, label })), [rows]);
  const selection = useSelection(rows, keyOf);
  if (loading) return <SkeletonPage />;

  const active = filters.areas.length + filters.integrations.length + filters.labels.length;
  const set = (change: Partial<View>) => store({ ...stored, ...change });
  return (
    <>
      <PageHeader title={t('title')} text={t('text')}>
        <div className={styles.tools}>
          <SearchField className={styles.search} label={t('search')} value={search} onChange={setSearch} />
          <Button icon={mdiFilterVariant} aria-expanded={panel} onPress={() => setPanel(!panel)}>
            {active ? t('filtersOn', { count: active }) : t('filters')}
          </Button>
          <Menu label={t('groupBy')} entries={[null, 'area', 'integration', 'labels'].map((id) => ({ id: id ?? '-', label: id ? t(`column.${id}`) : t('ungrouped'), selected: view.groupBy === id, run: () => set({ groupBy: id }) }))}>
            <Icon path={mdiFormatListGroup} size={22} />
          </Menu>
          {user.is_admin && <SelectButton selection={selection} />}
        </div>
      </PageHeader>
      <div className={styles.chips}>
        {STATUSES.map((status) => (
          <FilterChip key={status} selected={filters.status === status} onChange={() => setFilters({ ...filters, status })}>
            {t(`status.${status}`)}
          </FilterChip>
        ))}
        <span className={styles.count} role="status">
          {count === rows.length ? t('count', { count }) : t('countOf', { count, all: rows.length })}
        </span>
      </div>
      {panel && (
        <section className={styles.panel} aria-label={t('filters')}>
          <MultiPicker label={t('column.area')} options={[{ value: NOTHING, label: t('noArea') }, ...areas]} value={filters.areas} onChange={(next) => setFilters({ ...filters, areas: next })} />
          <MultiPicker label={t('column.integration')} options={integrations} value={filters.integrations} onChange={(next) => setFilters({ ...filters, integrations: next })} />
          <MultiPicker label={t('column.labels')} options={[{ value: NOTHING, label: t('noLabel') }, ...labels]} value={filters.labels} onChange={(next) => setFilters({ ...filters, labels: next })} />
          <Button kind="ghost" onPress={() => setFilters(NO_FILTERS)}>
            {t('clear')}
          </Button>
        </section>
      )}
      <DataTable
        label={t('title')}
        rows={rows}
        rowKey={keyOf}
        columns={columns}
        filter={search}
        accept={accept}
        onCount={setCount}
        sort={view.sort}
        onSort={(sort) => set({ sort })}
        groupBy={view.groupBy}
        rowHeight={60}
        onOpen={(row) => navigate(`/devices/${row.id}`)}
        {...selection.table}
        empty={<EmptyState icon={mdiDevices} title={t(rows.length ? 'nothing.title' : 'empty.title')} text={t(rows.length ? 'nothing.text' : 'empty.text')} />}
      />
      {selection.selected && <BulkBar rows={selection.chosen} onClear={selection.clear} />}
    </>
  );
}
