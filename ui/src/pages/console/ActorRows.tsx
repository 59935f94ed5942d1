/** Actors as rows, in the order of the server. On a phone each takes two lines. */

import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { actorLink, parts, percent, rate, seconds } from './format';
import styles from './Console.module.css';
import { Figure } from './Figure';
import { StateChip } from './StateChip';
import type { Row } from './types';

function Remark({ row }: { row: Row }) {
  const { t, i18n } = useTranslation('console');
  if (row.waiting_for) return <>{t('waitsFor', { what: row.waiting_for, time: seconds(row.waiting_s ?? 0, i18n.language) })}</>;
  if (row.last_failure && row.state !== 'running') return <>{row.last_failure.error}</>;
  return <>{row.class}</>;
}

export function ActorRows({ rows, label, whole = false }: { rows: readonly Row[]; label: string; whole?: boolean }) {
  const { t, i18n } = useTranslation('console');
  const language = i18n.language;
  return (
    <div className={styles.scroll}>
      <table className={styles.rows} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t('column.actor')}</th>
            <th scope="col">{t('column.state')}</th>
            <th scope="col" className={styles.number}>{t('column.mailbox')}</th>
            <th scope="col" className={styles.number}>{t('column.oldest')}</th>
            <th scope="col" className={styles.number}>{t('column.messages')}</th>
            <th scope="col" className={styles.number}>{t('column.busy')}</th>
            <th scope="col" className={styles.number}>{t('column.restarts')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const [name, before] = parts(row.path);
            return (
              <tr key={row.path}>
                <th scope="row">
                  <Link href={actorLink(row.path)} className={styles.name} title={row.path}>
                    {name}
                  </Link>
                  <span className={styles.remark}>
                    {whole && before && <span>{before} · </span>}
                    <Remark row={row} />
                  </span>
                </th>
                <td>
                  <StateChip row={row} />
                </td>
                <Figure label={t('column.mailbox')} value={row.mailbox ? rate(row.mailbox, language) : null} />
                <Figure label={t('column.oldest')} value={row.oldest_s ? seconds(row.oldest_s, language) : null} />
                <Figure label={t('column.messages')} value={row.messages_s ? rate(row.messages_s, language) : null} />
                <Figure label={t('column.busy')} value={row.busy >= 0.0005 ? percent(row.busy, language) : null} />
                <Figure label={t('column.restarts')} value={row.restarts || null} />
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
