import type { ReactNode } from 'react';
import { Icon } from '@/components';
import { Avatar } from '@/components/Avatar';
import styles from './Rows.module.css';

/** Lines of settings with a rule between them. */
export function Rows({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <ul className={styles.rows} {...(label ? { 'aria-label': label } : {})}>
      {children}
    </ul>
  );
}

interface RowProps {
  icon?: string;
  /** In place of an icon: a letter for a person. */
  letter?: string;
  /** Its picture, in place of the letter. */
  picture?: string | null | undefined;
  title: ReactNode;
  text?: ReactNode;
  /** Facts behind the title. */
  chips?: ReactNode;
  /** Controls at the end of the line. */
  actions?: ReactNode;
  /** The title opens something. */
  onOpen?: (() => void) | undefined;
  dim?: boolean;
}

export function Row({ icon, letter, picture, title, text, chips, actions, onOpen, dim = false }: RowProps) {
  return (
    <li className={`${styles.row} ${onOpen ? styles.opens : ''} ${dim ? styles.dim : ''}`}>
      {icon && (
        <span className={styles.icon}>
          <Icon path={icon} />
        </span>
      )}
      {letter !== undefined && (
        <Avatar name={letter} picture={picture} size={40} />
      )}
      <div className={styles.text}>
        <div className={styles.title}>
          {onOpen ? (
            <button type="button" className={styles.open} onClick={onOpen}>
              {title}
            </button>
          ) : (
            <span>{title}</span>
          )}
          {chips}
        </div>
        {text && <div className={styles.more}>{text}</div>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </li>
  );
}

/** Facts as a definition list: `[name, value]`; what is null or empty is left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Fields one below the other, two beside each other where there is room. */
export function Fields({ children, columns = false }: { children: ReactNode; columns?: boolean }) {
  return <div className={columns ? styles.columns : styles.fields}>{children}</div>;
}

export { ProgressBar } from '@/components/ProgressBar';
