/** Dragging pieces with mouse, finger or keyboard, to any place where they fit, in whatever list it is. */

import { type ReactNode, useMemo } from 'react';
import {
  type Announcements,
  closestCenter,
  type CollisionDetection,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DroppableContainer,
  KeyboardSensor,
  type KeyboardCoordinateGetter,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { useTranslation } from 'react-i18next';
import { useStore } from '@/data/store';
import { useSay } from '../kinds/say';
import { listAt } from '../model/tree';
import type { Piece } from '../model/types';
import { type Dragged, useEditor } from './context';
import type { GapData } from './Gap';
import styles from './DragArea.module.css';

/** Where a gap is now: what the library has measured may be older than what has opened since. */
const placeOf = (container: DroppableContainer): DOMRect | undefined => container.node.current?.getBoundingClientRect();

/** The gap nearest to the pointer (or, with the keyboard, to the dragged piece's corner); of nested ones the narrowest. */
const nearestGap: CollisionDetection = (args) => {
  const { droppableContainers, pointerCoordinates, collisionRect } = args;
  const point = pointerCoordinates ?? { x: collisionRect.left + 4, y: collisionRect.top + 4 };
  const found = droppableContainers.flatMap((container) => {
    const rect = placeOf(container);
    if (!rect) return [];
    const beside = Math.max(0, rect.left - point.x, point.x - rect.right);
    const distance = Math.abs(rect.top + rect.height / 2 - point.y) + beside * 3;
    return [{ id: container.id, data: { droppableContainer: container, value: distance + rect.width / 10_000 } }];
  });
  found.sort((a, b) => a.data.value - b.data.value);
  return found.length > 0 ? found : closestCenter(args);
};

/** With the arrow keys from gap to gap, in the order in which they stand on the page. */
const nextGap: KeyboardCoordinateGetter = (event, { context }) => {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.code];
  if (step === undefined) return undefined;
  event.preventDefault();
  const gaps = context.droppableContainers
    .getEnabled()
    .flatMap((container) => {
      const rect = placeOf(container);
      return rect ? [{ id: container.id, rect }] : [];
    })
    .sort((a, b) => a.rect.top - b.rect.top || a.rect.left - b.rect.left);
  const now = gaps.findIndex((gap) => gap.id === context.over?.id);
  const wanted = gaps[now + step] ?? gaps[now];
  return wanted ? { x: wanted.rect.left - 4, y: wanted.rect.top + wanted.rect.height / 2 - 4 } : undefined;
};

function Overlay() {
  const { dragged } = useEditor();
  const now = useStore(dragged);
  const say = useSay();
  return <DragOverlay dropAnimation={null}>{now && <div className={styles.overlay}>{say.piece(now.role, now.piece)}</div>}</DragOverlay>;
}

export function DragArea({ children }: { children: ReactNode }) {
  const { t } = useTranslation('automations');
  const api = useEditor();
  const say = useSay();
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: nextGap }),
  );

  const announcements = useMemo<Announcements>(() => {
    const name = (data: unknown) => {
      const { role, piece } = data as Dragged;
      return say.piece(role, piece);
    };
    const place = (data: unknown) => {
      const { list, index, role, label } = data as GapData;
      const next = listAt(api.config(), list)[index] as Piece | undefined;
      return next ? t('drag.before', { list: label, next: say.piece(role, next) }) : t('drag.end', { list: label });
    };
    return {
      onDragStart: ({ active }) => t('drag.started', { name: name(active.data.current) }),
      onDragOver: ({ over }) => (over ? place(over.data.current) : undefined),
      onDragEnd: ({ active, over }) => (over ? t('drag.dropped', { name: name(active.data.current), place: place(over.data.current) }) : t('drag.cancelled')),
      onDragCancel: () => t('drag.cancelled'),
    };
  }, [api, say, t]);

  const end = ({ active, over }: DragEndEvent) => {
    api.dragged.set(null);
    if (over) api.move(active.data.current as Dragged, over.data.current as GapData);
  };

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={nearestGap}
      accessibility={{ announcements, screenReaderInstructions: { draggable: t('drag.how') } }}
      onDragStart={({ active }) => api.dragged.set(active.data.current as Dragged)}
      onDragEnd={end}
      onDragCancel={() => api.dragged.set(null)}
    >
      {children}
      <Overlay />
    </DndContext>
  );
}
