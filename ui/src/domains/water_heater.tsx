import { useTranslation } from 'react-i18next';
import { Switch } from '@/components/fields';
import { useHomeConfig } from '@/data/hooks';
import type { Entity } from '@/data/types';
import { formatNumber, useAttributeWords, useStateWords } from '@/data/words';
import { has, listOf, numberOf, useControl } from './_controls/control';
import { Dial } from './_controls/Dial';
import { Choices, Stack } from './_controls/parts';

const TEMPERATURE = 1;
const OPERATION = 2;
const AWAY = 4;

export default function WaterHeaterControls({ entity }: { entity: Entity }) {
  const { t, i18n } = useTranslation('domains');
  const words = useAttributeWords();
  const states = useStateWords();
  const unit = useHomeConfig()?.unit_system.temperature ?? '°C';
  const { act, shown, gone } = useControl(entity);
  const mode = shown('mode', entity.state);
  const current = numberOf(entity, 'current_temperature');
  const step = numberOf(entity, 'target_temp_step') ?? (unit === '°F' ? 1 : 0.5);
  const format = (value: number) => `${formatNumber(value, i18n.language, { max: 1 })}°`;
  return (
    <Stack>
      <Dial
        targets={has(entity, TEMPERATURE) ? [{ id: 'temperature', label: words.name(entity, 'temperature'), value: shown('temperature', numberOf(entity, 'temperature')), tone: mode === 'off' ? '--ink-2' : '--heat' }] : []}
        range={{ min: numberOf(entity, 'min_temp') ?? 40, max: numberOf(entity, 'max_temp') ?? 60, step }}
        current={current}
        state={states(entity, mode)}
        below={current === null ? undefined : t('nowIs', { value: format(current) })}
        format={format}
        disabled={gone}
        onChange={(_id, temperature) => void act('set_temperature', { temperature }, { temperature })}
      />
      {has(entity, OPERATION) && (
        <Choices
          label={t('mode')}
          choices={listOf(entity, 'operation_list').map((each) => ({ value: each, label: states(entity, each) }))}
          value={mode}
          disabled={gone}
          onChange={(next) => void act('set_operation_mode', { operation_mode: next }, { mode: next })}
        />
      )}
      {has(entity, AWAY) && (
        <Switch label={words.name(entity, 'away_mode')} value={shown('away', entity.attributes.away_mode === 'on')} disabled={gone} onChange={(away) => void act('set_away_mode', { away_mode: away }, { away })} />
      )}
    </Stack>
  );
}
