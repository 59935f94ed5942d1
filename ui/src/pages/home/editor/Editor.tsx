/** Changing a dashboard: cards dragged to their place, edited as form and YAML; kept as a draft until it is saved. */

import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { closestCenter, DndContext, type DragEndEvent, KeyboardSensor, PointerSensor, TouchSensor, useDroppable, useSensor, useSensors } from '@dnd-kit/core';
import { rectSortingStrategy, SortableContext, sortableKeyboardCoordinates, useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { mdiArrowDown, mdiArrowUp, mdiCodeBraces, mdiContentCopy, mdiDeleteOutline, mdiDragVariant, mdiPencilOutline, mdiPlus, mdiRestore, mdiViewGridPlusOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, ConfirmDialog, Icon, IconButton, Menu, PageHeader } from '@/components';
import { asApiError, nameOf, useConnected, useSession } from '@/data';
import * as model from '@/lovelace/model';
import type { CardConfig, DashboardConfig } from '@/lovelace/types';
import { draftOf, keepDraft } from '../drafts';
import { type Frame, ViewBody } from '../ViewBody';
import { AddCardDialog } from './AddCardDialog';
import { CardDialog } from './CardDialog';
import styles from './Editor.module.css';
import { RawDialog } from './RawDialog';
import { ViewDialog } from './ViewDialog';

interface Props {
  urlPath: string | null;
  stored: DashboardConfig;
  automatic: boolean;
  title: string;
  onClose: () => void;
  onSaved: () => void;
}

const idOf = ({ view, section, card }: model.CardPath) => `card ${view} ${section ?? '-'} ${card}`;
const listId = ({ view, section }: model.ListPath) => `list ${view} ${section ?? '-'}`;

function pathOf(id: string): model.CardPath | null {
  const [kind, view, section, card] = id.split(' ');
  if (kind !== 'card' && kind !== 'list') return null;
  return { view: Number(view), section: section === '-' ? null : Number(section), card: kind === 'list' ? Number.POSITIVE_INFINITY : Number(card) };
}

function Draggable({ path, className, label, children, actions }: { path: model.CardPath; className: string; label: string; children: ReactNode; actions: ReactNode }) {
  const { t } = useTranslation('home');
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id: idOf(path) });
  return (
    <div ref={setNodeRef} className={`${className} ${styles.card} ${isDragging ? styles.dragging : ''}`} style={{ transform: CSS.Translate.toString(transform), ...(transition ? { transition } : {}) }}>
      <div className={styles.tools}>
        <button type="button" ref={setActivatorNodeRef} {...attributes} {...listeners} className={styles.handle} aria-label={t('editor.move', { name: label })}>
          <Icon path={mdiDragVariant} size={20} />
        </button>
        {actions}
      </div>
      <div inert>{children}</div>
    </div>
  );
}

function List({ path, ids, children, onAdd }: { path: model.ListPath; ids: string[]; children: ReactNode; onAdd: () => void }) {
  const { t } = useTranslation('home');
  const { setNodeRef, isOver } = useDroppable({ id: listId(path) });
  return (
    <SortableContext items={ids} strategy={rectSortingStrategy}>
      {children}
      <div ref={setNodeRef} className={`${styles.end} ${isOver ? styles.over : ''}`}>
        <Button icon={mdiPlus} onPress={onAdd}>
          {t('editor.addCard')}
        </Button>
      </div>
    </SortableContext>
  );
}

