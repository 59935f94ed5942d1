import { useEffect, useState } from 'react';
import { mdiBackupRestore } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { formatTime } from '@/data/words';
import { type LostHome, lostHome } from '../auth';
import styles from './LostHomeBanner.module.css';

/** Whoever is asked to begin anew in a home that was theirs already is told what became of it, and has it back with one press. */
export function LostHomeBanner({ onRestore }: { onRestore: (backupId: string) => void }) {
  const { t, i18n } = useTranslation('app');
  const [lost, setLost] = useState<LostHome | null>(null);
  useEffect(() => {
    let here = true;
    // A server that does not answer is told where the account is made.
    lostHome().then((found) => here && setLost(found), () => undefined);
    return () => {
      here = false;
    };
  }, []);
  if (!lost) return null;
  const newest = lost.backups[0];
  return (
    <Banner kind="warn" title={t('welcome.lost.title')}>
      <div className={styles.words}>
        <p>{t(`welcome.lost.${lost.reason}`, { file: lost.file })}</p>
        {newest ? (
          <>
            <p>{t('welcome.lost.backup', { name: newest.name, date: formatTime(Date.parse(newest.date), i18n.language) })}</p>
            <Button icon={mdiBackupRestore} onPress={() => onRestore(newest.backup_id)}>
              {t('welcome.lost.restore')}
            </Button>
          </>
        ) : (
          <p>{t('welcome.lost.noBackup')}</p>
        )}
        <p>{t('welcome.lost.anew')}</p>
      </div>
    </Banner>
  );
}
