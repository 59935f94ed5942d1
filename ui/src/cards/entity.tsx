/** One value, large. */

import { EntityIcon, StateText } from '@/components/entity';
import { openMoreInfo } from '@/components/MoreInfo';
import { useEntity } from '@/data/hooks';
import { nameOf } from '@/data/words';
import type { CardModule } from '@/lovelace/host';
import { type CardConfig, text } from '@/lovelace/types';
import styles from './entity.module.css';

export const form: CardModule['form'] = [
  { name: 'entity', selector: { entity: {} }, required: true },
  { name: 'name', selector: { text: {} } },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ entity: entities.idsOf('sensor')[0] ?? '' });

export default function EntityValueCard({ config }: { config: CardConfig }) {
  const id = text(config.entity) ?? '';
  const entity = useEntity(id);
  return (
    <button type="button" className={styles.card} onClick={() => openMoreInfo(id)}>
      <span className={styles.head}>
        <span className={styles.name}>{text(config.name) ?? nameOf(entity, id)}</span>
        <EntityIcon entityId={id} size={22} plain />
      </span>
      <span className={styles.value}>
        <StateText entityId={id} />
      </span>
    </button>
  );
}
