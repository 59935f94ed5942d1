/** One large button that does something. */

import { mdiGestureTapButton } from '@mdi/js';
import { EntityIcon } from '@/components/entity';
import { StateLink } from '@/components/EntityLink';
import { NamedIcon } from '@/components/Icon';
import { useEntity } from '@/data/hooks';
import { isActive, nameOf } from '@/data/words';
import { asAction, canToggle, useAction } from '@/lovelace/actions';
import type { CardModule } from '@/lovelace/host';
import { type CardConfig, text } from '@/lovelace/types';
import styles from './button.module.css';

export const form: CardModule['form'] = [
  { name: 'entity', selector: { entity: {} } },
  { name: 'name', selector: { text: {} } },
  { name: 'icon', selector: { icon: {} } },
  { name: 'show_state', selector: { boolean: {} } },
  { name: 'tap_action', selector: { object: {} } },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ entity: entities.idsOf('scene')[0] ?? entities.idsOf('light')[0] ?? '' });

export default function ButtonCard({ config }: { config: CardConfig }) {
  const id = text(config.entity);
  const entity = useEntity(id);
  const act = useAction();
  const name = text(config.name) ?? (id ? nameOf(entity, id) : '');
  const usual = id && canToggle(id) ? { action: 'toggle' } : { action: 'more-info' };
  return (
    <div className={`${styles.card} ${isActive(entity) ? styles.on : ''}`}>
      <button type="button" className={styles.press} onClick={() => act(asAction(config.tap_action) ?? usual, id)} {...(config.show_name === false ? { 'aria-label': name } : {})}>
        {text(config.icon) || !id ? <NamedIcon name={text(config.icon) ?? null} fallback={mdiGestureTapButton} size={36} /> : <EntityIcon entityId={id} size={36} plain />}
        {config.show_name !== false && <span className={styles.name}>{name}</span>}
      </button>
      {config.show_state === true && id && <span className={styles.state}><StateLink entityId={id} /></span>}
    </div>
  );
}
