import { mdiMinus, mdiPlus, mdiRestore } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { numberOf, useControl } from './_controls/control';
import { Row, Tile } from './_controls/parts';

export default function CounterControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, gone } = useControl(entity);
  const value = Number(entity.state);
  const step = numberOf(entity, 'step') ?? 1;
  const [min, max] = [numberOf(entity, 'minimum'), numberOf(entity, 'maximum')];
  return (
    <Row>
      <Tile icon={mdiMinus} label={t('counter.down', { step })} disabled={gone || (min !== null && value <= min)} onPress={() => void act('decrement')} />
      <Tile icon={mdiPlus} label={t('counter.up', { step })} disabled={gone || (max !== null && value >= max)} onPress={() => void act('increment')} />
      <Tile icon={mdiRestore} label={t('reset')} disabled={gone} onPress={() => void act('reset')} />
    </Row>
  );
}
