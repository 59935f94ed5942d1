import type { ReactNode } from 'react';
import { mdiChevronLeft, mdiChevronRight, mdiCompareHorizontal } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, IconButton, Select } from '@/components';
import { formatTime } from '@/data/words';
import { type CalendarUnit, dateAt } from '@/data/zoned';
import styles from './Energy.module.css';
import { moved, spanOf, UNITS, type View } from './view';

interface Props {
  view: View;
  compare: boolean;
  zone: string;
  now: number;
  onChange: (view: View, compare: boolean) => void;
  /** At the end of the line. */
  children?: ReactNode;
}

/** "Saturday, Nov 21", "Nov 16 – 22", "November 2026", "2026". */
export function viewName(view: View, zone: string, language: string): string {
  const { from, to } = spanOf(view, zone, language);
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, { ...options, timeZone: zone });
  if (view.unit === 'day') return format({ weekday: 'long', day: 'numeric', month: 'short' }).format(from);
  if (view.unit === 'week') return format({ day: 'numeric', month: 'short' }).formatRange(from, to - 1);
  return view.unit === 'month' ? format({ month: 'long', year: 'numeric' }).format(from) : format({ year: 'numeric' }).format(from);
}

export function ViewPicker({ view, compare, zone, now, onChange, children }: Props) {
  const { t, i18n } = useTranslation('energy');
  const { from, to } = spanOf(view, zone, i18n.language);
  const isNow = from <= now && now < to;
  return (
    <div className={styles.picker}>
      <Select label={t('unit')} hideLabel options={UNITS.map((unit) => ({ value: unit, label: t(`units.${unit}`) }))} value={view.unit} onChange={(unit) => onChange({ unit: unit as CalendarUnit, date: isNow ? dateAt(now, zone) : view.date }, compare)} />
      <div className={styles.steps}>
        <IconButton label={t('before')} icon={mdiChevronLeft} onPress={() => onChange(moved(view, -1), compare)} />
        <strong aria-live="polite" title={formatTime(from, i18n.language, 'date', zone)}>
          {viewName(view, zone, i18n.language)}
        </strong>
        <IconButton label={t('after')} icon={mdiChevronRight} isDisabled={to > now} onPress={() => onChange(moved(view, 1), compare)} />
      </div>
      {!isNow && <Button onPress={() => onChange({ unit: view.unit, date: dateAt(now, zone) }, compare)}>{t('now')}</Button>}
      <IconButton label={t('compare')} icon={mdiCompareHorizontal} pressed={compare} onPress={() => onChange(view, !compare)} />
      {children}
    </div>
  );
}
