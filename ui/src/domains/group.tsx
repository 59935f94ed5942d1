import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { listOf, useControl } from './_controls/control';
import { Members } from './_controls/Members';
import { Power, Stack } from './_controls/parts';

export default function GroupControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, shown, gone } = useControl(entity);
  const switchable = entity.state === 'on' || entity.state === 'off';
  return (
    <Stack>
      {switchable && <Power on={shown('on', entity.state === 'on')} disabled={gone} onChange={(on) => void act(on ? 'turn_on' : 'turn_off', {}, { on }, 'homeassistant')} />}
      <Members label={t('members')} entityIds={listOf(entity, 'entity_id')} />
    </Stack>
  );
}
