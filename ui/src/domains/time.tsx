import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { useControl } from './_controls/control';
import { Draft } from './_controls/Draft';

export default function TimeControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, gone } = useControl(entity);
  return <Draft type="time" label={t('time')} value={entity.state.slice(0, 5)} disabled={gone} check={(text) => (text ? null : t('needed'))} onSave={(text) => act('set_value', { time: `${text}:00` })} />;
}
