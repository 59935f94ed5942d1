import { useTranslation } from 'react-i18next';
import { NumberField, Select, TextField, YamlEditor } from '@/components';
import type { FormProps } from '../../kinds/kind';
import { asList, isRecord, isTemplate, type Piece } from '../../model/types';
import { PieceList } from '../PieceList';
import styles from './forms.module.css';

const WAYS = ['count', 'for_each', 'while', 'until'] as const;
const START: Record<(typeof WAYS)[number], unknown> = { count: 3, for_each: [], while: [], until: [] };

export function RepeatForm({ piece, path, change }: FormProps) {
  const { t } = useTranslation('automations');
  const repeat = isRecord(piece.repeat) ? piece.repeat : {};
  const way = WAYS.find((each) => each in repeat) ?? 'count';
  const set = (next: Piece, key?: string) => change({ ...piece, repeat: next }, key);
  const conditions = way === 'while' || way === 'until';
  return (
    <div className={styles.form}>
      <Select
        label={t('actions.repeat.way')}
        options={WAYS.map((value) => ({ value, label: t(`actions.repeat.ways.${value}`) }))}
        value={way}
        onChange={(next) => set({ [next]: START[next as (typeof WAYS)[number]], sequence: repeat.sequence ?? [] })}
      />
      {way === 'count' &&
        (isTemplate(repeat.count) ? (
          <TextField label={t('actions.repeat.times')} monospace value={repeat.count} onChange={(count) => set({ ...repeat, count }, 'count')} />
        ) : (
          <NumberField label={t('actions.repeat.times')} min={0} step={1} value={Number(repeat.count ?? 0)} onChange={(count) => set({ ...repeat, count: count ?? 0 }, 'count')} />
        ))}
      {way === 'for_each' && <YamlEditor label={t('actions.repeat.items')} value={repeat.for_each} onChange={(items) => set({ ...repeat, for_each: items ?? [] }, 'for_each')} />}
      {conditions && (
        <div className={styles.block}>
          <h4>{t(`actions.repeat.ways.${way}`)}</h4>
          <PieceList path={[...path, 'repeat', way]} holds="condition" pieces={asList<Piece>(repeat[way])} label={t(`actions.repeat.ways.${way}`)} empty={t('lists.noConditions')} />
        </div>
      )}
      <div className={styles.block}>
        <h4>{t('actions.repeat.what')}</h4>
        <PieceList path={[...path, 'repeat', 'sequence']} holds="action" pieces={asList<Piece>(repeat.sequence)} label={t('actions.repeat.what')} empty={t('lists.noActions')} />
      </div>
    </div>
  );
}
