import { useTranslation } from 'react-i18next';
import { FilterChip } from '@/components';
import { weekdayName, WEEKDAYS } from '../../kinds/weekdays';
import { idsOf } from '../../model/types';
import styles from './forms.module.css';

export function WeekdaysField({ value, onChange }: { value: unknown; onChange: (value: string[] | undefined) => void }) {
  const { t, i18n } = useTranslation('automations');
  const days = idsOf(value);
  return (
    <fieldset className={styles.group}>
      <legend>{t('fields.weekdays')}</legend>
      <div className={styles.days}>
        {WEEKDAYS.map((day) => (
          <FilterChip
            key={day}
            selected={days.includes(day)}
            onChange={(on) => {
              const next = WEEKDAYS.filter((each) => (each === day ? on : days.includes(each)));
              onChange(next.length ? next : undefined);
            }}
          >
            {weekdayName(day, i18n.language)}
          </FilterChip>
        ))}
      </div>
      <p className={styles.hint}>{t('fields.weekdaysHint')}</p>
    </fieldset>
  );
}
