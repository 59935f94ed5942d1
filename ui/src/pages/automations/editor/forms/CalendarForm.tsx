import { useTranslation } from 'react-i18next';
import { EntityPicker, Select } from '@/components';
import type { FormProps } from '../../kinds/kind';
import styles from './forms.module.css';
import { OffsetField } from './OffsetField';
import { withEntry } from './parts';

export function CalendarForm({ piece, change }: FormProps) {
  const { t } = useTranslation('automations');
  return (
    <div className={styles.form}>
      <EntityPicker label={t('triggers.calendar.fields.entity_id')} filter={{ domains: ['calendar'] }} required value={(piece.entity_id as string | undefined) ?? null} onChange={(entity_id) => change({ ...piece, entity_id })} />
      <div className={styles.columns}>
        <Select
          label={t('triggers.calendar.fields.event')}
          options={['start', 'end'].map((value) => ({ value, label: t(`triggers.calendar.options.${value}`) }))}
          value={String((piece.event as string | undefined) ?? 'start')}
          onChange={(event) => change({ ...piece, event })}
        />
        <OffsetField label={t('triggers.calendar.fields.offset')} value={piece.offset} onChange={(value) => change(withEntry(piece, 'offset', value), 'offset')} />
      </div>
    </div>
  );
}
