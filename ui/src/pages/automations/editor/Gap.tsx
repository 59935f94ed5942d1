/** A place between two pieces: something that is dragged may be put there. */

import { useDroppable } from '@dnd-kit/core';
import { useStore } from '@/data/store';
import { fitsInto } from '../kinds';
import { keyOf, mayMove, type Place } from '../model/tree';
import type { Path, Role } from '../model/types';
import { useEditor } from './context';
import styles from './Gap.module.css';

export interface GapData extends Place {
  role: Role;
  /** Of the list, for announcements. */
  label: string;
}

export function Gap({ list, index, role, label }: { list: Path; index: number; role: Role; label: string }) {
  const { dragged } = useEditor();
  const takes = useStore(dragged, (now) => now !== null && fitsInto(now.piece, now.role, role) && mayMove(now, { list, index }));
  const { setNodeRef, isOver } = useDroppable({ id: `gap ${keyOf(list)} ${index}`, disabled: !takes, data: { list, index, role, label } satisfies GapData });
  return <div ref={setNodeRef} className={`${styles.gap} ${takes ? styles.takes : ''} ${isOver ? styles.over : ''}`} aria-hidden="true" />;
}
