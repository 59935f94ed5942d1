import { mdiArrowOscillating, mdiFan, mdiRotateLeft, mdiRotateRight } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Slider } from '@/components/fields';
import type { Entity } from '@/data/types';
import { useAttributeWords } from '@/data/words';
import { has, listOf, numberOf, textOf, useControl } from './_controls/control';
import { Choices, Power, Row, Stack, Tile } from './_controls/parts';

const SET_SPEED = 1;
const OSCILLATE = 2;
const DIRECTION = 4;
const PRESET_MODE = 8;
/** Speeds up to so many are buttons. */
const FEW = 4;

export default function FanControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const words = useAttributeWords();
  const { act, shown, gone } = useControl(entity);
  const on = shown('on', entity.state === 'on');
  const percentage = shown('percentage', on ? (numberOf(entity, 'percentage') ?? 0) : 0);
  const step = numberOf(entity, 'percentage_step') ?? 1;
  const count = Math.round(100 / step);
  const set = (value: number) => void act('set_percentage', { percentage: value }, { percentage: value, on: value > 0 });
  const oscillating = shown('oscillating', entity.attributes.oscillating === true);
  const direction = shown('direction', textOf(entity, 'direction'));
  const speeds = Array.from({ length: count }, (_, index) => Math.round((index + 1) * step));
  return (
    <Stack>
      <Power on={on} icon={mdiFan} disabled={gone} onChange={(next) => void act(next ? 'turn_on' : 'turn_off', {}, { on: next })} />
      {has(entity, SET_SPEED) &&
        (count <= FEW && count > 1 ? (
          <Choices
            label={t('fan.speed')}
            choices={[{ value: '0', label: t('off') }, ...speeds.map((value, index) => ({ value: String(value), label: t('fan.step', { number: index + 1 }) }))]}
            value={String(speeds.reduce((best, value) => (Math.abs(value - percentage) < Math.abs(best - percentage) ? value : best), 0))}
            disabled={gone}
            onChange={(value) => set(Number(value))}
          />
        ) : (
          <Slider large label={t('fan.speed')} value={percentage} step={step >= 1 ? Math.round(step) : 1} disabled={gone} format={(value) => (value === 0 ? t('off') : `${Math.round(value)} %`)} onChangeEnd={set} />
        ))}
      {has(entity, OSCILLATE | DIRECTION) && (
        <Row>
          {has(entity, OSCILLATE) && (
            <Tile icon={mdiArrowOscillating} label={t('fan.oscillate')} chosen={oscillating} disabled={gone} onPress={() => void act('oscillate', { oscillating: !oscillating }, { oscillating: !oscillating })} />
          )}
          {has(entity, DIRECTION) &&
            (['forward', 'reverse'] as const).map((each) => (
              <Tile key={each} icon={each === 'forward' ? mdiRotateRight : mdiRotateLeft} label={t(`fan.${each}`)} chosen={direction === each} disabled={gone} onPress={() => void act('set_direction', { direction: each }, { direction: each })} />
            ))}
        </Row>
      )}
      {has(entity, PRESET_MODE) && (
        <Choices
          label={words.name(entity, 'preset_mode')}
          choices={listOf(entity, 'preset_modes').map((each) => ({ value: each, label: words.value(entity, 'preset_mode', each) }))}
          value={shown('preset', textOf(entity, 'preset_mode'))}
          disabled={gone}
          onChange={(preset) => void act('set_preset_mode', { preset_mode: preset }, { preset, on: true })}
        />
      )}
    </Stack>
  );
}
