import type { ReactNode } from 'react';
import styles from './Card.module.css';
import { Icon } from './Icon';

interface Props {
  title?: ReactNode;
  icon?: string;
  /** At the end of the title's line. */
  actions?: ReactNode;
  /** Content up to the edges (tables, charts); `all`: also to the upper one, where there is no title. */
  flush?: boolean | 'all';
  className?: string | undefined;
  children?: ReactNode;
}

/** A rounded surface with an optional title. */
export function Card({ title, icon, actions, flush = false, className, children }: Props) {
  return (
    <section className={`${styles.card} ${flush ? styles.flush : ''} ${flush === 'all' && !title && !actions ? styles.bare : ''} ${className ?? ''}`}>
      {(title || actions) && (
        <header className={styles.head}>
          {(icon || title) && (
            <div className={styles.lead}>
              {icon && <Icon path={icon} size={22} className={styles.icon} />}
              {title && <h2 className={styles.title}>{title}</h2>}
            </div>
          )}
          {actions && <div className={styles.actions}>{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
