import styles from './Console.module.css';

/** A figure in a table; one that is nothing to speak of is a dash, and left out where there is little room. */
export function Figure({ label, value }: { label: string; value: string | number | null }) {
  return (
    <td className={styles.number} data-label={label} {...(value === null ? { 'data-empty': '' } : {})}>
      {value ?? '–'}
    </td>
  );
}