export default function Editor({ urlPath, stored, automatic, title, onClose, onSaved }: Props) {
  const { t } = useTranslation(['home', 'cards']);
  const session = useSession();
  const connected = useConnected();
  const [began] = useState(stored);
  const [draft, setDraft] = useState<DashboardConfig>(() => draftOf(urlPath) ?? stored);
  const [busy, setBusy] = useState(false);
  const [view, setView] = useState(0);
  const [card, setCard] = useState<model.CardPath | null>(null);
  const [adding, setAdding] = useState<model.ListPath | null>(null);
  const [dialog, setDialog] = useState<'raw' | 'view' | 'newView' | 'discard' | 'reset' | null>(null);
  const current = draft.views[Math.min(view, draft.views.length - 1)];
  const viewIndex = Math.max(0, Math.min(view, draft.views.length - 1));
  const changedElsewhere = !automatic && stored !== began && JSON.stringify(stored) !== JSON.stringify(began);
  const dirty = draft !== began;

  const change = (next: DashboardConfig) => {
    setDraft(next);
    keepDraft(urlPath, next);
  };

  useEffect(() => {
    if (!dirty) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [dirty]);

  const save = async () => {
    setBusy(true);
    try {
      await session.command('lovelace/config/save', { url_path: urlPath, config: draft });
      keepDraft(urlPath, null);
      toast.ok(t('editor.saved'));
      onSaved();
      onClose();
    } catch (error) {
      toast.error(asApiError(error).message);
    } finally {
      setBusy(false);
    }
  };

  const reset = async () => {
    try {
      await session.command('lovelace/config/delete', { url_path: urlPath });
      keepDraft(urlPath, null);
      onSaved();
      onClose();
    } catch (error) {
      toast.error(asApiError(error).message);
    }
  };

  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 180, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const drop = ({ active, over }: DragEndEvent) => {
    const from = pathOf(String(active.id));
    const to = over ? pathOf(String(over.id)) : null;
    if (!from || !to || active.id === over?.id) return;
    change(model.moveCard(draft, from, { ...to, card: Math.min(to.card, model.listOf(draft, to).length) }));
  };
  const nameOfCard = (config: CardConfig) => {
    const own = config.name ?? config.title ?? config.heading;
    if (typeof own === 'string' && own) return own;
    if (typeof config.entity === 'string' && config.entity) return nameOf(session.entities.get(config.entity), config.entity);
    return t([`cards:types.${config.type}.name`, 'cards:unknown.name'], { type: config.type });
  };
  const nameOfId = (id: string | number) => {
    const path = pathOf(String(id));
    const found = path && Number.isFinite(path.card) ? model.listOf(draft, path)[path.card] : undefined;
    return found ? nameOfCard(found) : t('editor.end');
  };

  const sections = current?.sections?.length ?? 0;
  const frame = useMemo<Frame>(
    () => ({
      card: (path, config, shown, className) => {
        const name = nameOfCard(config);
        return (
          <Draggable
            key={idOf(path)}
            path={path}
            className={className}
            label={name}
            actions={
              <>
                <IconButton label={t('editor.editCard', { name })} icon={mdiPencilOutline} onPress={() => setCard(path)} />
                <Menu
                  label={t('editor.cardMenu', { name })}
                  entries={[
                    { id: 'copy', label: t('editor.duplicate'), icon: mdiContentCopy, run: () => change(model.duplicateCard(draft, path)) },
                    { id: 'delete', label: t('editor.delete'), icon: mdiDeleteOutline, danger: true, run: () => change(model.removeCard(draft, path)) },
                  ]}
                />
              </>
            }
          >
            {shown}
          </Draggable>
        );
      },
      list: (path, cards, shown) => (
        <List path={path} ids={cards.map((_, at) => idOf({ ...path, card: at }))} onAdd={() => setAdding(path)}>
          {shown}
        </List>
      ),
      section: (index, name) => (
        <div className={styles.section}>
          <span>{name}</span>
          <IconButton label={t('editor.sectionUp', { name })} icon={mdiArrowUp} isDisabled={index === 0} onPress={() => change(model.moveSection(draft, viewIndex, index, index - 1))} />
          <IconButton label={t('editor.sectionDown', { name })} icon={mdiArrowDown} isDisabled={index === sections - 1} onPress={() => change(model.moveSection(draft, viewIndex, index, index + 1))} />
          <IconButton label={t('editor.sectionDelete', { name })} icon={mdiDeleteOutline} onPress={() => change(model.removeSection(draft, viewIndex, index))} />
        </div>
      ),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `change` is made of the draft's setter and the path
    [draft, viewIndex, sections, t],
  );

  const edited = card ? model.listOf(draft, card)[card.card] : undefined;
  return (
    <>
      <PageHeader
        title={t('editor.title', { name: title })}
        text={automatic && !dirty ? t('editor.automatic') : undefined}
        actions={
          <>
            <Button onPress={() => (dirty ? setDialog('discard') : onClose())}>{t('editor.cancel')}</Button>
            <Button kind="primary" busy={busy} isDisabled={!connected || !dirty} onPress={() => void save()}>
              {t('editor.save')}
            </Button>
            <Menu
              label={t('editor.menu')}
              entries={[
                { id: 'view', label: t('editor.viewSettings'), icon: mdiPencilOutline, disabled: !current, run: () => setDialog('view') },
                { id: 'raw', label: t('editor.raw'), icon: mdiCodeBraces, run: () => setDialog('raw') },
                ...(automatic ? [] : [{ id: 'reset', label: t('editor.reset'), icon: mdiRestore, danger: true, section: '', run: () => setDialog('reset') }]),
              ]}
            />
          </>
        }
      >
        <div className={styles.views} role="group" aria-label={t('views')}>
          {draft.views.map((each, index) => (
            <Button key={index} small kind={index === viewIndex ? 'primary' : 'secondary'} aria-pressed={index === viewIndex} onPress={() => setView(index)}>
              {each.title ?? t('view', { number: index + 1 })}
            </Button>
          ))}
          <Button small kind="ghost" icon={mdiPlus} onPress={() => setDialog('newView')}>
            {t('editor.addView')}
          </Button>
        </div>
      </PageHeader>
      {changedElsewhere && (
        <Banner kind="warn" title={t('editor.elsewhere')}>
          {t('editor.elsewhereText')}
        </Banner>
      )}
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragEnd={drop}
        accessibility={{
          screenReaderInstructions: { draggable: t('editor.dnd.how') },
          announcements: {
            onDragStart: ({ active }) => t('editor.dnd.start', { name: nameOfId(active.id) }),
            onDragOver: ({ over }) => (over ? t('editor.dnd.over', { name: nameOfId(over.id) }) : undefined),
            onDragEnd: ({ over }) => t(over ? 'editor.dnd.end' : 'editor.dnd.cancel'),
            onDragCancel: () => t('editor.dnd.cancel'),
          },
        }}
      >
        {current && <ViewBody view={current} index={viewIndex} frame={frame} />}
      </DndContext>
      {model.isSections(current) && (
        <Button icon={mdiViewGridPlusOutline} onPress={() => change(model.addSection(draft, viewIndex, t('editor.newSection')))}>
          {t('editor.addSection')}
        </Button>
      )}
      {card && edited && <CardDialog config={edited} onClose={() => setCard(null)} onSave={(next) => { change(model.setCard(draft, card, next)); setCard(null); }} />}
      {adding && <AddCardDialog onClose={() => setAdding(null)} onAdd={(next) => { change(model.addCard(draft, adding, next)); setAdding(null); }} />}
      {dialog === 'raw' && <RawDialog config={draft} onClose={() => setDialog(null)} onSave={(next) => { change(next); setDialog(null); }} />}
      {dialog === 'view' && current && (
        <ViewDialog
          view={current}
          canDelete={draft.views.length > 1}
          onClose={() => setDialog(null)}
          onSave={(changes) => { change(model.setView(draft, viewIndex, changes)); setDialog(null); }}
          onDelete={() => { change(model.removeView(draft, viewIndex)); setView(0); setDialog(null); }}
        />
      )}
      {dialog === 'newView' && (
        <ViewDialog view={{ type: 'sections', sections: [] }} isNew canDelete={false} onClose={() => setDialog(null)} onDelete={() => undefined}
          onSave={(changes) => { change(model.addView(draft, { type: 'sections', ...(changes.type === 'sections' || !changes.type ? { sections: [{ type: 'grid', cards: [] }] } : { cards: [] }), ...changes })); setView(draft.views.length); setDialog(null); }} />
      )}
      <ConfirmDialog open={dialog === 'discard'} danger title={t('editor.discardTitle')} text={t('editor.discardText')} confirm={t('editor.discard')} onClose={() => setDialog(null)}
        onConfirm={() => { keepDraft(urlPath, null); onClose(); }} />
      <ConfirmDialog open={dialog === 'reset'} danger title={t('editor.resetTitle')} text={t('editor.resetText')} confirm={t('editor.reset')} onClose={() => setDialog(null)} onConfirm={() => void reset()} />
    </>
  );
}
