/** One list: what is open, in its order, and what is done. Changes show at once, and go back when they are refused. */

import { type FormEvent, useState } from 'react';
import { closestCenter, DndContext, type DragEndEvent, KeyboardSensor, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import { restrictToVerticalAxis } from './restrict';
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { mdiBroom, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, Card, EmptyState, Skeleton, TextField } from '@/components';
import { asApiError, useCall, useConnected, useEntity, useMayControl, useSession, useSubscription } from '@/data';
import { nameOf } from '@/data/words';
import { ItemDialog } from './ItemDialog';
import { ItemRow } from './ItemRow';
import { can, done, type Item, moved, open } from './todo';
import styles from './Todo.module.css';

export function ListCard({ entityId }: { entityId: string }) {
  const { t } = useTranslation('todo');
  const session = useSession();
  const call = useCall();
  const connected = useConnected();
  const entity = useEntity(entityId);
  const mayControl = useMayControl();
  const features = mayControl ? entity?.attributes.supported_features : 0;
  const [items, setItems] = useState<readonly Item[] | null>(null);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [editing, setEditing] = useState<Item | null>(null);
  const refused = useSubscription<{ items: Item[] }>({ type: 'todo/item/subscribe', entity_id: entityId }, (event) => setItems(event.items));
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }), useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }));
  const target = { entity_id: entityId };

  const add = async (event: FormEvent) => {
    event.preventDefault();
    const summary = text.trim();
    if (!summary || busy) return;
    setBusy(true);
    if (await call('todo', 'add_item', { item: summary }, target)) setText('');
    setBusy(false);
  };
  const check = async (item: Item, isDone: boolean) => {
    const before = items;
    setItems((now) => now?.map((each) => (each.uid === item.uid ? { ...each, status: isDone ? 'completed' : 'needs_action' } : each)) ?? now);
    if (!(await call('todo', 'update_item', { item: item.uid, status: isDone ? 'completed' : 'needs_action' }, target))) setItems(before);
  };
  const remove = async (item: Item) => {
    if (!(await call('todo', 'remove_item', { item: item.uid }, target))) return;
    toast.info(t('removed', { name: item.summary }), {
      label: t('undo'),
      run: () => void call('todo', 'add_item', { item: item.summary, ...(item.description && can(features, 'description') ? { description: item.description } : {}) }, target),
    });
  };
  const drop = async ({ active, over }: DragEndEvent) => {
    if (!items || !over || active.id === over.id) return;
    const before = items;
    const next = moved(open(items), String(active.id), String(over.id));
    setItems([...next.items, ...done(items)]);
    try {
      await session.command('todo/item/move', { entity_id: entityId, uid: String(active.id), previous_uid: next.behind });
    } catch (error) {
      setItems(before);
      toast.error(asApiError(error).message);
    }
  };

  if (!entity) return <EmptyState title={t('gone')} />;
  const [todo, finished] = [open(items ?? []), done(items ?? [])];
  const row = (item: Item, movable: boolean) => <ItemRow key={item.uid} item={item} movable={movable} features={features} onCheck={(isDone) => void check(item, isDone)} onOpen={() => setEditing(item)} />;
  return (
    <Card
      title={nameOf(entity, entityId)}
      actions={
        finished.length > 0 && can(features, 'delete') ? (
          <Button small kind="ghost" icon={mdiBroom} isDisabled={!connected} onPress={() => void call('todo', 'remove_completed_items', {}, target)}>
            {t('clear')}
          </Button>
        ) : null
      }
    >
      {refused && <Banner kind="error">{refused.message}</Banner>}
      {can(features, 'create') && (
        <form className={styles.add} onSubmit={(event) => void add(event)}>
          <TextField label={t('add')} hideLabel placeholder={t('add')} value={text} onChange={setText} autoComplete="off" />
          <Button type="submit" kind="primary" icon={mdiPlus} busy={busy} isDisabled={!connected || !text.trim()}>
            {t('addButton')}
          </Button>
        </form>
      )}
      {items === null && !refused && <Skeleton height={160} />}
      {items !== null && todo.length === 0 && <EmptyState title={t(finished.length ? 'allDone' : 'nothing')} text={t('nothingText')} />}
      <DndContext sensors={sensors} collisionDetection={closestCenter} modifiers={[restrictToVerticalAxis]} onDragEnd={(event) => void drop(event)}>
        <SortableContext items={todo.map((item) => item.uid)} strategy={verticalListSortingStrategy}>
          <ul className={styles.items} aria-label={t('open')}>
            {todo.map((item) => row(item, can(features, 'move')))}
          </ul>
        </SortableContext>
      </DndContext>
      {finished.length > 0 && (
        <details className={styles.done} open>
          <summary>{t('done', { count: finished.length })}</summary>
          <ul className={styles.items} aria-label={t('done', { count: finished.length })}>
            {finished.map((item) => row(item, false))}
          </ul>
        </details>
      )}
      {editing && <ItemDialog item={editing} features={features} exists={items?.some((item) => item.uid === editing.uid) ?? false} entityId={entityId} onClose={() => setEditing(null)} onRemove={() => void remove(editing)} />}
    </Card>
  );
}
