import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/Button';
import { NumberField, Slider } from '@/components/fields';
import type { Entity } from '@/data/types';
import { formatNumber } from '@/data/words';
import { numberOf, textOf, useControl } from './control';
import styles from './Draft.module.css';

/** More steps than a thumb can tell apart: a field. */
const FINE = 256;

/** `number` and `input_number`: a slider, or a field to type into. */
export function NumberControl({ entity }: { entity: Entity }) {
  const { t, i18n } = useTranslation('domains');
  const { act, shown, gone } = useControl(entity);
  const [typed, setTyped] = useState<number | null>(null);
  const [min, max, step] = [numberOf(entity, 'min') ?? 0, numberOf(entity, 'max') ?? 100, numberOf(entity, 'step') ?? 1];
  const unit = entity.attributes.unit_of_measurement;
  const value = shown('value', Number(entity.state));
  const known = Number.isFinite(value);
  const mode = textOf(entity, 'mode') ?? 'auto';
  const set = (next: number) => act('set_value', { value: next }, { value: next });
  if (mode === 'slider' || (mode === 'auto' && (max - min) / step <= FINE)) {
    return (
      <Slider large label={t('value')} min={min} max={max} step={step} value={known ? value : min} disabled={gone}
        format={(each) => `${formatNumber(each, i18n.language)}${unit ? ` ${unit}` : ''}`} onChangeEnd={(next) => void set(next)} />
    );
  }
  return (
    <form
      className={styles.draft}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed !== null) void set(typed).then((worked) => worked && setTyped(null));
      }}
    >
      <NumberField label={t('value')} min={min} max={max} step={step} value={typed ?? (known ? value : null)} disabled={gone} onChange={setTyped} {...(unit ? { unit } : {})} />
      {typed !== null && typed !== value && (
        <Button kind="primary" type="submit">
          {t('set')}
        </Button>
      )}
    </form>
  );
}
