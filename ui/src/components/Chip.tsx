import type { ReactNode } from 'react';
import styles from './Chip.module.css';
import { Icon } from './Icon';

type Tone = 'plain' | 'accent' | 'active' | 'ok' | 'warn' | 'danger' | 'info';

/** A small fact: a label, a count, a condition. */
export function Chip({ tone = 'plain', icon, children }: { tone?: Tone; icon?: string; children: ReactNode }) {
  return (
    <span className={`${styles.chip} ${styles[tone]}`}>
      {icon && <Icon path={icon} size={16} />}
      {children}
    </span>
  );
}

/** A chip that is pressed or not: filters. */
export function FilterChip({ selected, onChange, icon, children }: { selected: boolean; onChange: (selected: boolean) => void; icon?: string; children: ReactNode }) {
  return (
    <button type="button" aria-pressed={selected} onClick={() => onChange(!selected)} className={`${styles.chip} ${styles.filter} ${selected ? styles.accent : ''}`}>
      {icon && <Icon path={icon} size={18} />}
      {children}
    </button>
  );
}
