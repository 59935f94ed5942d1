import { useTranslation } from 'react-i18next';
import { Select, SelectorField } from '@/components';
import { secondsOf } from '../../kinds/say';
import { isRecord } from '../../model/types';
import styles from './forms.module.css';

const SIDES = ['at', 'before', 'after'] as const;
type Side = (typeof SIDES)[number];

function asText(value: unknown, negative: boolean): string | undefined {
  const seconds = Math.abs(isRecord(value) ? (secondsOf(value) ?? 0) : Number(value));
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  return `${negative ? '-' : ''}${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** A length of time before or after a moment. */
export function OffsetField({ label, value, onChange }: { label: string; value: unknown; onChange: (value: string | undefined) => void }) {
  const { t } = useTranslation('automations');
  const seconds = value === undefined ? 0 : (secondsOf(value) ?? 0);
  const side: Side = value === undefined ? 'at' : seconds < 0 ? 'before' : 'after';
  return (
    <div className={styles.form}>
      <Select
        label={label}
        options={SIDES.map((each) => ({ value: each, label: t(`fields.offset.${each}`) }))}
        value={side}
        onChange={(next) => onChange(next === 'at' ? undefined : asText(Math.abs(seconds) || 1800, next === 'before'))}
      />
      {side !== 'at' && <SelectorField label={t('fields.offset.length')} selector={{ duration: {} }} value={asText(seconds, false)} onChange={(next) => onChange(asText(next, side === 'before'))} />}
    </div>
  );
}
