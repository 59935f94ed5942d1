/** A slider on a card: shows at once what is wished for, and what is when the server refuses. */

import { mdiMinus, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/components/Button';
import { nearest } from '@/components/level';
import { LevelSlider } from '@/components/LevelSlider';
import type { Entity } from '@/data/types';
import { formatNumber, nameOf } from '@/data/words';
import { useControl } from '@/domains/_controls/control';
import { isOff, LEVELS } from './levels';
import styles from './LevelFeature.module.css';

export function LevelFeature({ entity, type }: { entity: Entity; type: string }) {
  const { t, i18n } = useTranslation('cards');
  const { act, shown, gone } = useControl(entity);
  const level = LEVELS.get(type);
  if (!level?.fits(entity)) return null;
  const what = t(`features.${type}`);
  const name = nameOf(entity);
  const scale = level.scale(entity);
  const value = shown(type, level.value(entity));
  const disabled = gone || (level.needsOn === true && isOff(entity));
  const own = level.unit === 'own' ? entity.attributes.unit_of_measurement : level.unit;
  const digits = level.unit === '%' ? 0 : Math.min(3, String(scale.step).split('.')[1]?.length ?? 0);
  const format = (next: number) => `${formatNumber(next, i18n.language, { min: digits, max: digits })}${own ? (own === '°' ? own : `\u00a0${own}`) : ''}`;
  const set = (next: number) => {
    const [service, data] = level.call(next, entity);
    void act(service, data, { [type]: next });
  };
  const step = (by: number) => set(nearest((value ?? scale.min) + by * scale.step, scale));
  return (
    <div className={styles.feature}>
      {level.steps && <IconButton icon={mdiMinus} label={t('less', { what, name })} isDisabled={disabled || value === null || value <= scale.min} onPress={() => step(-1)} />}
      <LevelSlider
        label={t('of', { what, name })}
        value={value}
        {...scale}
        format={format}
        disabled={disabled || (level.steps === true && value === null)}
        showValue={level.steps === true || type !== 'light-brightness'}
        {...(level.color ? { color: level.color } : {})}
        onChange={set}
      />
      {level.steps && <IconButton icon={mdiPlus} label={t('moreOf', { what, name })} isDisabled={disabled || value === null || value >= scale.max} onPress={() => step(1)} />}
    </div>
  );
}
