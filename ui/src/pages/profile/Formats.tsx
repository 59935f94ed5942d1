import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card, Select } from '@/components';
import { asApiError, formatNumber, formatTime, useSession, useStore } from '@/data';
import { DATE_FORMATS, FIRST_WEEKDAYS, type Formats as Wishes, formats, FORMATS_KEY, NUMBER_FORMATS, setFormats, TIME_FORMATS } from '@/data/formats';
import { toast } from '@/app/toasts';
import styles from './Profile.module.css';

const FIELDS: readonly (readonly [keyof Wishes, readonly string[]])[] = [
  ['number_format', NUMBER_FORMATS],
  ['time_format', TIME_FORMATS],
  ['date_format', DATE_FORMATS],
  ['first_weekday', FIRST_WEEKDAYS],
];
const SAMPLE = 12_345.67;

/** How numbers, times and dates are written. */
export function Formats() {
  const { t, i18n } = useTranslation('profile');
  const session = useSession();
  const wished = useStore(formats);
  const [now] = useState(() => Date.now());
  const choose = (field: keyof Wishes, value: string) => {
    const next = { ...wished, [field]: value } as Wishes;
    setFormats(next);
    // Other front ends keep more in this document.
    const known = (session.userData.get()[FORMATS_KEY] ?? {}) as Record<string, unknown>;
    session.saveUserData(FORMATS_KEY, { language: i18n.language, ...known, ...next }).catch((error: unknown) => toast.error(asApiError(error).message));
  };
  return (
    <Card title={t('formats.title')}>
      <div className={styles.grid}>
        {FIELDS.map(([field, choices]) => (
          <Select key={field} label={t(`formats.${field}.label`)} options={choices.map((value) => ({ value, label: t(`formats.${field}.${value}`) }))} value={wished[field]} onChange={(value) => choose(field, value)} />
        ))}
      </div>
      <p className={styles.text} aria-live="polite">
        {t('formats.sample', { number: formatNumber(SAMPLE, i18n.language), time: formatTime(now, i18n.language, 'both') })}
      </p>
    </Card>
  );
}
