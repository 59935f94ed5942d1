import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/data';
import styles from './Console.module.css';
import { Figure } from './Figure';
import { rate } from './format';
import type { TypeRow } from './types';

/** What handlers took in the last second, by message type; the most expensive first. */
export function Types({ rows }: { rows: readonly TypeRow[] }) {
  const { t, i18n } = useTranslation('console');
  const ms = (value: number) => `${formatNumber(value, i18n.language, { max: 2 })} ms`;
  return (
    <div className={styles.scroll}>
      <table className={styles.rows} aria-label={t('types.title')}>
        <thead>
          <tr>
            <th scope="col">{t('types.type')}</th>
            <th scope="col">{t('types.class')}</th>
            <th scope="col" className={styles.number}>{t('types.count')}</th>
            <th scope="col" className={styles.number}>{t('types.mean')}</th>
            <th scope="col" className={styles.number}>{t('types.max')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={`${row.class} ${row.type} ${index}`}>
              <th scope="row" className={styles.mono}>{row.type}</th>
              <td className={styles.mono}>{row.class}</td>
              <Figure label={t('types.count')} value={rate(row.count_s, i18n.language)} />
              <Figure label={t('types.mean')} value={ms(row.mean_ms)} />
              <Figure label={t('types.max')} value={ms(row.max_ms)} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
