import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { useControl } from './_controls/control';
import { Draft } from './_controls/Draft';
import { localMoment } from './_controls/moments';

export default function DateTimeControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, gone } = useControl(entity);
  return (
    <Draft type="datetime-local" label={t('datetime')} value={localMoment(entity.state)} disabled={gone} check={(text) => (text ? null : t('needed'))}
      onSave={(text) => act('set_value', { datetime: new Date(text).toISOString() })} />
  );
}
