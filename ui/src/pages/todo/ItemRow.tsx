import { useState } from 'react';
import { useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { mdiDragVertical } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Checkbox, Chip, Icon } from '@/components';
import { formatTime } from '@/data/words';
import { dateAt, useZone } from '@/data/zoned';
import { can, type Item, urgency } from './todo';
import styles from './Todo.module.css';

interface Props {
  item: Item;
  movable: boolean;
  features: number | undefined;
  onCheck: (done: boolean) => void;
  onOpen: () => void;
}

const TONES = { late: 'danger', today: 'warn', later: 'plain' } as const;

export function ItemRow({ item, movable, features, onCheck, onOpen }: Props) {
  const { t, i18n } = useTranslation('todo');
  const zone = useZone();
  const [now] = useState(() => Date.now());
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({ id: item.uid, disabled: !movable });
  const isDone = item.status === 'completed';
  const due = isDone ? null : urgency(item.due, dateAt(now, zone).toString(), now);
  const hasTime = (item.due?.length ?? 0) > 10;
  return (
    <li ref={setNodeRef} className={`${styles.item} ${isDragging ? styles.dragging : ''}`} style={{ transform: CSS.Translate.toString(transform), transition }}>
      {movable && (
        <button type="button" className={styles.handle} {...attributes} {...listeners} aria-label={t('move', { name: item.summary })}>
          <Icon path={mdiDragVertical} />
        </button>
      )}
      <Checkbox label={item.summary} hideLabel value={isDone} disabled={!can(features, 'update')} onChange={onCheck} />
      <button type="button" className={`${styles.text} ${isDone ? styles.struck : ''}`} onClick={onOpen}>
        <span>{item.summary}</span>
        {item.description && <small>{item.description}</small>}
      </button>
      {item.due && due && <Chip tone={TONES[due]}>{due === 'today' && !hasTime ? t('today') : formatTime(new Date(hasTime ? item.due : `${item.due}T12:00:00Z`), i18n.language, hasTime ? 'both' : 'date', hasTime ? zone : 'UTC')}</Chip>}
    </li>
  );
}
