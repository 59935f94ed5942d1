import { useTranslation } from 'react-i18next';
import type { Entity } from '@/data/types';
import { nameOf } from '@/data/words';
import { textOf } from './_controls/control';
import styles from './_controls/parts.module.css';

export default function ImageControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const picture = textOf(entity, 'entity_picture');
  if (!picture?.startsWith('/')) return null;
  // The state is when the image was made: another time, another picture.
  return <img className={styles.picture} alt={t('camera.picture', { name: nameOf(entity) })} src={`${picture}${picture.includes('?') ? '&' : '?'}at=${encodeURIComponent(entity.state)}`} />;
}
