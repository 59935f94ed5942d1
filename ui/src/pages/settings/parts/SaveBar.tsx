import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button } from '@/components';
import styles from './SaveBar.module.css';

/** At the lower edge while there is something to save. */
export function SaveBar({ shown, problem, save, onDiscard }: { shown: boolean; problem?: string | undefined; save: ReactNode; onDiscard: () => void }) {
  const { t } = useTranslation('settings');
  if (!shown) return null;
  return (
    <div className={styles.bar}>
      {problem && <Banner kind="error">{problem}</Banner>}
      <div className={styles.line}>
        <span className={styles.text}>{t('unsaved')}</span>
        <Button onPress={onDiscard}>{t('discard')}</Button>
        {save}
      </div>
    </div>
  );
}
