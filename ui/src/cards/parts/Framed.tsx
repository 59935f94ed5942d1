/** A card that is a picture: pressed it does something, words may stand on it. */

import type { ReactNode } from 'react';
import { type Action, useAction } from '@/lovelace/actions';
import styles from './Framed.module.css';

interface Props {
  /** What a press does; without it (or `none`) the picture is only looked at. */
  action: Action | undefined;
  entityId?: string | undefined;
  /** What the press is called, where the picture says nothing. */
  label: string;
  picture: ReactNode;
  children?: ReactNode;
}

export function Framed({ action, entityId, label, picture, children }: Props) {
  const act = useAction();
  const pressed = action !== undefined && action.action !== 'none';
  return (
    <div className={styles.card}>
      {pressed ? (
        <button type="button" className={styles.press} aria-label={label} onClick={() => act(action, entityId)}>
          {picture}
        </button>
      ) : (
        picture
      )}
      {children}
    </div>
  );
}
