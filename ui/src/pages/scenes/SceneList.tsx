/** All scenes: activate, edit, delete. Everybody may activate; administrators change. */

import { useMemo, useState } from 'react';
import { mdiDelete, mdiInformationOutline, mdiPalette, mdiPaletteOutline, mdiPencil, mdiPlay, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { toast } from '@/app/toasts';
import { Button, Card, ConfirmDialog, EmptyState, Menu, openMoreInfo, PageHeader, RelativeTime, SearchField, SkeletonPage } from '@/components';
import { useCall, useEntitiesLoaded, useEntity, useSession, useUser } from '@/data/hooks';
import { useMayControl } from '@/data/rights';
import { asApiError } from '@/data/session';
import { asList } from '../automations/model/types';
import listStyles from '../automations/list/list.module.css';
import { type ItemRow, useRows } from '../automations/list/rows';
import styles from './scenes.module.css';

/** More than that in one home is found by searching. */
const SHOWN = 200;

export default function SceneList() {
  const { t } = useTranslation('scenes');
  const [, navigate] = useLocation();
  const loaded = useEntitiesLoaded();
  const { rows } = useRows('scene');
  const { is_admin: admin } = useUser();
  const [search, setSearch] = useState('');
  const shown = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    return rows.filter((row) => words.every((word) => `${row.name} ${row.areaName ?? ''} ${row.entityId}`.toLowerCase().includes(word))).toSorted((a, b) => a.name.localeCompare(b.name));
  }, [rows, search]);
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
          <div className={listStyles.tools}>
            <SearchField label={t('search')} value={search} onChange={setSearch} />
          </div>
          <ul className={listStyles.cards}>
            {shown.slice(0, SHOWN).map((row) => (
              <li key={row.entityId}>
                <SceneCard row={row} admin={admin} />
              </li>
            ))}
          </ul>
          {shown.length === 0 && <EmptyState title={t('nothingFits')} />}
          {shown.length > SHOWN && <p className={listStyles.quiet}>{t('moreThere', { count: shown.length - SHOWN })}</p>}
        </>
      )}
    </>
  );
}

function SceneCard({ row, admin }: { row: ItemRow; admin: boolean }) {
  const { t } = useTranslation('scenes');
  const session = useSession();
  const call = useCall();
  const mayControl = useMayControl();
  const [, navigate] = useLocation();
  const entity = useEntity(row.entityId);
  const [deleting, setDeleting] = useState(false);
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
                  { id: 'delete', label: t('delete'), icon: mdiDelete, danger: true, section: ' ', run: () => setDeleting(true) },
                ]
              : []),
          ]}
        />
      }
    >
      <div className={styles.card}>
        <span className={listStyles.quiet}>
          {[row.areaName, t('things', { count })].filter(Boolean).join(' · ')}
          <br />
          {t('activated')} <RelativeTime at={entity?.state} />
        </span>
        {mayControl && <Button icon={mdiPlay} onPress={() => void call('scene', 'turn_on', {}, { entity_id: row.entityId }).then((worked) => worked && toast.ok(t('isOn', { name: row.name })))} aria-label={t('activateOne', { name: row.name })}>
          {t('activate')}
        </Button>}
      </div>
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
