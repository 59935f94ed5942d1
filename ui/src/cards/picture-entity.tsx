/** One entity as a picture, with its name and state on it. */

import { StateText } from '@/components/entity';
import { useEntity } from '@/data/hooks';
import { nameOf } from '@/data/words';
import { asAction } from '@/lovelace/actions';
import type { CardModule } from '@/lovelace/host';
import { pictureOf } from '@/lovelace/images';
import { type CardConfig, text } from '@/lovelace/types';
import { Framed } from './parts/Framed';
import { Picture } from './parts/Picture';
import { ratioOf } from './parts/ratio';
import styles from './picture-entity.module.css';

export const form: CardModule['form'] = [
  { name: 'entity', selector: { entity: {} }, required: true },
  { name: 'name', selector: { text: {} } },
  { name: 'image', selector: { image: {} } },
  { name: 'camera_image', selector: { entity: { domain: ['camera'] } } },
  { name: 'camera_view', selector: (_config, _session, t) => ({ select: { options: ['auto', 'live'].map((value) => ({ value, label: t(`views.${value}`) })) } }) },
  { name: 'aspect_ratio', selector: { text: {} } },
  // What is not said is shown.
  ...['show_name', 'show_state'].map((name) => ({ name, selector: { boolean: {} }, read: (value: unknown) => value !== false, write: (value: unknown) => (value === true ? undefined : false) })),
  { name: 'tap_action', selector: { object: {} } },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ entity: entities.idsOf('camera')[0] ?? entities.idsOf('image')[0] ?? entities.idsOf('person')[0] ?? '' });

export default function PictureEntityCard({ config }: { config: CardConfig }) {
  const id = text(config.entity) ?? '';
  const entity = useEntity(id);
  const name = text(config.name) ?? nameOf(entity, id);
  const fit = text(config.fit_mode) as 'cover' | 'contain' | 'fill' | undefined;
  const [showName, showState] = [config.show_name !== false, config.show_state !== false];
  return (
    <Framed action={asAction(config.tap_action) ?? { action: 'more-info' }} entityId={id} label={name} picture={<Picture source={pictureOf(config, entity, location.origin)} alt="" ratio={ratioOf(config.aspect_ratio)} fit={fit} />}>
      {(showName || showState) && (
        <div className={styles.words}>
          {showName && <span className={styles.name}>{name}</span>}
          {showState && (
            <span>
              <StateText entityId={id} />
            </span>
          )}
        </div>
      )}
    </Framed>
  );
}
