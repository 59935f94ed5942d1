import type { ReactNode } from 'react';
import styles from './EntityLink.module.css';
import { EntityName } from './entity';
import { openMoreInfo } from './MoreInfo';

/** An entity named in a text: a press opens its dialog, which says why it is as it is. */
export function EntityLink({ entityId, children }: { entityId: string; children?: ReactNode }) {
  return (
    <button type="button" className={styles.link} onClick={() => openMoreInfo(entityId)}>
      {children ?? <EntityName entityId={entityId} />}
    </button>
  );
}
