import type { ReactNode } from 'react';
import styles from './EntityLink.module.css';
import { EntityName, StateText } from './entity';
import { openMoreInfo } from './MoreInfo';

/** An entity named in a text: a press opens its dialog, which says why it is as it is. `quiet`: where each line has one, so that lines under all of them would be noise. */
export function EntityLink({ entityId, quiet = false, children }: { entityId: string; quiet?: boolean; children?: ReactNode }) {
  return (
    <button type="button" className={`${styles.link} ${quiet ? styles.quiet : ''}`} onClick={() => openMoreInfo(entityId)}>
      {children ?? <EntityName entityId={entityId} />}
    </button>
  );
}

/**
 * An entity's state where its name is not to be seen: a press opens its dialog, too. Read aloud with the name.
 *
 * It may stand on something that is pressed as a whole (`styles.open` of `cards/area.module.css`), beside that button or link, never in it.
 */
export function StateLink({ entityId, children }: { entityId: string; children?: ReactNode }) {
  return (
    <button type="button" className={`${styles.link} ${styles.state}`} onClick={() => openMoreInfo(entityId)}>
      <span className="visually-hidden">
        <EntityName entityId={entityId} />:{' '}
      </span>
      {children ?? <StateText entityId={entityId} />}
    </button>
  );
}
