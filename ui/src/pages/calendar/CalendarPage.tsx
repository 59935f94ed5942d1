import { useMemo, useState } from 'react';
import { mdiCalendarPlus, mdiCalendarBlank, mdiChevronLeft, mdiChevronRight } from '@mdi/js';
import type { CalendarDate } from '@internationalized/date';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'wouter';
import { Banner, Button, EmptyState, FilterChip, IconButton, PageHeader, Select, Skeleton } from '@/components';
import { useEntitiesLoaded, useEntityIds, useMayControl, useSession, useUser, useUserData } from '@/data';
import { nameOf } from '@/data/words';
import { addUnits, dateAt, firstDate, readDate, startOfDate, useZone } from '@/data/zoned';
import styles from './Calendar.module.css';
import { colorOf } from './colors';
import { draftOf, newDraft } from './draft';
import { EventDialog, type Editing } from './EventDialog';
import { days, type Event } from './events';
import { Agenda, Month, Week } from './Views';
import { useEvents } from './useEvents';

const VIEWS = ['month', 'week', 'list'] as const;
type View = (typeof VIEWS)[number];
const CREATE = 1;
const LIST_DAYS = 30;

function spanOf(view: View, date: CalendarDate, language: string): CalendarDate[] {
  if (view === 'list') return days(date, LIST_DAYS);
  const first = firstDate(view === 'month' ? firstDate(date, 'month', language) : date, 'week', language);
  return days(first, view === 'month' ? 42 : 7);
}

export default function CalendarPage() {
  const { t, i18n } = useTranslation('calendar');
  const language = i18n.language;
  const { entities } = useSession();
  const zone = useZone();
  const ids = useEntityIds('calendar');
  const loaded = useEntitiesLoaded();
  const [params, setParams] = useSearchParams();
  const [now] = useState(() => Date.now());
  const [hidden, setHidden] = useUserData<string[]>('marge_calendars_hidden', []);
  const [editing, setEditing] = useState<Editing | null>(null);

  const today = dateAt(now, zone);
  const view: View = VIEWS.find((each) => each === params.get('view')) ?? 'month';
  const date = readDate(params.get('date')) ?? today;
  const shownDays = spanOf(view, date, language);
  const [from, to] = [startOfDate(shownDays[0]!, zone), startOfDate(shownDays.at(-1)!.add({ days: 1 }), zone)];
  const shown = useMemo(() => ids.filter((id) => !hidden.includes(id)), [ids, hidden]);
  const { events, failed, loading, reload } = useEvents(shown, from, to, zone);
  const mayControl = useMayControl();
  const user = useUser();
  const writable = ids.filter((id) => mayControl && ((entities.get(id)?.attributes.supported_features ?? 0) & CREATE) !== 0);

  const go = (next: { view?: View; date?: CalendarDate }) => setParams({ view: next.view ?? view, date: (next.date ?? date).toString() }, { replace: true });
  const step = (count: number) => go({ date: view === 'list' ? date.add({ days: count * LIST_DAYS }) : addUnits(date, count, view) });
  const add = (day: CalendarDate) => writable[0] && setEditing({ draft: newDraft(writable[0], day), event: null });
  const open = (event: Event) => setEditing({ draft: draftOf(event, zone), event });
  const title =
    view === 'month'
      ? new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: zone }).format(startOfDate(date, zone))
      : new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone: zone }).formatRange(from, to - 1);
  const shape = { events, days: shownDays, date, today, zone, onOpen: open, ...(writable.length ? { onAdd: add } : {}) };

  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          ids.length > 0 && (
            <>
              <div className={styles.steps}>
                <IconButton label={t('before')} icon={mdiChevronLeft} onPress={() => step(-1)} />
                <strong aria-live="polite">{title}</strong>
                <IconButton label={t('after')} icon={mdiChevronRight} onPress={() => step(1)} />
              </div>
              <Button onPress={() => go({ date: today })}>{t('today')}</Button>
              <Select label={t('view')} hideLabel options={VIEWS.map((each) => ({ value: each, label: t(`views.${each}`) }))} value={view} onChange={(next) => go({ view: next as View })} />
              {writable.length > 0 && (
                <Button kind="primary" icon={mdiCalendarPlus} onPress={() => add(date.compare(today) === 0 || view === 'month' ? (date.month === today.month && date.year === today.year ? today : date) : date)}>
                  {t('add')}
                </Button>
              )}
            </>
          )
        }
      >
        {ids.length > 0 && (
          <div className={styles.calendars} role="group" aria-label={t('calendars')}>
            {ids.map((id) => (
              <FilterChip key={id} selected={!hidden.includes(id)} onChange={(on) => setHidden(on ? hidden.filter((each) => each !== id) : [...hidden, id])}>
                <i className={styles.dot} style={{ background: `var(${colorOf(id, ids)})` }} />
                {nameOf(entities.get(id), id)}
              </FilterChip>
            ))}
          </div>
        )}
      </PageHeader>
      {!loaded && <Skeleton height={420} radius="var(--radius)" />}
      {loaded && ids.length === 0 && (
        <EmptyState icon={mdiCalendarBlank} title={t('empty.title')} text={t('empty.text')}>
          {user.is_admin && <Link href="/integrations">{t('empty.link')}</Link>}
        </EmptyState>
      )}
      {failed.map((each) => (
        <Banner key={each.calendar} kind="error" title={t('failed', { name: nameOf(entities.get(each.calendar), each.calendar) })} actions={<Button onPress={reload}>{t('again')}</Button>}>
          {each.message}
        </Banner>
      ))}
      {ids.length > 0 && (loading && shown.length > 0 ? <Skeleton height={420} radius="var(--radius)" /> : view === 'month' ? <Month {...shape} calendars={ids} onDay={(day) => go({ date: day })} /> : view === 'week' ? <Week {...shape} calendars={ids} /> : <Agenda {...shape} calendars={ids} />)}
      {editing && <EventDialog editing={editing} calendars={writable} onClose={() => setEditing(null)} onChanged={reload} />}
    </>
  );
}
