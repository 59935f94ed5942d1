/** All areas under their floors; an area is moved to another place or floor by dragging, with the keyboard, or by its menu. */

import { useCallback, useMemo, useState } from 'react';
import { DndContext, type DragEndEvent, DragOverlay, KeyboardSensor, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import { mdiPlus, mdiTextureBox } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, EmptyState, PageHeader, SkeletonPage } from '@/components';
import { type Area, type Floor, useAreas, useDevices, useEntityIdsByArea, useFloors, useSession, useStore, useUser } from '@/data';
import { AreaTile, type Counts } from './AreaTile';
import { AreaDialog } from './AreaDialog';
import styles from './Areas.module.css';
import { FloorDialog } from './FloorDialog';
import { FloorSection } from './FloorSection';
import { Chooser } from './keyboard';
import { useMoves } from './useMoves';

type Open = { area: Area | null; floorId: string | null } | { floor: Floor | null } | null;

/** How many devices and entities each area has. */
function useCounts(): (areaId: string) => Counts {
  const devices = useDevices();
  const byArea = useEntityIdsByArea();
  const inArea = useMemo(() => {
    const found = new Map<string, number>();
    for (const device of devices.values()) if (device.area_id) found.set(device.area_id, (found.get(device.area_id) ?? 0) + 1);
    return found;
  }, [devices]);
  return useCallback((areaId) => ({ devices: inArea.get(areaId) ?? 0, entities: byArea.get(areaId)?.length ?? 0 }), [inArea, byArea]);
}

export function Overview() {
  const { t, i18n } = useTranslation('areas');
  const session = useSession();
  const user = useUser();
  const areas = useAreas();
  const floors = useFloors();
  const counts = useCounts();
  const [open, setOpen] = useState<Open>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [chooser] = useState(() => new Chooser());
  const { groups, move } = useMoves(areas, floors, i18n.language);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }), useSensor(KeyboardSensor, { coordinateGetter: chooser.step }));

  const dropped = ({ active, over }: DragEndEvent) => {
    setDragged(null);
    if (over) move(String(active.id), String(over.id));
  };
  /** Where a drop would lead, in words. */
  const placeName = (id: unknown) => {
    const [kind, key] = [String(id).slice(0, 5), String(id).slice(String(id).indexOf(':') + 1)];
    return kind === 'area:' ? t('drag.place', { area: nameOfArea(key) }) : (floors.get(key)?.name ?? t('noFloor'));
  };
  const nameOfArea = (id: unknown) => areas.get(String(id))?.name ?? '';
  const settled = [useStore(session.registries.areas.settled), useStore(session.registries.floors.settled)];
  if (!settled.every(Boolean)) return <SkeletonPage />;
  const shownDragged = dragged ? areas.get(dragged) : undefined;
  return (
    <>
      <PageHeader
        title={t('title')}
        text={t('text')}
        actions={
          user.is_admin && (
            <>
              <Button icon={mdiPlus} onPress={() => setOpen({ floor: null })}>
                {t('floor.add')}
              </Button>
              <Button kind="primary" icon={mdiPlus} onPress={() => setOpen({ area: null, floorId: null })}>
                {t('add')}
              </Button>
            </>
          )
        }
      />
      {areas.size === 0 && floors.size === 0 ? (
        <EmptyState icon={mdiTextureBox} title={t('empty.title')} text={t('empty.text')}>
          {user.is_admin && (
            <Button icon={mdiPlus} onPress={() => setOpen({ area: null, floorId: null })}>
              {t('empty.first')}
            </Button>
          )}
        </EmptyState>
      ) : (
        <DndContext
          sensors={sensors}
          collisionDetection={chooser.under}
          onDragStart={({ active }) => {
            chooser.begin();
            setDragged(String(active.id));
          }}
          onDragEnd={dropped}
          onDragCancel={() => setDragged(null)}
          accessibility={{
            screenReaderInstructions: { draggable: t('drag.how') },
            announcements: {
              onDragStart: ({ active }) => t('drag.start', { area: nameOfArea(active.id) }),
              onDragOver: ({ over }) => (over ? t('drag.over', { floor: placeName(over.id) }) : undefined),
              onDragEnd: ({ active, over }) => (over ? t('drag.end', { area: nameOfArea(active.id), floor: placeName(over.id) }) : t('drag.cancel')),
              onDragCancel: () => t('drag.cancel'),
            },
          }}
        >
          <div className={styles.floors}>
            {groups
              .filter((group) => group.floor || group.areas.length > 0 || dragged)
              .map((group) => (
                <FloorSection
                  key={group.floor?.floor_id ?? 'none'}
                  group={group}
                  alone={floors.size === 0}
                  dragging={dragged !== null}
                  onEdit={(floor) => setOpen({ floor })}
                  onAdd={(floorId) => setOpen({ area: null, floorId })}
                >
                  {(area) => <AreaTile key={area.area_id} area={area} counts={counts(area.area_id)} movable={floors.size > 0 || areas.size > 1} onEdit={() => setOpen({ area, floorId: area.floor_id })} onMove={(over) => move(area.area_id, over)} />}
                </FloorSection>
              ))}
          </div>
          <DragOverlay>{shownDragged && <div className={styles.held}>{shownDragged.name}</div>}</DragOverlay>
        </DndContext>
      )}
      {open && 'floorId' in open && <AreaDialog area={open.area} floorId={open.floorId} onClose={() => setOpen(null)} />}
      {open && 'floor' in open && <FloorDialog floor={open.floor} onClose={() => setOpen(null)} />}
    </>
  );
}
