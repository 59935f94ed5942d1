import { useTranslation } from 'react-i18next';
import { Banner, Skeleton } from '@/components';
import { useLogLines } from '@/data/logLines';
import styles from './Integrations.module.css';

function Lines({ title, lines, empty }: { title: string; lines: readonly string[]; empty: string }) {
  return (
    <section aria-label={title}>
      <h3 className={styles.logTitle}>{title}</h3>
      {lines.length === 0 ? (
        <p className={styles.quiet}>{empty}</p>
      ) : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long log scrolls, also with the keyboard
        <pre className={styles.log} tabIndex={0}>
          {lines.join('\n')}
        </pre>
      )}
    </section>
  );
}

export function BridgeLog({ name }: { name: string }) {
  const { t } = useTranslation('integrations');
  const { log, error } = useLogLines({ bridge: name, level: 'warning' });
  if (error && !log) return <Banner kind="error">{error.message}</Banner>;
  if (!log) return <Skeleton height={90} radius="var(--radius-m)" />;
  return (
    <div className={styles.stack}>
      <Lines title={t('log.problems')} lines={log.lines} empty={t('log.none')} />
      {log.program && <Lines title={t('log.program')} lines={log.program} empty={t('log.silent')} />}
      {log.dropped > 0 && <p className={styles.quiet}>{t('log.dropped', { count: log.dropped })}</p>}
    </div>
  );
}
