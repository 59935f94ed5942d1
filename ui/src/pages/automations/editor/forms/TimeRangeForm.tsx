import { mdiClose } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@/components';
import type { FormProps } from '../../kinds/kind';
import styles from './forms.module.css';
import { withEntry } from './parts';
import { TimeField } from './TimeField';
import { WeekdaysField } from './WeekdaysField';

const SIDES = { after: '08:00:00', before: '20:00:00' } as const;

/** A part of the day, and days of the week. */
export function TimeRangeForm({ piece, change }: FormProps) {
  const { t } = useTranslation('automations');
  return (
    <div className={styles.form}>
      {(['after', 'before'] as const).map((side) =>
        piece[side] === undefined ? (
          <div key={side}>
            <Button small kind="ghost" onPress={() => change({ ...piece, [side]: SIDES[side] })}>
              {t(`fields.${side}Add`)}
            </Button>
          </div>
        ) : (
          <div key={side} className={styles.field}>
            <TimeField label={t(`fields.${side}`)} value={piece[side]} onChange={(value) => change({ ...piece, [side]: value }, side)} />
            <IconButton label={t(`fields.${side}Remove`)} icon={mdiClose} onPress={() => change(withEntry(piece, side, undefined))} />
          </div>
        ),
      )}
      <p className={styles.hint}>{t('fields.overMidnight')}</p>
      <WeekdaysField value={piece.weekday} onChange={(value) => change(withEntry(piece, 'weekday', value))} />
    </div>
  );
}
