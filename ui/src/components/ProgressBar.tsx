import styles from './ProgressBar.module.css';

/** Something that is on its way. `percent` null: nobody knows how far. */
export function ProgressBar({ label, percent }: { label: string; percent: number | null }) {
  return (
    <div className={styles.progress} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} {...(percent === null ? {} : { 'aria-valuenow': percent })}>
      <span className={percent === null ? styles.endless : styles.bar} style={percent === null ? {} : { width: `${percent}%` }} />
    </div>
  );
}
