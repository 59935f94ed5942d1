import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { useControl } from './_controls/control';
import { Draft } from './_controls/Draft';

export default function DateControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, gone } = useControl(entity);
  return <Draft type="date" label={t('date')} value={entity.state} disabled={gone} check={(text) => (text ? null : t('needed'))} onSave={(date) => act('set_value', { date })} />;
}
