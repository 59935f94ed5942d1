import { useTranslation } from 'react-i18next';
import { ProgressBar } from '@/components/ProgressBar';
import styles from './Restore.module.css';
import type { Work } from './work';

/** How far the check of a backup, or its unpacking, is. */
export function Preparing({ work }: { work: Work & { is: 'preparing' } }) {
  const { t } = useTranslation('app');
  const { step, percent } = work;
  return (
    <div className={styles.working}>
      <ProgressBar label={t('welcome.restore.working')} percent={percent} />
      <span>
        <span role="status">{t(`welcome.restore.steps.${step === 'check' || step === 'unpack' ? step : 'other'}`)}</span>
        {percent !== null && ` ${percent} %`}
      </span>
    </div>
  );
}
