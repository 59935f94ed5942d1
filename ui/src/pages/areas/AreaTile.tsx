import { useCallback, useState } from 'react';
import { useDraggable, useDroppable } from '@dnd-kit/core';
import { mdiDelete, mdiDrag, mdiPencil, mdiStairs, mdiThermometer, mdiWaterPercent } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Icon, Menu, NamedIcon, StateText } from '@/components';
import { StateLink } from '@/components/EntityLink';
import { type Area, useFloors, useUser } from '@/data';
import styles from './Areas.module.css';
import { DeleteArea } from './DeleteArea';
import { overArea, overFloor } from './grouping';
import { roomIcon } from './roomIcon';

export interface Counts {
  devices: number;
  entities: number;
}

interface Props {
  area: Area;
  counts: Counts;
  /** There is another place for it. */
  movable: boolean;
  onEdit: () => void;
  onMove: (over: string) => void;
}

/** An area: its picture or icon, how warm it is, what is in it. */
export function AreaTile({ area, counts, movable, onEdit, onMove }: Props) {
  const { t } = useTranslation('areas');
  const user = useUser();
  const floors = useFloors();
  const [removing, setRemoving] = useState(false);
  const { setNodeRef, setActivatorNodeRef, listeners, attributes, isDragging } = useDraggable({ id: area.area_id });
  const { setNodeRef: setPlace, isOver } = useDroppable({ id: overArea(area.area_id) });
  const place = useCallback(
    (element: HTMLElement | null) => {
      setNodeRef(element);
      setPlace(element);
    },
    [setNodeRef, setPlace],
  );
  return (
    <li ref={place} className={`${styles.tile} ${isDragging ? styles.lifted : ''} ${isOver && !isDragging ? styles.taken : ''}`}>
      <span className={styles.face}>{area.picture ? <img src={area.picture} alt="" loading="lazy" /> : <NamedIcon name={area.icon} fallback={roomIcon(area.name)} size={30} />}</span>
      <div className={styles.words}>
        <Link href={`/areas/${encodeURIComponent(area.area_id)}`} className={styles.tileLink}>
          <span className={styles.name}>{area.name}</span>
          <span className={styles.counts}>
            {t('count.devices', { count: counts.devices })} · {t('count.entities', { count: counts.entities })}
          </span>
        </Link>
        <div className={styles.climate}>
          {area.temperature_entity_id && <Reading entityId={area.temperature_entity_id} icon={mdiThermometer} />}
          {area.humidity_entity_id && <Reading entityId={area.humidity_entity_id} icon={mdiWaterPercent} />}
        </div>
      </div>
      {user.is_admin && (
        <div className={styles.tileActions}>
          {movable && (
            <button type="button" ref={setActivatorNodeRef} className={styles.grip} {...attributes} {...listeners} aria-label={t('drag.grip', { area: area.name })}>
              <Icon path={mdiDrag} size={22} />
            </button>
          )}
          <Menu
            label={t('menu', { name: area.name })}
            entries={[
              { id: 'edit', label: t('edit'), icon: mdiPencil, run: onEdit },
              ...[...floors.values()].map((floor) => ({
                id: `floor ${floor.floor_id}`,
                label: floor.name,
                icon: mdiStairs,
                selected: floor.floor_id === area.floor_id,
                section: t('moveTo'),
                run: () => onMove(overFloor(floor.floor_id)),
              })),
              ...(floors.size ? [{ id: 'no floor', label: t('noFloor'), icon: mdiStairs, selected: area.floor_id === null, section: t('moveTo'), run: () => onMove(overFloor(null)) }] : []),
              { id: 'delete', label: t('delete'), icon: mdiDelete, danger: true, section: '', run: () => setRemoving(true) },
            ]}
          />
        </div>
      )}
      <DeleteArea area={area} open={removing} onClose={() => setRemoving(false)} />
    </li>
  );
}

function Reading({ entityId, icon }: { entityId: string; icon: string }) {
  return (
    <StateLink entityId={entityId}>
      <Icon path={icon} size={16} />
      <StateText entityId={entityId} />
    </StateLink>
  );
}
