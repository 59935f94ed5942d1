/** All scenes: activate, edit, delete. Everybody may activate; administrators change. */

import { useMemo, useState } from 'react';
import { mdiDelete, mdiFolderOutline, mdiInformationOutline, mdiPalette, mdiPaletteOutline, mdiPencil, mdiPlay, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { toast } from '@/app/toasts';
import { Button, Card, CategoryDialog, ConfirmDialog, EmptyState, Menu, openMoreInfo, PageHeader, RelativeTime, SkeletonPage } from '@/components';
import { StateLink } from '@/components/EntityLink';
import { useCall, useEntitiesLoaded, useEntity, useSession, useUser } from '@/data/hooks';
import { useMayControl } from '@/data/rights';
import { asApiError } from '@/data/session';
import { asList } from '../automations/model/types';
import { ListTools } from '../automations/list/ListTools';
import listStyles from '../automations/list/list.module.css';
import { type ItemRow, useRows } from '../automations/list/rows';
import { type Grouping, useView } from '../automations/list/useView';
import styles from './scenes.module.css';

/** More than that in one home is found by searching. */
const SHOWN = 200;

export default function SceneList() {
  const { t } = useTranslation('scenes');
  const [, navigate] = useLocation();
  const loaded = useEntitiesLoaded();
  const { rows, categories } = useRows('scene');
  const view = useView('scene', rows, categories);
  const { is_admin: admin } = useUser();
  const shown = useMemo(() => {
    const words = view.search.toLowerCase().split(/\s+/).filter(Boolean);
    return view.shown
      .filter((row) => words.every((word) => `${row.name} ${row.areaName ?? ''} ${row.categoryName ?? ''} ${row.entityId}`.toLowerCase().includes(word)))
      .toSorted((a, b) => a.name.localeCompare(b.name));
  }, [view.shown, view.search]);
  const groups = useMemo(() => groupsOf(shown.slice(0, SHOWN), view.group), [shown, view.group]);
  const add = admin ? (
    <Button kind="primary" icon={mdiPlus} onPress={() => navigate('/scenes/edit/new')}>
      {t('new')}
    </Button>
  ) : null;
  if (!loaded) return <SkeletonPage />;
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} actions={add} />
      {rows.length === 0 ? (
        <EmptyState icon={mdiPaletteOutline} title={t('emptyTitle')} text={t('emptyText')}>
          {add}
        </EmptyState>
      ) : (
        <>
          <ListTools scope="scene" view={view} categories={categories} searchLabel={t('search')} />
          {groups.map(([name, inside]) => (
            <section key={name ?? ''} aria-label={name ?? t('title')}>
              {name !== null && <h2 className={listStyles.groupTitle}>{name || t('noGroup')}</h2>}
              <ul className={listStyles.cards}>
                {inside.map((row) => (
                  <li key={row.entityId}>
                    <SceneCard row={row} admin={admin} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
          {shown.length === 0 && <EmptyState title={t('nothingFits')} />}
          {shown.length > SHOWN && <p className={listStyles.quiet}>{t('moreThere', { count: shown.length - SHOWN })}</p>}
        </>
      )}
    </>
  );
}

/** Scenes under the names of their groups, those without at the end; one group without a name: they are not grouped. */
function groupsOf(rows: readonly ItemRow[], by: Grouping): [string | null, ItemRow[]][] {
  const groups = new Map<string | null, ItemRow[]>();
  for (const row of rows) {
    const name = by === '' ? null : ((by === 'area' ? row.areaName : row.categoryName) ?? '');
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].sort(([a], [b]) => Number(!a) - Number(!b) || (a ?? '').localeCompare(b ?? ''));
}

function SceneCard({ row, admin }: { row: ItemRow; admin: boolean }) {
  const { t } = useTranslation('scenes');
  const session = useSession();
  const call = useCall();
  const mayControl = useMayControl();
  const [, navigate] = useLocation();
  const entity = useEntity(row.entityId);
  const [deleting, setDeleting] = useState(false);
  const [sorting, setSorting] = useState(false);
  const count = asList(entity?.attributes.entity_id).length;
  const editable = admin && row.itemId !== null;
  const edit = `/scenes/edit/${encodeURIComponent(row.itemId ?? '')}`;
  return (
    <Card
      icon={mdiPalette}
      title={editable ? <Link href={edit} className={styles.name}>{row.name}</Link> : row.name}
      actions={
        <Menu
          label={t('more', { name: row.name })}
          entries={[
            { id: 'info', label: t('info'), icon: mdiInformationOutline, run: () => openMoreInfo(row.entityId) },
            ...(editable
              ? [
                  { id: 'edit', label: t('edit'), icon: mdiPencil, run: () => navigate(edit) },
                  { id: 'category', label: t('category'), icon: mdiFolderOutline, run: () => setSorting(true) },
                  { id: 'delete', label: t('delete'), icon: mdiDelete, danger: true, section: ' ', run: () => setDeleting(true) },
                ]
              : []),
          ]}
        />
      }
    >
      <div className={styles.card}>
        <span className={listStyles.quiet}>
          {[row.areaName, row.categoryName, t('things', { count })].filter(Boolean).join(' · ')}
          <br />
          <StateLink entityId={row.entityId}>
            {t('activated')} <RelativeTime at={entity?.state} />
          </StateLink>
        </span>
        {mayControl && <Button icon={mdiPlay} onPress={() => void call('scene', 'turn_on', {}, { entity_id: row.entityId }).then((worked) => worked && toast.ok(t('isOn', { name: row.name })))} aria-label={t('activateOne', { name: row.name })}>
          {t('activate')}
        </Button>}
      </div>
      {sorting && <CategoryDialog scope="scene" entityIds={[row.entityId]} name={row.name} current={row.category ?? null} onClose={() => setSorting(false)} />}
      <ConfirmDialog
        open={deleting}
        title={t('deleteTitle', { name: row.name })}
        text={t('deleteText')}
        confirm={t('delete')}
        danger
        onClose={() => setDeleting(false)}
        onConfirm={() => {
          setDeleting(false);
          session.rest(`/api/config/scene/config/${encodeURIComponent(row.itemId ?? '')}`, { method: 'DELETE' }).then(
            () => toast.ok(t('deleted', { name: row.name })),
            (error: unknown) => toast.error(asApiError(error).message),
          );
        }}
      />
    </Card>
  );
}
