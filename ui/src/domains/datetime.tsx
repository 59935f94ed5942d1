import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { useZone } from '@/data/zoned';
import { useControl } from './_controls/control';
import { Draft } from './_controls/Draft';
import { isoOf, localMoment } from './_controls/moments';

export default function DateTimeControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const zone = useZone();
  const { act, gone } = useControl(entity);
  return (
    <Draft type="datetime-local" label={t('datetime')} value={localMoment(entity.state, zone)} disabled={gone} check={(text) => (text ? null : t('needed'))}
      onSave={(text) => act('set_value', { datetime: isoOf(text, zone) })} />
  );
}
