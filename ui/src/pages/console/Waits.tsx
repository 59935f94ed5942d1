import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Banner, Button, Card, EmptyState, Skeleton } from '@/components';
import { useCommand } from '@/data';
import styles from './Console.module.css';
import { actorLink, seconds } from './format';
import type { Wait } from './types';
import { queued } from './waiting';

const AGAIN_MS = 3000;

/** Who asks whom and has no answer yet, those that have waited for longest first. */
export function Waits() {
  const { t, i18n } = useTranslation('console');
  const { data, error, reload } = useCommand<{ total: number; waits: Wait[]; deadlocks: Wait[][] }>('marge/console/waits');
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && reload(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [reload]);
  if (error && !data) return <Banner kind="error" title={t('failed')} actions={<Button onPress={reload}>{t('again')}</Button>}>{error.message}</Banner>;
  if (!data) return <Skeleton height={240} radius="var(--radius)" />;
  if (data.waits.length === 0) return <EmptyState title={t('waits.none')} text={t('waits.noneText')} />;
  const link = (path: string | null) => (path ? <Link href={actorLink(path)} className={styles.name}>{path}</Link> : t('waits.somebody'));
  return (
    <Card title={t('waits.count', { count: data.total })} flush>
      <div className={styles.scroll}>
        <table className={styles.rows} aria-label={t('tab.waits')}>
          <thead>
            <tr>
              <th scope="col">{t('waits.asker')}</th>
              <th scope="col">{t('waits.target')}</th>
              <th scope="col" className={styles.number}>{t('waits.time')}</th>
              <th scope="col">{t('waits.message')}</th>
            </tr>
          </thead>
          <tbody>
            {data.waits.map((wait, index) => (
              <tr key={`${wait.asker} ${index}`}>
                <th scope="row">{link(wait.asker)}</th>
                <td>{link(wait.target)}</td>
                <td className={styles.number} data-label={t('waits.time')}>{wait.since_s === null ? '–' : seconds(wait.since_s, i18n.language)}</td>
                <td>{queued(t, wait)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
