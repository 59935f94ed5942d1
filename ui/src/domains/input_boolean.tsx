import { mdiPower } from '@mdi/js';
import type { Entity } from '@/data/types';
import { useControl } from './_controls/control';
import { Power } from './_controls/parts';

export default function InputBooleanControls({ entity }: { entity: Entity }) {
  const { act, shown, gone } = useControl(entity);
  return (
    <Power
      on={shown('on', entity.state === 'on')}
      icon={mdiPower}
      disabled={gone}
      onChange={(on) => void act(on ? 'turn_on' : 'turn_off', {}, { on })}
    />
  );
}
