import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntityPicker, Select, TextField } from '@/components';
import { isTemplate } from '../../model/types';
import styles from './forms.module.css';

const HOLDS_TIME = ['input_datetime', 'sensor', 'time'];

/** A time of day: typed, or held by a helper or sensor. */
export function TimeField({ label, value, onChange }: { label: string; value: unknown; onChange: (value: string) => void }) {
  const { t } = useTranslation('automations');
  const text = value === undefined || value === null ? '' : String(value as string);
  const [way, setWay] = useState(text.includes('.') && !isTemplate(text) ? 'entity' : 'time');
  const templated = isTemplate(value);
  return (
    <div className={styles.row}>
      {templated ? (
        <TextField label={label} monospace value={text} onChange={onChange} />
      ) : way === 'time' ? (
        <TextField label={label} type="time" value={/^\d/.test(text) ? text.slice(0, 5).padStart(5, '0') : ''} onChange={(next) => next && onChange(next.length === 5 ? `${next}:00` : next)} />
      ) : (
        <EntityPicker label={label} filter={{ domains: HOLDS_TIME }} value={text.includes('.') ? text : null} onChange={onChange} />
      )}
      <Select
        label={t('fields.timeBy')}
        hideLabel
        options={[{ value: 'time', label: t('fields.timeTyped') }, { value: 'entity', label: t('fields.timeEntity') }]}
        value={way}
        onChange={setWay}
      />
    </div>
  );
}
