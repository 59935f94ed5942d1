import { mdiDelete, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@/components';
import type { FormProps } from '../../kinds/kind';
import { asList, isRecord } from '../../model/types';
import styles from './forms.module.css';
import { TimeField } from './TimeField';
import { withEntry } from './parts';
import { WeekdaysField } from './WeekdaysField';

/** Times of day at which a trigger fires. */
export function TimesForm({ piece, change }: FormProps) {
  const { t } = useTranslation('automations');
  const times = asList(piece.at);
  const set = (next: readonly unknown[]) => change({ ...piece, at: next.length === 1 ? next[0] : next }, 'at');
  return (
    <div className={styles.form}>
      {times.map((time, index) => (
        <div key={index} className={styles.field}>
          {isRecord(time) ? (
            <TimeField label={t('fields.at')} value={time.entity_id} onChange={(value) => set(times.with(index, { ...time, entity_id: value }))} />
          ) : (
            <TimeField label={t('fields.at')} value={time} onChange={(value) => set(times.with(index, value))} />
          )}
          {times.length > 1 && <IconButton label={t('fields.removeTime')} icon={mdiDelete} onPress={() => set(times.toSpliced(index, 1))} />}
        </div>
      ))}
      <div>
        <Button small kind="ghost" icon={mdiPlus} onPress={() => set([...times, '12:00:00'])}>
          {t('fields.addTime')}
        </Button>
      </div>
      <WeekdaysField value={piece.weekday} onChange={(value) => change(withEntry(piece, 'weekday', value))} />
    </div>
  );
}
