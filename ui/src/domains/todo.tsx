import { useState } from 'react';
import { mdiArrowDown, mdiArrowUp, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Button, IconButton } from '@/components/Button';
import { EmptyState } from '@/components/EmptyState';
import { Checkbox, TextField } from '@/components/fields';
import { Skeleton } from '@/components/Skeleton';
import { useSession, useSubscription } from '@/data/hooks';
import { asApiError } from '@/data/session';
import type { Entity } from '@/data/types';
import { formatTime } from '@/data/words';
import { dateAt, useZone } from '@/data/zoned';
import { has, useControl } from './_controls/control';
import { Note, Stack } from './_controls/parts';
import { TodoDialog, type TodoItem } from './_controls/TodoDialog';
import { addDays } from './_controls/moments';
import styles from './todo.module.css';

const BIT = { create: 1, delete: 2, update: 4, move: 8, date: 16, datetime: 32, description: 64 };

/** Late: the day is over at home, or the moment. */
function isLate(item: TodoItem, zone: string): boolean {
  if (!item.due || item.status === 'completed') return false;
  return item.due.includes('T') ? Date.parse(item.due) < Date.now() : addDays(item.due, 1) <= dateAt(Date.now(), zone).toString();
}

export default function TodoControls({ entity }: { entity: Entity }) {
  const { t, i18n } = useTranslation('domains');
  const session = useSession();
  const zone = useZone();
  const { act, gone } = useControl(entity);
  const [items, setItems] = useState<readonly TodoItem[] | null>(null);
  const [text, setText] = useState('');
  const [edited, setEdited] = useState<TodoItem | null>(null);
  const error = useSubscription<{ items: TodoItem[] }>({ type: 'todo/item/subscribe', entity_id: entity.entity_id }, (event) => setItems(event.items));
  if (error) return <Note>{error.message}</Note>;
  if (!items) return <Skeleton height={180} radius="var(--radius-m)" />;
  const open = items.filter((item) => item.status !== 'completed');
  const done = items.filter((item) => item.status === 'completed');
  const mayUpdate = has(entity, BIT.update);

  const add = async () => {
    const item = text.trim();
    if (item && (await act('add_item', { item }))) setText('');
  };
  const tick = async (item: TodoItem, completed: boolean) => {
    const status = completed ? 'completed' : 'needs_action';
    setItems(items.map((each) => (each.uid === item.uid ? { ...each, status } : each)));
    if (!(await act('update_item', { item: item.uid, status }))) setItems(items);
  };
  const move = (index: number, by: 1 | -1) => {
    const previous = by === 1 ? open[index + 1] : open[index - 2];
    session.command('todo/item/move', { entity_id: entity.entity_id, uid: open[index]!.uid, ...(previous ? { previous_uid: previous.uid } : {}) }).catch((problem: unknown) => toast.error(asApiError(problem).message));
  };
  const row = (item: TodoItem, index: number) => (
    <li key={item.uid} className={`${styles.item} ${item.status === 'completed' ? styles.done : ''}`}>
      <Checkbox hideLabel label={t('todo.tick', { item: item.summary })} value={item.status === 'completed'} disabled={!mayUpdate || gone} onChange={(value) => void tick(item, value)} />
      <span className={styles.words}>
        <button type="button" className={styles.text} disabled={!mayUpdate} onClick={() => setEdited(item)}>
          {item.summary}
        </button>
        {item.due && <span className={`${styles.more} ${isLate(item, zone) ? styles.late : ''}`}>{item.due.includes('T') ? formatTime(Date.parse(item.due), i18n.language, 'both', zone) : formatTime(Date.parse(`${item.due}T12:00:00Z`), i18n.language, 'date', 'UTC')}</span>}
        {item.description && <span className={styles.more}>{item.description}</span>}
      </span>
      {has(entity, BIT.move) && item.status !== 'completed' && (
        <>
          {index > 0 && <IconButton icon={mdiArrowUp} label={t('todo.up', { item: item.summary })} onPress={() => move(index, -1)} />}
          {index < open.length - 1 && <IconButton icon={mdiArrowDown} label={t('todo.down', { item: item.summary })} onPress={() => move(index, 1)} />}
        </>
      )}
    </li>
  );

  return (
    <Stack>
      {has(entity, BIT.create) && (
        <form
          className={styles.add}
          onSubmit={(event) => {
            event.preventDefault();
            void add();
          }}
        >
          <TextField label={t('todo.new')} value={text} onChange={setText} disabled={gone} autoComplete="off" />
          <Button type="submit" kind="primary" icon={mdiPlus} isDisabled={gone || !text.trim()}>
            {t('add')}
          </Button>
        </form>
      )}
      {items.length === 0 && <EmptyState title={t('todo.empty')} text={t('todo.emptyText')} />}
      <ul className={styles.items}>{open.map(row)}</ul>
      {done.length > 0 && (
        <div>
          <div className={styles.head}>
            <span>{t('todo.done', { count: done.length })}</span>
            {has(entity, BIT.delete) && (
              <Button small kind="ghost" onPress={() => void act('remove_completed_items')}>
                {t('todo.clear')}
              </Button>
            )}
          </div>
          <ul className={styles.items}>{done.map(row)}</ul>
        </div>
      )}
      {edited && (
        <TodoDialog
          key={edited.uid}
          item={edited}
          keeps={{ date: has(entity, BIT.date), datetime: has(entity, BIT.datetime), description: has(entity, BIT.description) }}
          mayDelete={has(entity, BIT.delete)}
          onClose={() => setEdited(null)}
          onSave={(changes) => act('update_item', { item: edited.uid, ...changes })}
          onDelete={() => act('remove_item', { item: [edited.uid] })}
        />
      )}
    </Stack>
  );
}
