/** The events as a month, a week, or a list of days. */

import type { CalendarDate } from '@internationalized/date';
import { mdiPlus, mdiRepeat } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Card, EmptyState, Icon, IconButton } from '@/components';
import { useSession } from '@/data';
import { formatTime, nameOf } from '@/data/words';
import styles from './Calendar.module.css';
import { colorOf } from './colors';
import { type Event, onDay } from './events';

export interface ViewProps {
  events: readonly Event[];
  days: readonly CalendarDate[];
  date: CalendarDate;
  today: CalendarDate;
  zone: string;
  calendars: readonly string[];
  onOpen: (event: Event) => void;
  onAdd?: (day: CalendarDate) => void;
}

/** How many fit into a day of the month. */
const FIT = 3;

function dayName(day: CalendarDate, language: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(day.toDate('UTC'));
}

function Pill({ event, zone, calendars, onOpen }: Pick<ViewProps, 'zone' | 'calendars' | 'onOpen'> & { event: Event }) {
  const { i18n } = useTranslation();
  return (
    <button type="button" className={styles.pill} title={event.raw.summary} style={{ ['--tone' as string]: `var(${colorOf(event.calendar, calendars)})` }} onClick={() => onOpen(event)}>
      {!event.allDay && <time dateTime={new Date(event.from).toISOString()}>{formatTime(event.from, i18n.language, 'time', zone)}</time>}
      <span>{event.raw.summary}</span>
    </button>
  );
}

export function Month({ onDay: choose, ...props }: ViewProps & { onDay: (day: CalendarDate) => void }) {
  const { t, i18n } = useTranslation('calendar');
  const { events, days, date, today } = props;
  return (
    <>
      <div className={styles.month}>
        {days.slice(0, 7).map((day) => (
          <div key={day.toString()} className={styles.weekday} aria-hidden="true">
            {dayName(day, i18n.language, { weekday: 'short' })}
          </div>
        ))}
        {days.map((day) => {
          const list = onDay(events, day);
          const name = dayName(day, i18n.language, { weekday: 'long', day: 'numeric', month: 'long' });
          return (
            <section key={day.toString()} aria-label={name} className={`${styles.day} ${day.month === date.month ? '' : styles.other} ${day.compare(date) === 0 ? styles.chosen : ''}`}>
              <button type="button" className={`${styles.number} ${day.compare(today) === 0 ? styles.today : ''}`} aria-label={t('dayWith', { day: name, count: list.length })} aria-pressed={day.compare(date) === 0} onClick={() => choose(day)}>
                {day.day}
              </button>
              <div className={styles.pills}>
                {list.slice(0, list.length > FIT ? FIT - 1 : FIT).map((event) => (
                  <Pill key={event.key} event={event} {...props} />
                ))}
                {list.length > FIT && (
                  <button type="button" className={styles.more} onClick={() => choose(day)}>
                    {t('more', { count: list.length - FIT + 1 })}
                  </button>
                )}
              </div>
              <div className={styles.dots} aria-hidden="true">
                {list.slice(0, 4).map((event) => (
                  <i key={event.key} className={styles.dot} style={{ background: `var(${colorOf(event.calendar, props.calendars)})` }} />
                ))}
              </div>
            </section>
          );
        })}
      </div>
      <Agenda {...props} days={[date]} />
    </>
  );
}

export function Week(props: ViewProps) {
  const { t, i18n } = useTranslation('calendar');
  const { events, days, today, onAdd } = props;
  return (
    <div className={styles.week}>
      {days.map((day) => {
        const name = dayName(day, i18n.language, { weekday: 'long', day: 'numeric', month: 'long' });
        const list = onDay(events, day);
        return (
          <section key={day.toString()} className={`${styles.column} ${day.compare(today) === 0 ? styles.now : ''}`} aria-label={name}>
            <header>
              <h2>
                <small>{dayName(day, i18n.language, { weekday: 'short' })}</small> {day.day}
              </h2>
              {onAdd && <IconButton label={t('addOn', { day: name })} icon={mdiPlus} onPress={() => onAdd(day)} />}
            </header>
            {list.map((event) => (
              <Pill key={event.key} event={event} {...props} />
            ))}
            {list.length === 0 && <p className={styles.free}>{t('free')}</p>}
          </section>
        );
      })}
    </div>
  );
}

export function Agenda(props: ViewProps) {
  const { t, i18n } = useTranslation('calendar');
  const { entities } = useSession();
  const { events, days, today, zone, calendars, onOpen, onAdd } = props;
  const language = i18n.language;
  const withEvents = days.map((day) => ({ day, list: onDay(events, day) })).filter(({ list }) => list.length > 0 || days.length === 1);
  if (withEvents.length === 0) return <EmptyState title={t('nothing.title')} text={t('nothing.text')} />;
  return (
    <div className={styles.agenda}>
      {withEvents.map(({ day, list }) => {
        const name = dayName(day, language, { weekday: 'long', day: 'numeric', month: 'long' });
        return (
          <Card key={day.toString()} title={day.compare(today) === 0 ? `${t('today')} · ${name}` : name} actions={onAdd && <IconButton label={t('addOn', { day: name })} icon={mdiPlus} onPress={() => onAdd(day)} />}>
            {list.length === 0 && <p className={styles.free}>{t('free')}</p>}
            <ul className={styles.events}>
              {list.map((event) => (
                <li key={event.key}>
                  <button type="button" className={styles.event} onClick={() => onOpen(event)}>
                    <i className={styles.stripe} style={{ background: `var(${colorOf(event.calendar, calendars)})` }} />
                    <span className={styles.when}>{event.allDay ? t('allDay') : `${formatTime(event.from, language, 'time', zone)} – ${formatTime(event.to, language, 'time', zone)}`}</span>
                    <span className={styles.what}>
                      <strong>{event.raw.summary}</strong>
                      <small>{[event.raw.location, nameOf(entities.get(event.calendar), event.calendar)].filter(Boolean).join(' · ')}</small>
                    </span>
                    {(event.raw.rrule || event.raw.recurrence_id) && <Icon path={mdiRepeat} size={18} label={t('repeats')} />}
                  </button>
                </li>
              ))}
            </ul>
          </Card>
        );
      })}
    </div>
  );
}
