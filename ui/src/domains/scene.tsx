import { mdiPalette } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { PressControl } from './_controls/PressControl';

export default function SceneControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  return <PressControl entity={entity} service="turn_on" icon={mdiPalette} label={t('scene')} />;
}
