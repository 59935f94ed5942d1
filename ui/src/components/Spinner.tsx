import styles from './Spinner.module.css';

/** Something is on its way. `label` is read aloud; an empty one leaves that to what stands around it. */
export function Spinner({ size = 24, label }: { size?: number; label: string }) {
  return (
    <svg className={styles.spinner} viewBox="0 0 24 24" width={size} height={size} {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}>
      <circle cx="12" cy="12" r="9" className={styles.track} />
      <path d="M12 3a9 9 0 0 1 9 9" className={styles.arc} />
    </svg>
  );
}
