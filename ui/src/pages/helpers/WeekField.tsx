import { mdiContentCopy, mdiDelete, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/components/Button';
import { TextField } from '@/components/fields';
import { type Block, type Day, DAYS } from './kinds';
import styles from './Helpers.module.css';

type Week = Readonly<Record<string, unknown>>;

const blocksOf = (week: Week, day: Day): readonly Block[] => (Array.isArray(week[day]) ? (week[day] as Block[]) : []);
const short = (time: string): string => (time.startsWith('24:') ? '00:00' : time.slice(0, 5));

/** The times of each day of a week at which a schedule is on. */
export function WeekField({ week, onChange }: { week: Week; onChange: (change: Record<string, readonly Block[]>) => void }) {
  const { t, i18n } = useTranslation('helpers');
  // 2024 began on a Monday.
  const nameOf = (index: number) => new Intl.DateTimeFormat(i18n.language, { weekday: 'long' }).format(new Date(2024, 0, 1 + index));
  return (
    <section aria-label={t('week.title')}>
      {DAYS.map((day, index) => {
        const blocks = blocksOf(week, day);
        const name = nameOf(index);
        const set = (next: readonly Block[]) => onChange({ [day]: next });
        const last = blocks.at(-1);
        return (
          <div key={day} className={styles.day}>
            <h4>{name}</h4>
            <div className={styles.blocks}>
              {blocks.length === 0 && <span className={styles.none}>{t('week.off')}</span>}
              {blocks.map((block, at) => (
                <div key={at} className={styles.block}>
                  <TextField type="time" hideLabel label={t('week.from', { day: name })} value={short(block.from)} onChange={(from) => set(blocks.map((each, other) => (other === at ? { ...each, from: from && `${from}:00` } : each)))} />
                  <span aria-hidden="true">–</span>
                  <TextField type="time" hideLabel label={t('week.to', { day: name })} value={short(block.to)} onChange={(to) => set(blocks.map((each, other) => (other === at ? { ...each, to: to === '00:00' ? '24:00:00' : to && `${to}:00` } : each)))} />
                  <IconButton icon={mdiDelete} label={t('week.remove', { day: name })} onPress={() => set(blocks.filter((_each, other) => other !== at))} />
                </div>
              ))}
            </div>
            <span className={styles.block}>
              {index > 0 && <IconButton icon={mdiContentCopy} label={t('week.copy', { day: name })} onPress={() => set(blocksOf(week, DAYS[index - 1]!).map((each) => ({ ...each })))} />}
              <IconButton icon={mdiPlus} label={t('week.add', { day: name })} isDisabled={last !== undefined && last.to >= '23:00:00'} onPress={() => set([...blocks, last ? { from: last.to, to: '24:00:00' } : { from: '08:00:00', to: '20:00:00' }])} />
            </span>
          </div>
        );
      })}
    </section>
  );
}
