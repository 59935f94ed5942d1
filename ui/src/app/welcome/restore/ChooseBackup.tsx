/** Which backup: one of those that lie here, or a file. */

import { mdiChevronRight } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { Skeleton } from '@/components/Skeleton';
import entrance from '../../Entrance.module.css';
import type { BackupHere } from './api';
import { BackupWords } from './BackupWords';
import styles from './Restore.module.css';
import { StepTitle } from './StepTitle';
import { UploadBackup } from './UploadBackup';
import type { Upload } from './useUpload';

interface Props {
  /** Null: not known yet. */
  backups: readonly BackupHere[] | null;
  problem: string | null;
  onAgain: () => void;
  upload: Upload;
  onChoose: (backup: BackupHere) => void;
  onBack: () => void;
}

export function ChooseBackup({ backups, problem, onAgain, upload, onChoose, onBack }: Props) {
  const { t } = useTranslation('app');
  return (
    <div className={styles.stack}>
      <StepTitle>{t('welcome.restore.title')}</StepTitle>
      <p className={entrance.lead}>{t('welcome.restore.text')}</p>
      {problem && (
        <Banner kind="error" actions={<Button small onPress={onAgain}>{t('unreachable.again')}</Button>}>
          {problem}
        </Banner>
      )}
      <section className={styles.part} aria-labelledby="backups-here">
        <h2 id="backups-here" className={styles.sub}>{t('welcome.restore.here')}</h2>
        {backups === null && !problem && <Skeleton height={64} radius="var(--radius-m)" />}
        {backups?.length === 0 && <p className={styles.hint}>{t('welcome.restore.none')}</p>}
        {backups !== null && backups.length > 0 && (
          <ul className={styles.list}>
            {backups.map((backup) => (
              <li key={backup.backup_id}>
                <button type="button" className={styles.backup} disabled={upload.sending !== null} onClick={() => onChoose(backup)}>
                  <BackupWords backup={backup} />
                  <Icon path={mdiChevronRight} />
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <UploadBackup upload={upload} first={backups?.length === 0} ready={backups !== null} />
      <div className={entrance.buttons}>
        <Button onPress={onBack}>{t('welcome.restore.back')}</Button>
      </div>
    </div>
  );
}
