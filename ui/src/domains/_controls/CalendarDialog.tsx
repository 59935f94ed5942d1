import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { Dialog } from '@/components/Dialog';
import { Select, Switch, TextField } from '@/components/fields';
import { useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import { useZone } from '@/data/zoned';
import styles from '../todo.module.css';
import { asAllDay, type CalendarEvent, eventOf, type EventForm, formOf, problemOf } from './calendar';

interface Props {
  entityId: string;
  /** null: a new one. */
  event: CalendarEvent | null;
  mayUpdate: boolean;
  mayDelete: boolean;
  onClose: () => void;
  onChanged: () => void;
}

const RULES = ['', 'FREQ=DAILY', 'FREQ=WEEKLY', 'FREQ=MONTHLY', 'FREQ=YEARLY'] as const;
const RULE_NAMES: Record<string, string> = { '': 'never', 'FREQ=DAILY': 'daily', 'FREQ=WEEKLY': 'weekly', 'FREQ=MONTHLY': 'monthly', 'FREQ=YEARLY': 'yearly' };

/** An event: made, changed, deleted; of a repeated one this time only, or this and all later ones. */
export function CalendarDialog({ entityId, event, mayUpdate, mayDelete, onClose, onChanged }: Props) {
  const { t } = useTranslation('domains');
  const session = useSession();
  const zone = useZone();
  const [form, setForm] = useState<EventForm>(() => formOf(event, zone));
  const [later, setLater] = useState(false);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState<'save' | 'delete' | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const repeats = Boolean(event?.recurrence_id);
  const problem = problemOf(form);
  const readOnly = event !== null && !mayUpdate;
  const set = (change: Partial<EventForm>) => setForm({ ...form, ...change });
  const which = { entity_id: entityId, uid: event?.uid ?? '', ...(repeats ? { recurrence_id: event?.recurrence_id, recurrence_range: later ? 'THISANDFUTURE' : '' } : {}) };

  const send = async (what: 'save' | 'delete') => {
    setTried(true);
    if (what === 'save' && problem) return;
    setBusy(what);
    setRefused(null);
    try {
      if (what === 'delete') await session.command('calendar/event/delete', which);
      else if (event) await session.command('calendar/event/update', { ...which, event: eventOf(form) });
      else await session.command('calendar/event/create', { entity_id: entityId, event: eventOf(form) });
      onChanged();
      onClose();
    } catch (error) {
      setRefused(asApiError(error).message);
      setBusy(null);
    }
  };
  const rules = RULES.includes(form.rrule as (typeof RULES)[number]) ? RULES : [...RULES, form.rrule];
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(event ? (readOnly ? 'calendar.event' : 'calendar.edit') : 'calendar.new')}
      dismissable={false}
      footer={
        <>
          {event && mayDelete && (
            <Button kind="ghost" busy={busy === 'delete'} onPress={() => void send('delete')}>
              {t('delete')}
            </Button>
          )}
          {!readOnly && (
            <Button kind="primary" busy={busy === 'save'} onPress={() => void send('save')}>
              {t('save')}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.form}>
        {refused && <Banner kind="error">{refused}</Banner>}
        <TextField label={t('calendar.summary')} value={form.summary} onChange={(summary) => set({ summary })} required disabled={readOnly} autoFocus error={tried && !form.summary.trim() ? t('needed') : null} />
        <Switch label={t('calendar.allDay')} value={form.allDay} disabled={readOnly} onChange={(allDay) => setForm(asAllDay(form, allDay))} />
        <TextField label={t('calendar.start')} type={form.allDay ? 'date' : 'datetime-local'} value={form.start} onChange={(start) => set({ start })} disabled={readOnly} error={tried && !form.start ? t('needed') : null} />
        <TextField label={t('calendar.end')} type={form.allDay ? 'date' : 'datetime-local'} value={form.end} onChange={(end) => set({ end })} disabled={readOnly} error={tried && problem === 'calendar.order' ? t('calendar.order') : tried && !form.end ? t('needed') : null} />
        <TextField label={t('calendar.location')} value={form.location} onChange={(location) => set({ location })} disabled={readOnly} />
        <TextField label={t('calendar.description')} value={form.description} onChange={(description) => set({ description })} rows={3} disabled={readOnly} />
        <Select
          label={t('calendar.repeat')}
          options={rules.map((value) => ({ value: value || 'none', label: RULE_NAMES[value] ? t(`calendar.rule.${RULE_NAMES[value]}`) : value }))}
          value={form.rrule || 'none'}
          disabled={readOnly || (repeats && !later)}
          onChange={(rrule) => set({ rrule: rrule === 'none' ? '' : rrule })}
        />
        {repeats && !readOnly && <Switch label={t('calendar.later')} hint={t('calendar.laterHint')} value={later} onChange={setLater} />}
      </div>
    </Dialog>
  );
}
