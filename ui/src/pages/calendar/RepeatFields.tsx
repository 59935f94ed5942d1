import { useTranslation } from 'react-i18next';
import { FilterChip, NumberField, Select, TextField } from '@/components';
import styles from './Calendar.module.css';
import { FREQUENCIES, type Frequency, type Repeat, WEEKDAYS } from './rule';

/** Any week that begins with a Monday: for the names of days. */
const MONDAY = Date.UTC(2024, 0, 1);

export function RepeatFields({ value, onChange, disabled }: { value: Repeat; onChange: (value: Repeat) => void; disabled: boolean }) {
  const { t, i18n } = useTranslation('calendar');
  const weekday = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' });
  const kind = value.kind === 'rule' ? value.freq : value.kind;
  const choose = (next: string) => {
    if (next === 'never') onChange({ kind: 'never' });
    else if ((FREQUENCIES as readonly string[]).includes(next)) onChange({ kind: 'rule', freq: next as Frequency, interval: 1, days: [], ends: { by: 'never' } });
  };
  return (
    <>
      <Select
        label={t('repeat')}
        disabled={disabled}
        options={['never', ...FREQUENCIES, ...(value.kind === 'other' ? ['other'] : [])].map((each) => ({ value: each, label: t(`repeats_${each}`) }))}
        value={kind}
        onChange={choose}
        {...(value.kind === 'other' ? { hint: value.rule } : {})}
      />
      {value.kind === 'rule' && (
        <div className={styles.pair}>
          <NumberField label={t(`every.${value.freq}`)} value={value.interval} min={1} max={1000} onChange={(interval) => onChange({ ...value, interval: interval ?? 1 })} disabled={disabled} />
          <Select
            label={t('ends')}
            disabled={disabled}
            options={['never', 'date', 'count'].map((by) => ({ value: by, label: t(`endsBy.${by}`) }))}
            value={value.ends.by}
            onChange={(by) => onChange({ ...value, ends: by === 'date' ? { by, date: '' } : by === 'count' ? { by, count: 10 } : { by: 'never' } })}
          />
          {value.ends.by === 'date' && <TextField label={t('until')} type="date" value={value.ends.date} onChange={(date) => onChange({ ...value, ends: { by: 'date', date } })} disabled={disabled} />}
          {value.ends.by === 'count' && <NumberField label={t('count')} value={value.ends.count} min={1} max={10000} onChange={(count) => onChange({ ...value, ends: { by: 'count', count: count ?? 1 } })} disabled={disabled} />}
        </div>
      )}
      {value.kind === 'rule' && value.freq === 'WEEKLY' && (
        <div className={styles.calendars} role="group" aria-label={t('onDays')}>
          {WEEKDAYS.map((day, at) => (
            <FilterChip key={day} selected={value.days.includes(day)} onChange={(on) => !disabled && onChange({ ...value, days: on ? [...value.days, day] : value.days.filter((each) => each !== day) })}>
              {weekday.format(MONDAY + at * 86_400_000)}
            </FilterChip>
          ))}
        </div>
      )}
    </>
  );
}
