import { useState } from 'react';
import { mdiDeleteOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, Dialog, Select, Switch, TextField } from '@/components';
import { asApiError, useConnected, useEntity, useSession } from '@/data';
import { nameOf } from '@/data/words';
import styles from './Calendar.module.css';
import { type Draft, eventFields, mistakeIn, withAllDay, withFrom } from './draft';
import type { Event } from './events';
import { RepeatFields } from './RepeatFields';

export interface Editing {
  draft: Draft;
  /** null: a new one. */
  event: Event | null;
}

interface Props {
  editing: Editing;
  calendars: readonly string[];
  onClose: () => void;
  onChanged: () => void;
}

const DELETE = 2;
const UPDATE = 4;
/** Of an event that repeats: this one, this and all later ones, or all. */
type Scope = 'one' | 'future' | 'all';

export function EventDialog({ editing: { draft: given, event }, calendars, onClose, onChanged }: Props) {
  const { t } = useTranslation('calendar');
  const session = useSession();
  const connected = useConnected();
  const [draft, setDraft] = useState(given);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [asking, setAsking] = useState<'update' | 'delete' | null>(null);
  const calendar = useEntity(event?.calendar ?? null);
  const features = calendar?.attributes.supported_features ?? 0;
  const [mayUpdate, mayDelete] = event ? [(features & UPDATE) !== 0 && event.raw.uid !== null, (features & DELETE) !== 0 && event.raw.uid !== null] : [true, false];
  const repeats = Boolean(event?.raw.rrule ?? event?.raw.recurrence_id);
  const mistake = mistakeIn(draft);
  const say = (of: string) => (tried && mistake === of ? t(`mistake.${of}`) : null);

  const send = async (type: string, payload: Record<string, unknown>, done: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await session.command(type, payload);
      toast.ok(done);
      onChanged();
      onClose();
    } catch (error) {
      setProblem(asApiError(error).message);
      setAsking(null);
    } finally {
      setBusy(false);
    }
  };
  const which = (scope: Scope) => ({
    entity_id: event?.calendar ?? '',
    uid: event?.raw.uid ?? '',
    ...(scope === 'all' || !event?.raw.recurrence_id ? {} : { recurrence_id: event.raw.recurrence_id, ...(scope === 'future' ? { recurrence_range: 'THISANDFUTURE' } : {}) }),
  });
  const update = (scope: Scope) => {
    const fields = eventFields(draft);
    if (scope === 'one') delete fields.rrule;
    return send('calendar/event/update', { ...which(scope), event: fields }, t('saved'));
  };
  const remove = (scope: Scope) => send('calendar/event/delete', which(scope), t('removed', { name: draft.summary }));
  const save = () => {
    setTried(true);
    if (mistake) return;
    if (!event) void send('calendar/event/create', { entity_id: draft.calendar, event: eventFields(draft) }, t('saved'));
    else if (repeats) setAsking('update');
    else void update('all');
  };

  if (asking) {
    const run = asking === 'update' ? update : remove;
    return (
      <Dialog open onClose={() => setAsking(null)} size="small" dismissable={false} role="alertdialog" title={t(asking === 'update' ? 'scope.update' : 'scope.delete')}>
        <div className={styles.scopes}>
          {(['one', 'future', 'all'] as const).map((scope) => (
            <Button key={scope} busy={busy} isDisabled={!connected} kind={asking === 'delete' && scope === 'all' ? 'danger' : 'secondary'} onPress={() => void run(scope)}>
              {t(`scope.${scope}`)}
            </Button>
          ))}
          <Button kind="ghost" onPress={() => setAsking(null)}>
            {t('cancel')}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={false}
      title={t(event ? (mayUpdate ? 'edit' : 'look') : 'add')}
      footer={
        <>
          {mayDelete && (
            <Button kind="ghost" icon={mdiDeleteOutline} busy={busy} isDisabled={!connected} onPress={() => (repeats ? setAsking('delete') : void remove('all'))}>
              {t('remove')}
            </Button>
          )}
          <Button onPress={onClose}>{t(mayUpdate ? 'cancel' : 'close')}</Button>
          {mayUpdate && (
            <Button kind="primary" busy={busy} isDisabled={!connected} onPress={save}>
              {t('save')}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.form}>
        {problem && <Banner kind="error" title={t('refused')}>{problem}</Banner>}
        {event && !calendar && <Banner kind="warn">{t('calendarGone')}</Banner>}
        {event && calendar && !mayUpdate && <Banner kind="info">{t('readOnly', { name: nameOf(calendar) })}</Banner>}
        <TextField label={t('summary')} value={draft.summary} onChange={(summary) => setDraft({ ...draft, summary })} error={say('summary')} required autoFocus disabled={!mayUpdate} />
        {!event && calendars.length > 1 && <Select label={t('calendar')} options={calendars.map((id) => ({ value: id, label: nameOf(session.entities.get(id), id) }))} value={draft.calendar} onChange={(id) => setDraft({ ...draft, calendar: id })} />}
        <Switch label={t('allDay')} value={draft.allDay} onChange={(allDay) => setDraft(withAllDay(draft, allDay))} disabled={!mayUpdate} />
        <div className={styles.pair}>
          <TextField key={`from ${draft.allDay}`} label={t('from')} type={draft.allDay ? 'date' : 'datetime-local'} value={draft.allDay ? draft.fromDate : draft.from} onChange={(value) => setDraft(withFrom(draft, value))} error={say('dates')} disabled={!mayUpdate} />
          <TextField key={`to ${draft.allDay}`} label={t('to')} type={draft.allDay ? 'date' : 'datetime-local'} value={draft.allDay ? draft.toDate : draft.to} onChange={(value) => setDraft(draft.allDay ? { ...draft, toDate: value } : { ...draft, to: value })} error={say('order')} disabled={!mayUpdate} />
        </div>
        <RepeatFields value={draft.repeat} onChange={(repeat) => setDraft({ ...draft, repeat })} disabled={!mayUpdate} />
        <TextField label={t('location')} value={draft.location} onChange={(location) => setDraft({ ...draft, location })} disabled={!mayUpdate} />
        <TextField label={t('description')} value={draft.description} onChange={(description) => setDraft({ ...draft, description })} rows={3} disabled={!mayUpdate} />
      </div>
    </Dialog>
  );
}
