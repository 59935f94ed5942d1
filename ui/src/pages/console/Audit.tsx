import { useState } from 'react';
import { mdiClipboardTextClockOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Card, Chip, EmptyState, SearchField, Skeleton } from '@/components';
import { formatTime, useCommand } from '@/data';
import styles from './Console.module.css';
import { useSaid } from './said';
import type { AuditEntry, Page } from './types';

/** Who did what to the running system, newest first. */
export function Audit() {
  const { t, i18n } = useTranslation('console');
  const said = useSaid();
  const [filter, setFilter] = useState('');
  const { data, error, reload } = useCommand<Page<AuditEntry>>('marge/console/audit', { filter, limit: 200 });
  if (error && !data) return <Banner kind="error" title={t('failed')} actions={<Button onPress={reload}>{t('again')}</Button>}>{error.message}</Banner>;
  if (!data) return <Skeleton height={240} radius="var(--radius)" />;
  return (
    <div className={styles.page}>
      <SearchField label={t('audit.search')} value={filter} onChange={setFilter} />
      {data.rows.length === 0 ? (
        <EmptyState icon={mdiClipboardTextClockOutline} title={t('audit.none')} text={filter ? '' : t('audit.noneText')} />
      ) : (
        <Card title={t('audit.title', { count: data.total })} flush>
          <div className={styles.scroll}>
            <table className={styles.rows} aria-label={t('tab.audit')}>
              <thead>
                <tr>
                  <th scope="col">{t('audit.what')}</th>
                  <th scope="col">{t('audit.who')}</th>
                  <th scope="col">{t('audit.result')}</th>
                  <th scope="col" className={styles.number}>{t('audit.when')}</th>
                </tr>
              </thead>
              <tbody>
                {data.rows.map((entry, index) => (
                  <tr key={`${entry.time} ${index}`}>
                    <th scope="row">
                      <span className={styles.plainName}>{t(`done.${entry.action}`, { defaultValue: entry.action })}</span>
                      <span className={styles.remark}>{entry.path}</span>
                    </th>
                    <td>{entry.user}{entry.remote && <span className={styles.remark}>{entry.remote}</span>}</td>
                    <td>{entry.ok ? said(entry.result) : <><Chip tone="warn">{t('audit.refused')}</Chip> {said(entry.result)}</>}</td>
                    <td className={styles.number}>{formatTime(entry.time * 1000, i18n.language, 'seconds')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Card>
      )}
    </div>
  );
}
