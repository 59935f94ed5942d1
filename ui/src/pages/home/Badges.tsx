/** Small facts above the cards: who is at home, the weather, whatever a view names. */

import { EntityIcon, openMoreInfo, StateText } from '@/components';
import { nameOf, useEntity } from '@/data';
import styles from './Badges.module.css';

function Badge({ entityId }: { entityId: string }) {
  const entity = useEntity(entityId);
  if (!entity) return null;
  return (
    <button type="button" className={styles.badge} onClick={() => openMoreInfo(entityId)}>
      <EntityIcon entityId={entityId} size={20} />
      <span className={styles.words}>
        <span className={styles.name}>{nameOf(entity)}</span>
        <span className={styles.state}>
          <StateText entityId={entityId} />
        </span>
      </span>
    </button>
  );
}

export function Badges({ badges }: { badges: readonly unknown[] }) {
  return (
    <div className={styles.badges}>
      {badges.map((badge, index) => {
        const id = typeof badge === 'string' ? badge : (badge as { entity?: unknown } | null)?.entity;
        return typeof id === 'string' ? <Badge key={`${index} ${id}`} entityId={id} /> : null;
      })}
    </div>
  );
}
