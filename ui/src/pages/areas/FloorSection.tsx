import { type ReactNode, useState } from 'react';
import { useDroppable } from '@dnd-kit/core';
import { mdiDelete, mdiHomeFloor0, mdiPencil, mdiPlus, mdiStairs } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog, Menu, NamedIcon } from '@/components';
import { type Area, type Floor, useSession, useUser } from '@/data';
import { useAct } from '@/data/useAct';
import styles from './Areas.module.css';
import { type FloorGroup, overFloor } from './grouping';

interface Props {
  group: FloorGroup;
  /** There are no floors at all: the areas need no heading. */
  alone: boolean;
  dragging: boolean;
  onEdit: (floor: Floor) => void;
  onAdd: (floorId: string | null) => void;
  children: (area: Area) => ReactNode;
}

/** One floor with its areas; areas can be dropped on it. */
export function FloorSection({ group, alone, dragging, onEdit, onAdd, children }: Props) {
  const { t } = useTranslation('areas');
  const session = useSession();
  const user = useUser();
  const { floor, areas } = group;
  const { setNodeRef, isOver } = useDroppable({ id: overFloor(floor?.floor_id ?? null) });
  const [removing, setRemoving] = useState(false);
  const [busy, act] = useAct();
  const name = floor?.name ?? t('noFloor');
  const remove = async () => {
    if (floor && (await act(() => session.command('config/floor_registry/delete', { floor_id: floor.floor_id }), t('floor.deleted', { name: floor.name })))) setRemoving(false);
  };
  return (
    <section ref={setNodeRef} aria-label={alone ? t('title') : name} className={`${styles.floor} ${dragging ? styles.target : ''} ${isOver ? styles.over : ''}`}>
      {!alone && (
        <header className={styles.floorHead}>
          <NamedIcon name={floor?.icon} fallback={floor ? mdiStairs : mdiHomeFloor0} size={22} />
          <h2>{name}</h2>
          {floor?.level != null && <span className={styles.level}>{t('floor.levelIs', { level: floor.level })}</span>}
          {user.is_admin && (
            <Menu
              label={t('floor.menu', { name })}
              entries={[
                { id: 'add', label: t('floor.addHere'), icon: mdiPlus, run: () => onAdd(floor?.floor_id ?? null) },
                ...(floor
                  ? [
                      { id: 'edit', label: t('floor.edit'), icon: mdiPencil, run: () => onEdit(floor) },
                      { id: 'delete', label: t('floor.delete'), icon: mdiDelete, danger: true, section: '', run: () => setRemoving(true) },
                    ]
                  : []),
              ]}
            />
          )}
        </header>
      )}
      {areas.length === 0 ? <p className={styles.nothing}>{t('floor.empty')}</p> : <ul className={styles.grid}>{areas.map(children)}</ul>}
      <ConfirmDialog open={removing} danger busy={busy} title={t('floor.deleteTitle', { name })} text={t('floor.deleteText')} confirm={t('floor.delete')} onConfirm={() => void remove()} onClose={() => setRemoving(false)} />
    </section>
  );
}
