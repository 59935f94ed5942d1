import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { type LostHome, lostHome } from '../auth';
import styles from './LostHomeBanner.module.css';

/** Whoever is asked to begin anew in a home that was theirs already is told what became of it, and how to have it back. */
export function LostHomeBanner() {
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
  const words = newest && { name: newest.name, date: new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(newest.date)) };
  return (
    <Banner kind="warn" title={t('welcome.lost.title')}>
      <div className={styles.words}>
        <p>{t(`welcome.lost.${lost.reason}`, { file: lost.file })}</p>
        {newest ? (
          <p>
            {t(newest.protected ? 'welcome.lost.sealed' : 'welcome.lost.backup', words)}
            <code className={styles.command}>marge backup restore {newest.backup_id}</code>
          </p>
        ) : (
          <p>{t('welcome.lost.noBackup')}</p>
        )}
        <p>{t('welcome.lost.anew')}</p>
      </div>
    </Banner>
  );
}
