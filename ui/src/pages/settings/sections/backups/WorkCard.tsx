import { useTranslation } from 'react-i18next';
import { Banner, Card } from '@/components';
import { ProgressBar } from '../../parts/Rows';
import { formatBytes } from '../../parts/words';
import styles from './Backups.module.css';
import type { Work } from './useWork';

const KINDS = ['create_backup', 'receive_backup', 'restore_backup'];

/** What goes on, or how the last of it went. */
export function WorkCard({ work }: { work: Work }) {
  const { t, i18n } = useTranslation('settings');
  const { status, busy } = work;
  if (busy) {
    const kind = KINDS.find((each) => each === status?.state) ?? 'other';
    const title = t(`backups.work.${kind}`);
    const size = status && status.total_bytes > 0 ? t('backups.work.of', { done: formatBytes(status.done_bytes, i18n.language), total: formatBytes(status.total_bytes, i18n.language) }) : '';
    return (
      <Card title={title}>
        <div className={styles.working} role="status">
          <ProgressBar label={title} percent={status?.percent ?? null} />
          <span>
            {status?.step ? t([`backups.work.steps.${status.step}`, 'backups.work.steps.other']) : t('backups.work.steps.other')} {status?.percent != null && `${status.percent} %`} {size}
          </span>
        </div>
      </Card>
    );
  }
  const last = status?.last;
  if (last?.state === 'failed') {
    const kind = KINDS.find((each) => each === last.manager_state) ?? 'other';
    return (
      <Banner kind="error" title={t(`backups.work.failed.${kind}`)}>
        {last.reason === 'password_incorrect' ? t('backups.restore.wrongPassword') : (status?.problem ?? t('backups.work.unknown'))}
      </Banner>
    );
  }
  if (last?.state === 'completed' && last.manager_state === 'restore_backup') {
    return (
      <Banner kind="ok" title={t('backups.restored')}>
        {t('backups.restoredText')}
      </Banner>
    );
  }
  return null;
}
