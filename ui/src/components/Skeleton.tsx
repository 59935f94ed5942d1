import { useTranslation } from 'react-i18next';
import styles from './Skeleton.module.css';

/** The place of something that is being loaded. */
export function Skeleton({ height = 20, width = '100%', radius }: { height?: number | string; width?: number | string; radius?: string }) {
  return <div className={styles.bone} aria-hidden="true" style={{ height, width, ...(radius ? { borderRadius: radius } : {}) }} />;
}

/** A whole page that is being loaded. */
export function SkeletonPage() {
  const { t } = useTranslation('components');
  return (
    <div className={styles.page} role="status" aria-label={t('loading')}>
      <Skeleton height={36} width="min(280px, 60%)" />
      <div className={styles.grid}>
        {[0, 1, 2, 3, 4, 5].map((each) => (
          <Skeleton key={each} height={150} radius="var(--radius)" />
        ))}
      </div>
    </div>
  );
}
