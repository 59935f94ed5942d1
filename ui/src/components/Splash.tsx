import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Spinner } from './Spinner';
import styles from './Splash.module.css';

/** The whole window while there is nothing else to show. */
export function Splash({ text, children }: { text?: string; children?: ReactNode }) {
  const { t } = useTranslation('components');
  return (
    <main className={styles.splash}>
      <img src="/icons/logo.svg" width="72" height="72" alt="" />
      <Spinner size={28} label={t('loading')} />
      {text && <p role="status">{text}</p>}
      {children}
    </main>
  );
}
