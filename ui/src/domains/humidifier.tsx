import { mdiPower } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { formatNumber, useAttributeWords, useStateWords } from '@/data/words';
import { has, listOf, numberOf, textOf, useControl } from './_controls/control';
import { Dial } from './_controls/Dial';
import { Choices, Row, Stack, Tile } from './_controls/parts';

const MODES = 1;

export default function HumidifierControls({ entity }: { entity: Entity }) {
  const { t, i18n } = useTranslation('domains');
  const words = useAttributeWords();
  const states = useStateWords();
  const { act, shown, gone } = useControl(entity);
  const on = shown('on', entity.state === 'on');
  const current = numberOf(entity, 'current_humidity');
  const format = (value: number) => `${formatNumber(value, i18n.language, { max: 0 })} %`;
  return (
    <Stack>
      <Dial
        targets={[{ id: 'humidity', label: words.name(entity, 'humidity'), value: shown('humidity', numberOf(entity, 'humidity')), tone: on ? '--cool' : '--ink-2' }]}
        range={{ min: numberOf(entity, 'min_humidity') ?? 0, max: numberOf(entity, 'max_humidity') ?? 100, step: numberOf(entity, 'target_humidity_step') ?? 1 }}
        current={current}
        state={textOf(entity, 'action') ? words.value(entity, 'action') : states(entity)}
        below={current === null ? undefined : t('nowIs', { value: format(current) })}
        format={format}
        disabled={gone}
        fill={entity.attributes.device_class === 'dehumidifier' ? 'end' : 'start'}
        onChange={(_id, humidity) => void act('set_humidity', { humidity }, { humidity })}
      />
      <Row>
        <Tile icon={mdiPower} label={on ? t('turnOff') : t('turnOn')} chosen={on} disabled={gone} onPress={() => void act(on ? 'turn_off' : 'turn_on', {}, { on: !on })} />
      </Row>
      {has(entity, MODES) && (
        <Choices
          label={t('mode')}
          choices={listOf(entity, 'available_modes').map((each) => ({ value: each, label: words.value(entity, 'mode', each) }))}
          value={shown('mode', textOf(entity, 'mode'))}
          disabled={gone}
          onChange={(mode) => void act('set_mode', { mode }, { mode })}
        />
      )}
    </Stack>
  );
}
