import { useCallback, useEffect, useState } from 'react';
import { startOfMonth } from '@internationalized/date';
import { mdiChevronLeft, mdiChevronRight, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button, IconButton } from '@/components/Button';
import { EmptyState } from '@/components/EmptyState';
import { Skeleton } from '@/components/Skeleton';
import { useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import type { Entity } from '@/data/types';
import { formatTime } from '@/data/words';
import { dateAt, startOfDate, useZone } from '@/data/zoned';
import type { CalendarEvent } from './_controls/calendar';
import { CalendarDialog } from './_controls/CalendarDialog';
import { has } from './_controls/control';
import { Stack } from './_controls/parts';
import styles from './calendar.module.css';

const CREATE = 1;
const DELETE = 2;
const UPDATE = 4;

/** What is asked for: of this month what is left of it, of others all of it, by the home's clocks. */
function monthAt(offset: number, zone: string): { from: number; to: number } {
  const today = dateAt(Date.now(), zone);
  const first = startOfMonth(today.add({ months: offset }));
  return { from: startOfDate(offset === 0 ? today : first, zone), to: startOfDate(first.add({ months: 1 }), zone) };
}

export default function CalendarControls({ entity }: { entity: Entity }) {
  const { t, i18n } = useTranslation('domains');
  const session = useSession();
  const zone = useZone();
  const [offset, setOffset] = useState(0);
  const [events, setEvents] = useState<readonly CalendarEvent[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [edited, setEdited] = useState<CalendarEvent | 'new' | null>(null);
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const changed = entity.lastUpdated;
  const { entity_id: entityId } = entity;

  useEffect(() => {
    let wanted = true;
    const { from, to } = monthAt(offset, zone);
    const query = new URLSearchParams({ start: new Date(from).toISOString(), end: new Date(to).toISOString() });
    session.rest<CalendarEvent[]>(`/api/calendars/${entityId}?${query.toString()}`).then(
      (found) => {
        if (!wanted) return;
        setEvents(found);
        setError(null);
      },
      (problem: unknown) => wanted && setError(asApiError(problem).message),
    );
    return () => {
      wanted = false;
    };
  }, [session, entityId, offset, zone, turn, changed]);

  const byDay = new Map<string, CalendarEvent[]>();
  for (const event of events ?? []) {
    const day = event.start.date ?? dateAt(Date.parse(event.start.dateTime ?? ''), zone).toString();
    byDay.set(day, [...(byDay.get(day) ?? []), event]);
  }
  const month = new Intl.DateTimeFormat(i18n.language, { month: 'long', year: 'numeric', timeZone: zone }).format(monthAt(offset, zone).from);
  const dayName = new Intl.DateTimeFormat(i18n.language, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
  const time = (event: CalendarEvent) => (event.start.dateTime ? `${formatTime(Date.parse(event.start.dateTime), i18n.language, 'time', zone)} – ${formatTime(Date.parse(event.end.dateTime ?? ''), i18n.language, 'time', zone)}` : t('calendar.allDay'));
  return (
    <Stack>
      <div className={styles.head}>
        <IconButton icon={mdiChevronLeft} label={t('calendar.before')} onPress={() => setOffset(offset - 1)} />
        <strong>{month}</strong>
        <IconButton icon={mdiChevronRight} label={t('calendar.after')} onPress={() => setOffset(offset + 1)} />
        {has(entity, CREATE) && (
          <Button small kind="primary" icon={mdiPlus} onPress={() => setEdited('new')}>
            {t('add')}
          </Button>
        )}
      </div>
      {error && <Banner kind="error" title={t('calendar.failed')}>{error}</Banner>}
      {!events && !error && <Skeleton height={160} radius="var(--radius-m)" />}
      {events && byDay.size === 0 && <EmptyState title={t('calendar.empty')} text={has(entity, CREATE) ? t('calendar.emptyText') : ''} />}
      <div className={styles.days}>
        {[...byDay].map(([day, inside]) => (
          <section key={day} className={styles.day}>
            <h3>{dayName.format(Date.parse(`${day}T12:00:00Z`))}</h3>
            {inside.map((event, index) => (
              <button key={`${event.uid ?? index} ${event.recurrence_id ?? ''}`} type="button" className={styles.event} onClick={() => setEdited(event)}>
                <span className={styles.time}>{time(event)}</span>
                <span className={styles.what}>
                  {event.summary}
                  {event.location && <span className={styles.where}>{event.location}</span>}
                </span>
              </button>
            ))}
          </section>
        ))}
      </div>
      {edited && (
        <CalendarDialog
          entityId={entityId}
          event={edited === 'new' ? null : edited}
          mayUpdate={has(entity, UPDATE) && (edited === 'new' || Boolean(edited.uid))}
          mayDelete={has(entity, DELETE) && edited !== 'new' && Boolean(edited.uid)}
          onClose={() => setEdited(null)}
          onChanged={reload}
        />
      )}
    </Stack>
  );
}
