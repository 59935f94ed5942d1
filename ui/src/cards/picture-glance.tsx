/** A picture with some entities on it: each is switched by a press, or shows more. */

import { EntityIcon } from '@/components/entity';
import { StateLink } from '@/components/EntityLink';
import { NamedIcon } from '@/components/Icon';
import { useEntity } from '@/data/hooks';
import { isActive, nameOf } from '@/data/words';
import { asAction, canToggle, useAction } from '@/lovelace/actions';
import type { CardModule } from '@/lovelace/host';
import { pictureOf } from '@/lovelace/images';
import { type CardConfig, idOf, rowsOf, text } from '@/lovelace/types';
import { mdiBookmarkOutline } from '@mdi/js';
import { Framed } from './parts/Framed';
import { Picture } from './parts/Picture';
import { ratioOf } from './parts/ratio';
import styles from './picture-glance.module.css';

export const form: CardModule['form'] = [
  { name: 'title', selector: { text: {} } },
  { name: 'image', selector: { image: {} } },
  { name: 'camera_image', selector: { entity: { domain: ['camera'] } } },
  { name: 'image_entity', selector: { entity: { domain: ['image', 'person'] } } },
  { name: 'entities', selector: { entity: { multiple: true } }, required: true },
  { name: 'aspect_ratio', selector: { text: {} } },
  { name: 'tap_action', selector: { object: {} } },
];
export const stub: CardModule['stub'] = ({ entities }) => {
  const camera = entities.idsOf('camera')[0];
  return { ...(camera ? { camera_image: camera } : { image: '' }), entities: entities.idsOf('light').slice(0, 3) };
};

function One({ entityId, row, withState }: { entityId: string; row: Record<string, unknown>; withState: boolean }) {
  const entity = useEntity(entityId);
  const act = useAction();
  const name = text(row.name) ?? nameOf(entity, entityId);
  const switches = !asAction(row.tap_action) && canToggle(entityId);
  const icon = text(row.icon);
  return (
    <>
      <button
        type="button"
        className={`${styles.one} ${isActive(entity) ? styles.on : ''}`}
        title={name}
        disabled={!entity}
        onClick={() => act(asAction(row.tap_action) ?? { action: switches ? 'toggle' : 'more-info' }, entityId)}
        aria-label={name}
        {...(switches ? { 'aria-pressed': isActive(entity) } : {})}
      >
        {icon ? <NamedIcon name={icon} fallback={mdiBookmarkOutline} /> : <EntityIcon entityId={entityId} plain />}
      </button>
      {withState && <span className={styles.state}><StateLink entityId={entityId} /></span>}
    </>
  );
}

export default function PictureGlanceCard({ config }: { config: CardConfig }) {
  const own = text(config.entity);
  const entity = useEntity(own);
  const shown = text(config.camera_image) ?? text(config.image_entity) ?? own;
  const pictured = useEntity(shown);
  const title = text(config.title);
  const label = title ?? nameOf(pictured, shown);
  return (
    <Framed action={asAction(config.tap_action) ?? (shown ? { action: 'more-info' } : undefined)} entityId={shown} label={label} picture={<Picture source={pictureOf(config, entity, location.origin)} alt="" ratio={ratioOf(config.aspect_ratio)} />}>
      <div className={styles.bar}>
        {title && <h3 className={styles.title}>{title}</h3>}
        {rowsOf(config).map((row, index) => {
          const id = idOf(row);
          const more = typeof row === 'string' ? {} : (row as Record<string, unknown>);
          return id ? <One key={`${index} ${id}`} entityId={id} row={more} withState={(more.show_state ?? config.show_state) === true} /> : null;
        })}
      </div>
    </Framed>
  );
}
