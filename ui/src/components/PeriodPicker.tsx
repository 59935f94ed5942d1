/** A time to look at: the usual ones by a press, any other from a calendar. */

import { useState } from 'react';
import { mdiCalendarRange, mdiChevronLeft, mdiChevronRight } from '@mdi/js';
import { Button as AriaButton, CalendarCell, CalendarGrid, CalendarGridBody, CalendarGridHeader, CalendarHeaderCell, Dialog, DialogTrigger, Heading, Popover, RangeCalendar } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { type PeriodChoice, PRESETS, periodOf, type Preset } from '@/data/period';
import { firstWeekday } from '@/data/formats';
import { formatTime } from '@/data/words';
import { dateAt, startOfDate, useZone } from '@/data/zoned';
import { Icon } from './Icon';
import styles from './PeriodPicker.module.css';

interface Props {
  value: PeriodChoice;
  onChange: (value: PeriodChoice) => void;
  presets?: readonly Preset[];
  /** In place of the name of `value`, where that was not chosen. */
  text?: string;
}

export function PeriodPicker({ value, onChange, presets = PRESETS, text: given }: Props) {
  const { t, i18n } = useTranslation('components');
  const zone = useZone();
  const [open, setOpen] = useState(false);
  const chosen = 'preset' in value && given === undefined ? value.preset : null;
  const choose = (next: PeriodChoice) => {
    onChange(next);
    setOpen(false);
  };
  const text = given ?? ('preset' in value ? t(`period.${value.preset}`) : `${formatTime(value.from, i18n.language, 'both', zone)} – ${formatTime(value.to, i18n.language, 'both', zone)}`);
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <AriaButton className={styles.button!} aria-label={t('period.choose', { period: text })}>
        <Icon path={mdiCalendarRange} size={20} />
        {text}
      </AriaButton>
      <Popover className={styles.popover!} placement="bottom end">
        <Dialog className={styles.dialog!} aria-label={t('period.title')}>
          <ul className={styles.presets}>
            {presets.map((preset) => (
              <li key={preset}>
                <button type="button" aria-pressed={chosen === preset} className={styles.preset} onClick={() => choose({ preset })}>
                  {t(`period.${preset}`)}
                </button>
              </li>
            ))}
          </ul>
          <Days value={value} zone={zone} onChange={choose} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Days({ value, zone, onChange }: { value: PeriodChoice; zone: string; onChange: (value: PeriodChoice) => void }) {
  const { t } = useTranslation('components');
  const [now] = useState(() => Date.now());
  const { from, to } = periodOf(value, now, zone);
  const begins = firstWeekday();
  return (
    <RangeCalendar
      {...(begins ? { firstDayOfWeek: begins } : {})}
      aria-label={t('period.days')}
      className={styles.calendar!}
      defaultValue={{ start: dateAt(from, zone), end: dateAt(Math.max(from, to - 1), zone) }}
      maxValue={dateAt(now, zone)}
      onChange={({ start, end }) => onChange({ from: startOfDate(dateAt(start.toDate(zone).getTime(), zone), zone), to: startOfDate(dateAt(end.toDate(zone).getTime(), zone).add({ days: 1 }), zone) })}
    >
      <header className={styles.month}>
        <AriaButton slot="previous" className={styles.step!}>
          <Icon path={mdiChevronLeft} />
        </AriaButton>
        <Heading className={styles.monthName!} />
        <AriaButton slot="next" className={styles.step!}>
          <Icon path={mdiChevronRight} />
        </AriaButton>
      </header>
      <CalendarGrid className={styles.grid!}>
        <CalendarGridHeader>{(day) => <CalendarHeaderCell className={styles.weekday!}>{day}</CalendarHeaderCell>}</CalendarGridHeader>
        <CalendarGridBody>{(date) => <CalendarCell date={date} className={styles.day!} />}</CalendarGridBody>
      </CalendarGrid>
    </RangeCalendar>
  );
}
