import { useTranslation } from 'react-i18next';
import { Slider } from '@/components/fields';
import { useHomeConfig, useSession } from '@/data/hooks';
import { useStore } from '@/data/store';
import type { Entity } from '@/data/types';
import { formatNumber, useAttributeWords, useStateWords } from '@/data/words';
import { has, listOf, numberOf, textOf, useControl } from './_controls/control';
import { Dial, type DialTarget } from './_controls/Dial';
import { Choices, Fields, Stack } from './_controls/parts';

const TEMPERATURE = 1;
const RANGE = 2;
const HUMIDITY = 4;
const TONES: Record<string, string> = { heating: '--heat', preheating: '--heat', cooling: '--cool', heat: '--heat', cool: '--cool', auto: '--accent', heat_cool: '--accent', dry: '--active', fan_only: '--cool' };
/** Attribute of the value, of its list, service, bit. */
const MODES = [
  ['preset_mode', 'preset_modes', 'set_preset_mode', 16],
  ['fan_mode', 'fan_modes', 'set_fan_mode', 8],
  ['swing_mode', 'swing_modes', 'set_swing_mode', 32],
  ['swing_horizontal_mode', 'swing_horizontal_modes', 'set_swing_horizontal_mode', 512],
] as const;

export default function ClimateControls({ entity }: { entity: Entity }) {
  const { t, i18n } = useTranslation('domains');
  const words = useAttributeWords();
  const states = useStateWords();
  const icons = useStore(useSession().icons).climate?._?.state ?? {};
  const unit = useHomeConfig()?.unit_system.temperature ?? '°C';
  const { act, shown, gone } = useControl(entity);
  const mode = shown('mode', entity.state);
  const action = textOf(entity, 'hvac_action');
  const current = numberOf(entity, 'current_temperature');
  const step = numberOf(entity, 'target_temp_step') ?? (unit === '°F' ? 1 : 0.5);
  const range = { min: numberOf(entity, 'min_temp') ?? 7, max: numberOf(entity, 'max_temp') ?? 35, step };
  const format = (value: number) => `${formatNumber(value, i18n.language, { min: step < 1 ? 1 : 0, max: 1 })}°`;
  const idle = action === 'idle' || action === 'off' || mode === 'off';
  const tone = idle ? '--ink-2' : (TONES[action ?? mode] ?? '--accent');
  const low = shown('low', numberOf(entity, 'target_temp_low'));
  const high = shown('high', numberOf(entity, 'target_temp_high'));
  const single = shown('temperature', numberOf(entity, 'temperature'));
  const targets: DialTarget[] =
    has(entity, RANGE) && low !== null && high !== null
      ? [{ id: 'low', label: words.name(entity, 'target_temp_low'), value: low, tone: '--heat' }, { id: 'high', label: words.name(entity, 'target_temp_high'), value: high, tone: '--cool' }]
      : has(entity, TEMPERATURE)
        ? [{ id: 'temperature', label: words.name(entity, 'temperature'), value: single, tone }]
        : [];
  const change = (id: string, value: number) => {
    if (id === 'temperature') void act('set_temperature', { temperature: value }, { temperature: value });
    else void act('set_temperature', { target_temp_low: low, target_temp_high: high, [`target_temp_${id}`]: value }, { low, high, [id]: value });
  };
  const humidity = shown('humidity', numberOf(entity, 'humidity'));
  const now = [current !== null && format(current), numberOf(entity, 'current_humidity') !== null && `${formatNumber(numberOf(entity, 'current_humidity')!, i18n.language)} %`].filter(Boolean).join(' · ');
  return (
    <Stack>
      <Dial
        targets={targets}
        range={range}
        current={current}
        state={action ? words.value(entity, 'hvac_action') : states(entity, mode)}
        below={now && t('nowIs', { value: now })}
        format={format}
        disabled={gone}
        fill={mode === 'cool' ? 'end' : 'start'}
        onChange={change}
      />
      <Choices
        label={t('mode')}
        most={7}
        choices={listOf(entity, 'hvac_modes').map((each) => ({ value: each, label: states(entity, each), icon: icons[each] }))}
        value={mode}
        disabled={gone}
        onChange={(next) => void act('set_hvac_mode', { hvac_mode: next }, { mode: next })}
      />
      {has(entity, HUMIDITY) && humidity !== null && (
        <Slider large label={words.name(entity, 'humidity')} min={numberOf(entity, 'min_humidity') ?? 30} max={numberOf(entity, 'max_humidity') ?? 99} value={humidity} disabled={gone}
          format={(value) => `${Math.round(value)} %`} onChangeEnd={(value) => void act('set_humidity', { humidity: value }, { humidity: value })} />
      )}
      <Fields>
        {MODES.filter(([, list, , bit]) => has(entity, bit) && listOf(entity, list).length > 0).map(([attribute, list, service]) => (
          <Choices
            key={attribute}
            most={0}
            label={words.name(entity, attribute)}
            choices={listOf(entity, list).map((each) => ({ value: each, label: words.value(entity, attribute, each) }))}
            value={shown(attribute, textOf(entity, attribute))}
            disabled={gone}
            onChange={(value) => void act(service, { [attribute]: value }, { [attribute]: value })}
          />
        ))}
      </Fields>
    </Stack>
  );
}
