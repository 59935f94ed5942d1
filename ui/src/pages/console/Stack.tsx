import styles from './Console.module.css';

/** A text that scrolls: a stack, a document. */
export function Stack({ label, text }: { label: string; text: string }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- who scrolls with keys must be able to reach it
    <pre className={styles.stack} role="region" tabIndex={0} aria-label={label}>
      {text}
    </pre>
  );
}
