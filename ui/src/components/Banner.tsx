import type { ReactNode } from 'react';
import { mdiAlertCircleOutline, mdiAlertOutline, mdiCheckCircleOutline, mdiInformationOutline } from '@mdi/js';
import styles from './Banner.module.css';
import { Icon } from './Icon';

const ICONS = { info: mdiInformationOutline, ok: mdiCheckCircleOutline, warn: mdiAlertOutline, error: mdiAlertCircleOutline };

/** A message that stays where it is while it is true. `actions`: buttons at its end. */
export function Banner({ kind = 'info', title, children, actions }: { kind?: keyof typeof ICONS; title?: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={`${styles.banner} ${styles[kind]}`} role={kind === 'error' ? 'alert' : 'status'}>
      <Icon path={ICONS[kind]} />
      <div className={styles.text}>
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
      </div>
      {actions}
    </div>
  );
}
