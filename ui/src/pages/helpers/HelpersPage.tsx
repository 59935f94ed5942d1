import { useState } from 'react';
import { mdiDelete, mdiFolderEditOutline, mdiFolderOutline, mdiPencil, mdiPlus, mdiTuneVariant } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner } from '@/components/Banner';
import { Button, IconButton } from '@/components/Button';
import { CategoryDialog } from '@/components/CategoryDialog';
import { ConfigFlow } from '@/components/ConfigFlow';
import { type Column, DataTable } from '@/components/DataTable';
import { ConfirmDialog } from '@/components/Dialog';
import { EmptyState } from '@/components/EmptyState';
import { EntityIcon, StateText } from '@/components/entity';
import { SearchField, Select } from '@/components/fields';
import { Menu } from '@/components/Menu';
import { openMoreInfo } from '@/components/MoreInfo';
import { PageHeader } from '@/components/PageHeader';
import { CategoryAction, DeleteAction, SelectButton, SelectionBar, useSelection, useWork } from '@/components/selection';
import { SkeletonPage } from '@/components/Skeleton';
import { useCategories } from '@/data/categories';
import { useSession, useUser } from '@/data/hooks';
import { asApiError } from '@/data/session';
import { useAct } from '@/data/useAct';
import { domainOf } from '@/data/words';
import styles from './Helpers.module.css';
import { type Item, ItemDialog } from './ItemDialog';
import { KindDialog } from './KindDialog';
import { FIELDS } from './kinds';
import { isOurs, removeHelper } from './removeHelper';
import { type HelperRow, SCOPE, useHelpers } from './useHelpers';
import { useKindWords } from './useKindWords';

type Open = { is: 'kinds' } | { is: 'new'; kind: string } | { is: 'item'; kind: string; item: Item } | { is: 'options'; row: HelperRow } | { is: 'delete'; row: HelperRow } | { is: 'category'; row: HelperRow | null };

const keyOf = (row: HelperRow) => row.key;

