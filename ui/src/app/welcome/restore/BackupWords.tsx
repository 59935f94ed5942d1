import { mdiArchiveLockOutline, mdiArchiveOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Icon } from '@/components/Icon';
import { formatBytes } from '@/data/bytes';
import { formatTime } from '@/data/words';
import { type BackupHere, isProtected, sizeOf } from './api';
import styles from './Restore.module.css';

/** What a backup is called, when it was made, how large it is, what is in it, and whether it wants a password. */
export function BackupWords({ backup }: { backup: BackupHere }) {
  const { t, i18n } = useTranslation('app');
  const sealed = isProtected(backup);
  const facts = [
    formatTime(Date.parse(backup.date), i18n.language),
    formatBytes(sizeOf(backup), i18n.language),
    t(`welcome.restore.${backup.database_included ? 'withHistory' : 'withoutHistory'}`),
    ...(sealed ? [t('welcome.restore.withPassword')] : []),
  ];
  return (
    <>
      <Icon path={sealed ? mdiArchiveLockOutline : mdiArchiveOutline} />
      <span className={styles.words}>
        <strong>{backup.name}</strong>
        <span>{facts.join(' · ')}</span>
      </span>
    </>
  );
}
