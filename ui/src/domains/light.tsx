import { useTranslation } from 'react-i18next';
import { mdiLightbulb } from '@mdi/js';
import { Slider } from '@/components/fields';
import { Tabs } from '@/components/Tabs';
import type { Entity } from '@/data/types';
import { useAttributeWords } from '@/data/words';
import { cssOf, hasBrightness, hasColour, hasKelvin, kelvinGradient } from './_controls/color';
import { has, listOf, numberOf, textOf, useControl } from './_controls/control';
import { LightColor } from './_controls/LightColor';
import { Choices, Power, Stack } from './_controls/parts';

const EFFECT = 4;

export default function LightControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const words = useAttributeWords();
  const { act, shown, gone } = useControl(entity);
  const modes = listOf(entity, 'supported_color_modes');
  const on = shown('on', entity.state === 'on');
  const rgb = entity.attributes.rgb_color;
  const brightness = shown('brightness', on ? Math.round(((numberOf(entity, 'brightness') ?? 255) / 255) * 100) : 0);
  const [minK, maxK] = [numberOf(entity, 'min_color_temp_kelvin') ?? 2000, numberOf(entity, 'max_color_temp_kelvin') ?? 6535];
  const kelvin = shown('kelvin', numberOf(entity, 'color_temp_kelvin'));
  const hs = Array.isArray(entity.attributes.hs_color) ? entity.attributes.hs_color.map(Number) : null;
  const [hue, saturation] = shown<[number, number]>('hs', [hs?.[0] ?? 30, hs?.[1] ?? 0]);
  const colour = on && Array.isArray(rgb) && entity.attributes.color_mode !== 'brightness' ? cssOf(rgb.map(Number)) : 'var(--active)';
  const effects = has(entity, EFFECT) ? listOf(entity, 'effect_list') : [];

  const white = hasKelvin(modes) && (
    <Slider
      large
      label={words.name(entity, 'color_temp_kelvin')}
      min={minK}
      max={maxK}
      step={25}
      value={kelvin ?? (minK + maxK) / 2}
      disabled={gone}
      format={(value) => `${Math.round(value)} K`}
      track={kelvinGradient(minK, maxK)}
      onChangeEnd={(value) => void act('turn_on', { color_temp_kelvin: value }, { kelvin: value, on: true })}
    />
  );
  const colours = hasColour(modes) && (
    <LightColor hue={hue} saturation={saturation} disabled={gone} onChange={(h, s) => void act('turn_on', { hs_color: [h, s] }, { hs: [h, s], on: true })} />
  );
  const mode = entity.attributes.color_mode === 'color_temp' ? 'white' : 'colour';

  return (
    <Stack>
      <Power on={on} icon={mdiLightbulb} disabled={gone} onChange={(next) => void act(next ? 'turn_on' : 'turn_off', {}, { on: next })} />
      {hasBrightness(modes) && (
        <Slider
          large
          label={words.name(entity, 'brightness')}
          value={brightness}
          disabled={gone}
          format={(value) => (value === 0 ? t('off') : `${Math.round(value)} %`)}
          color={colour}
          onChangeEnd={(value) => void act(value === 0 ? 'turn_off' : 'turn_on', value === 0 ? {} : { brightness_pct: value }, { brightness: value, on: value > 0 })}
        />
      )}
      {white && colours ? (
        <Tabs
          key={mode}
          label={t('light.kind')}
          tabs={(mode === 'white' ? (['white', 'colour'] as const) : (['colour', 'white'] as const)).map((id) => ({ id, label: t(`light.${id}`), content: id === 'white' ? white : colours }))}
        />
      ) : (
        white || colours
      )}
      {modes.includes('white') && (
        <Slider large label={t('light.whiteOnly')} value={entity.attributes.color_mode === 'white' ? brightness : 0} disabled={gone} format={(value) => `${Math.round(value)} %`}
          onChangeEnd={(value) => void act(value === 0 ? 'turn_off' : 'turn_on', value === 0 ? {} : { white: Math.round(value * 2.55) }, { on: value > 0 })} />
      )}
      <Choices
        label={words.name(entity, 'effect')}
        choices={effects.map((each) => ({ value: each, label: words.value(entity, 'effect', each) }))}
        value={shown('effect', textOf(entity, 'effect'))}
        disabled={gone}
        onChange={(effect) => void act('turn_on', { effect }, { effect, on: true })}
      />
    </Stack>
  );
}
