/** A picture: a file of the home, an image entity, a camera; a press on it does what one likes. */

import { useTranslation } from 'react-i18next';
import { useEntity } from '@/data/hooks';
import { nameOf } from '@/data/words';
import { asAction } from '@/lovelace/actions';
import type { CardModule } from '@/lovelace/host';
import { pictureOf } from '@/lovelace/images';
import { type CardConfig, text } from '@/lovelace/types';
import { Framed } from './parts/Framed';
import { Picture } from './parts/Picture';
import { ratioOf } from './parts/ratio';

export const form: CardModule['form'] = [
  { name: 'image', selector: { image: {} } },
  { name: 'image_entity', selector: { entity: { domain: ['image', 'camera', 'person'] } } },
  { name: 'alt_text', selector: { text: {} } },
  { name: 'aspect_ratio', selector: { text: {} } },
  { name: 'tap_action', selector: { object: {} } },
];
export const stub: CardModule['stub'] = ({ entities }) => {
  const found = entities.idsOf('image')[0] ?? entities.idsOf('camera')[0];
  return found ? { image_entity: found, tap_action: { action: 'more-info' } } : { image: '' };
};

export default function PictureCard({ config }: { config: CardConfig }) {
  const { t } = useTranslation('cards');
  const of = text(config.image_entity) ?? text(config.camera_image);
  const entity = useEntity(of);
  const alt = text(config.alt_text) ?? (entity ? nameOf(entity) : '');
  return (
    <Framed action={asAction(config.tap_action)} entityId={of} label={alt || t('types.picture.name')} picture={<Picture source={pictureOf(config, undefined, location.origin)} alt={alt} ratio={ratioOf(config.aspect_ratio)} />} />
  );
}
