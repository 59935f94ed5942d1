/** A restore on its way, up to the server that comes back. */

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { ProgressBar } from '@/components/ProgressBar';
import entrance from '../../Entrance.module.css';
import { Preparing } from './Preparing';
import styles from './Restore.module.css';
import { StepTitle } from './StepTitle';
import type { Work } from './work';

/** A start takes some seconds, that of a large home on a small machine half a minute. */
const SLOW_MS = 90_000;

export function RestoreWork({ work }: { work: Work & { is: 'preparing' | 'restarting' } }) {
  const { t } = useTranslation('app');
  return (
    <div className={styles.stack}>
      <StepTitle>{t('welcome.restore.working')}</StepTitle>
      <p className={entrance.lead}>{t('welcome.restore.stay')}</p>
      {work.is === 'preparing' ? <Preparing work={work} /> : <Restarting />}
    </div>
  );
}

function Restarting() {
  const { t } = useTranslation('app');
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <div className={styles.working}>
        <ProgressBar label={t('welcome.restore.working')} percent={null} />
        <span role="status">{t('welcome.restore.steps.restart')}</span>
      </div>
      {slow && (
        <Banner kind="warn" title={t('welcome.restore.slow')}>
          {t('welcome.restore.slowText')}
        </Banner>
      )}
    </>
  );
}
