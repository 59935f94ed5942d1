/** A number on a half circle, coloured by how grave it is. */

import { useTranslation } from 'react-i18next';
import { openMoreInfo } from '@/components/MoreInfo';
import { useEntity } from '@/data/hooks';
import { nameOf, useStateWords } from '@/data/words';
import type { CardModule } from '@/lovelace/host';
import { type CardConfig, text } from '@/lovelace/types';
import styles from './gauge.module.css';

export const form: CardModule['form'] = [
  { name: 'entity', selector: { entity: { domain: ['sensor', 'number', 'input_number', 'counter'] } }, required: true },
  { name: 'name', selector: { text: {} } },
  { name: 'min', selector: { number: { mode: 'box', step: 'any' } } },
  { name: 'max', selector: { number: { mode: 'box', step: 'any' } } },
];
export const stub: CardModule['stub'] = ({ entities }) => ({
  entity: entities.idsOf('sensor').find((id) => !Number.isNaN(Number(entities.get(id)?.state || 'x'))) ?? '',
});

const number = (value: unknown): number | null => (value === undefined || value === null || value === '' || Number.isNaN(Number(value)) ? null : Number(value));
/** A half circle of radius 40 around (50, 50). */
const LENGTH = Math.PI * 40;

/** The colour of the highest limit that is reached. */
export function severity(value: number, limits: unknown): string {
  if (limits === null || typeof limits !== 'object') return 'var(--accent)';
  const colors = { green: 'var(--ok)', yellow: 'var(--active)', red: 'var(--danger)' };
  const reached = Object.entries(colors)
    .map(([name, color]) => ({ from: number((limits as Record<string, unknown>)[name]), color }))
    .filter((each) => each.from !== null && value >= each.from)
    .sort((a, b) => a.from! - b.from!);
  return reached.at(-1)?.color ?? 'var(--accent)';
}

export default function GaugeCard({ config }: { config: CardConfig }) {
  const { t } = useTranslation('cards');
  const entityId = text(config.entity) ?? '';
  const entity = useEntity(entityId);
  const words = useStateWords();
  const value = number(entity?.state);
  const [min, max] = [number(config.min) ?? 0, number(config.max) ?? 100];
  const share = value === null || max <= min ? 0 : Math.min(1, Math.max(0, (value - min) / (max - min)));
  return (
    <button type="button" className={styles.card} onClick={() => openMoreInfo(entityId)}>
      <svg viewBox="0 0 100 56" className={styles.picture} aria-hidden="true">
        <path d="M10 50a40 40 0 0 1 80 0" className={styles.track} />
        {value !== null && <path d="M10 50a40 40 0 0 1 80 0" className={styles.arc} style={{ stroke: severity(value, config.severity), strokeDasharray: `${share * LENGTH} ${LENGTH}` }} />}
      </svg>
      <span className={styles.value}>{entity ? words(entity) : t('gone')}</span>
      <span className={styles.name}>{text(config.name) ?? nameOf(entity, entityId)}</span>
    </button>
  );
}
