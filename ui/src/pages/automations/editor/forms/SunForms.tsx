import { useTranslation } from 'react-i18next';
import { Select } from '@/components';
import type { FormProps } from '../../kinds/kind';
import styles from './forms.module.css';
import { OffsetField } from './OffsetField';
import { withEntry } from './parts';

const useEvents = () => {
  const { t } = useTranslation('automations');
  return ['sunrise', 'sunset'].map((value) => ({ value, label: t(`sun.${value}`) }));
};

export function SunTriggerForm({ piece, change }: FormProps) {
  const { t } = useTranslation('automations');
  return (
    <div className={styles.columns}>
      <Select label={t('sun.event')} options={useEvents()} value={String(piece.event)} onChange={(event) => change({ ...piece, event })} />
      <OffsetField label={t('sun.when')} value={piece.offset} onChange={(value) => change(withEntry(piece, 'offset', value), 'offset')} />
    </div>
  );
}

export function SunConditionForm({ piece, change }: FormProps) {
  const { t } = useTranslation('automations');
  const events = useEvents();
  return (
    <div className={styles.form}>
      {(['after', 'before'] as const).map((side) => (
        <div key={side} className={styles.columns}>
          <Select
            label={t(`conditions.sun.fields.${side}`)}
            options={[{ value: '', label: t('conditions.sun.fields.none') }, ...events]}
            value={String((piece[side] as string | undefined) ?? '')}
            onChange={(event) => change(withEntry(event ? piece : withEntry(piece, `${side}_offset`, undefined), side, event))}
          />
          {piece[side] !== undefined && <OffsetField label={t('sun.when')} value={piece[`${side}_offset`]} onChange={(value) => change(withEntry(piece, `${side}_offset`, value), side)} />}
        </div>
      ))}
    </div>
  );
}
