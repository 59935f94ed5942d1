import { useTranslation } from 'react-i18next';
import { Banner, Skeleton } from '@/components';
import { useCommand } from '@/data';
import styles from './Integrations.module.css';
import { useEvery } from './useIntegrations';

interface Log {
  problems: string[];
  /** What its own program printed; null: it has none. */
  program: string[] | null;
  dropped_lines: number;
}
const LOOK_MS = 5000;

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
  const { data, error, reload } = useCommand<Log>('marge/bridges/log', { name });
  useEvery(LOOK_MS, reload);
  if (error && !data) return <Banner kind="error">{error.message}</Banner>;
  if (!data) return <Skeleton height={90} radius="var(--radius-m)" />;
  return (
    <div className={styles.stack}>
      <Lines title={t('log.problems')} lines={data.problems} empty={t('log.none')} />
      {data.program && <Lines title={t('log.program')} lines={data.program} empty={t('log.silent')} />}
      {data.dropped_lines > 0 && <p className={styles.quiet}>{t('log.dropped', { count: data.dropped_lines })}</p>}
    </div>
  );
}