export default function HelpersPage() {
  const { t } = useTranslation('helpers');
  const session = useSession();
  const words = useKindWords();
  const { rows, handlers, loading, error, reload } = useHelpers();
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<Open | null>(null);
  const [busy, act] = useAct();
  const close = () => setOpen(null);
  const { is_admin: admin } = useUser();
  const categories = useCategories(SCOPE);
  const [category, setCategory] = useState('');
  const [group, setGroup] = useState('');
  const nameOfCategory = (row: HelperRow) => categories.find((each) => each.category_id === row.category)?.name;
  const isFiltered = categories.some((each) => each.category_id === category);
  const shown = isFiltered ? rows.filter((row) => row.category === category) : rows;
  const selection = useSelection(shown, keyOf);
  const work = useWork<HelperRow>(() => {
    selection.clear();
    reload();
  });

  const groups = [
    { value: '', label: t('groups.none') },
    { value: 'kind', label: t('column.kind') },
    ...(categories.length > 0 ? [{ value: 'category', label: t('category') }] : []),
    { value: 'area', label: t('column.area') },
  ];
  const groupBy = groups.some((each) => each.value === group) ? group : '';

  const edit = async (row: HelperRow) => {
    if (row.entryId) {
      setOpen({ is: 'options', row });
      return;
    }
    try {
      const kind = domainOf(row.entityId!);
      const [items, entry] = await Promise.all([session.command<Item[]>(`${kind}/list`), session.command<{ unique_id: string }>('config/entity_registry/get', { entity_id: row.entityId })]);
      const item = items.find((each) => each.id === entry.unique_id);
      if (item) setOpen({ is: 'item', kind, item });
      else toast.error(t('inFiles'));
    } catch (problem) {
      toast.error(asApiError(problem).message);
    }
  };
  const remove = async (row: HelperRow) => {
    if (await act(() => removeHelper(session, row), t('deleted', { name: row.name }))) reload();
    close();
  };

  const columns: Column<HelperRow>[] = [
    {
      id: 'name',
      label: t('column.name'),
      value: (row) => row.name,
      width: 'minmax(0, 2.4fr)',
      cell: (row) => (
        <span className={styles.name}>
          {row.entityId && <EntityIcon entityId={row.entityId} size={20} />}
          <span className={styles.words}>
            <span className={styles.title}>{row.name}</span>
            <span className={styles.more}>{row.entityId ?? words.name(row.kind)}</span>
          </span>
        </span>
      ),
    },
    { id: 'kind', label: t('column.kind'), value: (row) => words.name(row.kind), width: 'minmax(0, 1.2fr)', show: 'wide' },
    ...(categories.length > 0 ? [{ id: 'category', label: t('category'), value: nameOfCategory, width: 'minmax(0, 1fr)', show: 'wide' as const }] : []),
    { id: 'area', label: t('column.area'), value: (row) => row.area, width: 'minmax(0, 1fr)', show: 'wide' },
    {
      id: 'state',
      label: t('column.state'),
      value: (row) => (row.entityId ? session.entities.get(row.entityId)?.state : row.trouble),
      align: 'end',
      width: 'minmax(72px, 1fr)',
      cell: (row) => (row.entityId ? <StateText entityId={row.entityId} /> : <span className={styles.quiet}>{t(row.trouble === 'disabled' || row.trouble === 'empty' ? `trouble.${row.trouble}` : 'trouble.failed')}</span>),
    },
    {
      id: 'do',
      label: '',
      value: () => null,
      sortable: false,
      width: '52px',
      cell: (row) =>
        isOurs(row) ? (
          <Menu
            label={t('actions', { name: row.name })}
            entries={[
              { id: 'edit', label: t('edit'), icon: mdiPencil, run: () => void edit(row) },
              ...(admin && row.entityId ? [{ id: 'category', label: t('category'), icon: mdiFolderOutline, run: () => setOpen({ is: 'category', row }) }] : []),
              { id: 'delete', label: t('delete'), icon: mdiDelete, danger: true, run: () => setOpen({ is: 'delete', row }) },
            ]}
          />
        ) : null,
    },
  ];
  const newKind = open?.is === 'new' ? open.kind : null;

  return (
    <>
      <PageHeader
        title={t('title')}
        text={t('text')}
        actions={
          <Button kind="primary" icon={mdiPlus} onPress={() => setOpen({ is: 'kinds' })}>
            {t('add')}
          </Button>
        }
      />
      {error && <Banner kind="error" title={t('failed')}>{error.message}</Banner>}
      {loading ? (
        <SkeletonPage />
      ) : rows.length === 0 ? (
        <EmptyState icon={mdiTuneVariant} title={t('empty.title')} text={t('empty.text')}>
          <Button kind="primary" icon={mdiPlus} onPress={() => setOpen({ is: 'kinds' })}>
            {t('add')}
          </Button>
        </EmptyState>
      ) : (
        <>
          <div className={styles.tools}>
            <SearchField className={styles.search} label={t('search')} value={search} onChange={setSearch} />
            {categories.length > 0 && <Select label={t('category')} options={[{ value: '', label: t('allCategories') }, ...categories.map((each) => ({ value: each.category_id, label: each.name }))]} value={isFiltered ? category : ''} onChange={setCategory} />}
            <Select label={t('groups.by')} options={groups} value={groupBy} onChange={setGroup} />
            {admin && (
              <span>
                <IconButton label={t('manageCategories')} icon={mdiFolderEditOutline} onPress={() => setOpen({ is: 'category', row: null })} />
                <SelectButton selection={selection} />
              </span>
            )}
          </div>
          <DataTable label={t('title')} rows={shown} rowKey={keyOf} columns={columns} filter={search} groupBy={groupBy || null} {...selection.table} rowHeight={60} onOpen={(row) => (row.entityId ? openMoreInfo(row.entityId) : void edit(row))} />
          {selection.selected && (
            <SelectionBar count={selection.chosen.length} work={work} onClear={selection.clear}>
              <CategoryAction scope={SCOPE} items={selection.chosen.flatMap(({ entityId, category }) => (entityId ? [{ entityId, category }] : []))} ready={work.ready} onDone={selection.clear} />
              <DeleteAction rows={selection.chosen} work={work} isOurs={isOurs} remove={(row) => removeHelper(session, row)} text={t('deleteManyText')} />
            </SelectionBar>
          )}
        </>
      )}
      {open?.is === 'category' && <CategoryDialog scope={SCOPE} entityIds={open.row?.entityId ? [open.row.entityId] : []} {...(open.row ? { name: open.row.name } : {})} current={open.row?.category ?? null} onClose={close} />}
      {open?.is === 'kinds' && <KindDialog handlers={handlers} onClose={close} onChoose={(kind) => setOpen({ is: 'new', kind })} />}
      {newKind && FIELDS[newKind] && <ItemDialog kind={newKind} item={null} onClose={close} onSaved={reload} />}
      {newKind && !FIELDS[newKind] && (
        <ConfigFlow
          kind="config"
          handler={newKind}
          domain={newKind}
          title={words.name(newKind)}
          onClose={close}
          onDone={() => {
            close();
            toast.ok(t('made', { name: words.name(newKind) }));
            reload();
          }}
        />
      )}
      {open?.is === 'item' && <ItemDialog kind={open.kind} item={open.item} onClose={close} onSaved={reload} />}
      {open?.is === 'options' && (
        <ConfigFlow
          kind="options"
          handler={open.row.entryId!}
          domain={open.row.kind}
          title={open.row.name}
          onClose={close}
          onDone={() => {
            close();
            toast.ok(t('saved'));
            reload();
          }}
        />
      )}
      <ConfirmDialog
        open={open?.is === 'delete'}
        danger
        busy={busy}
        title={t('deleteTitle', { name: open?.is === 'delete' ? open.row.name : '' })}
        text={t('deleteText')}
        confirm={t('delete')}
        onClose={close}
        onConfirm={() => open?.is === 'delete' && void remove(open.row)}
      />
    </>
  );
}
