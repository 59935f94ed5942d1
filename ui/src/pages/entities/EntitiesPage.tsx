import { useEffect, useMemo, useState } from 'react';
import { mdiFilterVariant, mdiFormatListGroup, mdiShapeOutline, mdiViewColumnOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams, useSearchParams } from 'wouter';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { FilterChip } from '@/components/Chip';
import { DataTable } from '@/components/DataTable';
import { EmptyState } from '@/components/EmptyState';
import { SearchField } from '@/components/fields';
import { Icon } from '@/components/Icon';
import { Menu } from '@/components/Menu';
import { openMoreInfo, useOpenEntity } from '@/components/MoreInfo';
import { PageHeader } from '@/components/PageHeader';
import { SelectButton, useSelection } from '@/components/selection';
import { SkeletonPage } from '@/components/Skeleton';
import { useEntitiesLoaded, useSession, useUser, useUserData } from '@/data/hooks';
import { useMayControl } from '@/data/rights';
import { formatNumber, useTitles } from '@/data/words';
import { BulkBar } from './BulkBar';
import { type ColumnId, COLUMNS, columnsOf, DEFAULT_COLUMNS, GROUPS } from './columns';
import styles from './Entities.module.css';
import { acceptor, countOf, type Filters, filtersFrom, looksAtStates, type Status, withFilters } from './filters';
import { FilterPanel } from './FilterPanel';
import type { EntityRow } from './rows';
import { useRows } from './useRows';

interface View {
  columns: readonly ColumnId[];
  sort: { column: string; descending: boolean };
  groupBy: string | null;
}

const VIEW: View = { columns: DEFAULT_COLUMNS, sort: { column: 'name', descending: false }, groupBy: null };
const STATUSES: readonly Status[] = ['all', 'unavailable', 'hidden', 'disabled'];
/** How often rows that are chosen by their state are chosen anew. */
const LOOK_MS = 2000;
const ADDRESS_MS = 400;
const keyOf = (row: EntityRow) => row.id;
const open = (row: EntityRow) => openMoreInfo(row.id);

/** `/entities/light.porch` opens that dialog; closed, the address is the list's again. */
function useDeepLink(): void {
  const { entity } = useParams<{ entity?: string }>();
  const [, navigate] = useLocation();
  const current = useOpenEntity();
  const [linked, setLinked] = useState<string | null>(null);
  useEffect(() => {
    if (!entity) return;
    if (linked !== entity) {
      openMoreInfo(decodeURIComponent(entity));
      // eslint-disable-next-line react-hooks/set-state-in-effect -- remembers which address has been followed
      setLinked(entity);
    } else if (current === null) {
      setLinked(null);
      navigate(`/entities${location.search}`, { replace: true });
    }
  }, [entity, linked, current, navigate]);
}

/** Another number from time to time while states decide what is shown and some have changed. */
function useLook(active: boolean): number {
  const { entities } = useSession();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!active) return undefined;
    let changed = false;
    const end = entities.subscribeAll(() => (changed = true));
    const timer = setInterval(() => {
      if (changed) setTurn((before) => before + 1);
      changed = false;
    }, LOOK_MS);
    return () => {
      end();
      clearInterval(timer);
    };
  }, [entities, active]);
  return turn;
}

export default function EntitiesPage() {
  const { t, i18n } = useTranslation('entities');
  const { entities } = useSession();
  const loaded = useEntitiesLoaded();
  const user = useUser();
  const mayControl = useMayControl();
  const title = useTitles();
  const [params, setParams] = useSearchParams();
  const [filters, setFilters] = useState<Filters>(() => filtersFrom(params));
  const [panel, setPanel] = useState(() => countOf(filters) > 0 && filters.status === 'all');
  const [stored, store] = useUserData<Partial<View>>('marge_entities', {});
  const view: View = { ...VIEW, ...stored };
  const [count, setCount] = useState(0);
  useDeepLink();

  useEffect(() => {
    const timer = setTimeout(() => setParams((before) => withFilters(before, filters), { replace: true }), ADDRESS_MS);
    return () => clearTimeout(timer);
  }, [filters, setParams]);

  const { rows, loading, error } = useRows(filters.status === 'disabled');
  const turn = useLook(looksAtStates(filters));
  const accept = useMemo(
    () => acceptor(filters, (id) => entities.stateOf(id)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- another turn: states have changed, look anew
    [filters, entities, turn],
  );
  const shownColumns = stored.columns ?? DEFAULT_COLUMNS;
  const columns = useMemo(() => columnsOf(shownColumns, t, entities, title), [shownColumns, t, entities, title]);
  const selection = useSelection(rows, keyOf);
  if (!loaded) return <SkeletonPage />;

  const number = (value: number) => formatNumber(value, i18n.language);
  const set = (change: Partial<View>) => store({ ...stored, ...change });
  const active = countOf(filters);
  return (
    <>
      <PageHeader title={t('title')} text={t('text')}>
        <div className={styles.tools}>
          <SearchField className={styles.search} label={t('search')} value={filters.search} onChange={(search) => setFilters({ ...filters, search })} />
          <Button icon={mdiFilterVariant} aria-expanded={panel} onPress={() => setPanel(!panel)}>
            {active ? t('filtersOn', { count: active }) : t('filters')}
          </Button>
          <Menu label={t('groupBy')} entries={[null, ...GROUPS].map((id) => ({ id: id ?? '-', label: id ? t(`column.${id}`) : t('ungrouped'), selected: view.groupBy === id, run: () => set({ groupBy: id }) }))}>
            <Icon path={mdiFormatListGroup} size={22} />
          </Menu>
          <Menu
            label={t('columns')}
            entries={COLUMNS.filter((id) => id !== 'name').map((id) => ({
              id,
              label: t(`column.${id}`),
              selected: view.columns.includes(id),
              run: () => set({ columns: view.columns.includes(id) ? view.columns.filter((each) => each !== id) : [...view.columns, id] }),
            }))}
          >
            <Icon path={mdiViewColumnOutline} size={22} />
          </Menu>
          {(mayControl || user.is_admin) && <SelectButton selection={selection} />}
        </div>
      </PageHeader>
      <div className={styles.chips}>
        {STATUSES.filter((status) => status !== 'disabled' || user.is_admin).map((status) => (
          <FilterChip key={status} selected={filters.status === status} onChange={() => setFilters({ ...filters, status })}>
            {t(`status.${status}`)}
          </FilterChip>
        ))}
        <span className={styles.count} role="status">
          {count === rows.length ? t('count', { count, number: number(count) }) : t('countOf', { number: number(count), all: number(rows.length) })}
        </span>
      </div>
      {panel && <FilterPanel rows={rows} filters={filters} onChange={setFilters} />}
      {error && <Banner kind="error" title={t('failed')}>{error}</Banner>}
      {loading ? (
        <SkeletonPage />
      ) : (
        <DataTable
          label={t('title')}
          rows={rows}
          rowKey={keyOf}
          columns={columns}
          accept={accept}
          onCount={setCount}
          sort={view.sort}
          onSort={(sort) => set({ sort })}
          groupBy={view.groupBy}
          rowHeight={60}
          onOpen={open}
          {...selection.table}
          empty={<EmptyState icon={mdiShapeOutline} title={t(rows.length ? 'nothing.title' : 'empty.title')} text={t(rows.length ? 'nothing.text' : 'empty.text')} />}
        />
      )}
      {selection.selected && <BulkBar rows={selection.chosen} onClear={selection.clear} />}
    </>
  );
}
