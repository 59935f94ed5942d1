import { type ReactNode, useEffect, useRef } from 'react';
import styles from './Restore.module.css';

/** The heading of a view that has taken another's place: it has the focus, so that it is read aloud and Tab goes on from here. */
export function StepTitle({ focus = true, children }: { focus?: boolean; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus();
  }, [focus]);
  return (
    <h1 ref={heading} tabIndex={-1} className={styles.title}>
      {children}
    </h1>
  );
}
