import { type ReactNode, useEffect } from 'react';
import { mdiArrowLeft } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useHomeConfig } from '@/data/hooks';
import { Icon } from './Icon';
import styles from './PageHeader.module.css';

interface Props {
  title: string;
  /** A sentence below the title. */
  text?: ReactNode;
  /** Where the arrow before the title leads. */
  back?: string;
  /** Buttons at the end of the line. */
  actions?: ReactNode;
  /** A line below: tabs, a search. */
  children?: ReactNode;
}

/** The head of a page: one a page, with its only `<h1>`; it also names the window. */
export function PageHeader({ title, text, back, actions, children }: Props) {
  const { t } = useTranslation('components');
  const home = useHomeConfig()?.location_name ?? 'Marge';
  useEffect(() => {
    document.title = title === home ? home : `${title} – ${home}`;
  }, [title, home]);
  return (
    <header className={styles.header}>
      <div className={styles.line}>
        {back && (
          <Link href={back} className={styles.back} aria-label={t('back')}>
            <Icon path={mdiArrowLeft} />
          </Link>
        )}
        <h1 className={styles.title}>{title}</h1>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {text && <p className={styles.text}>{text}</p>}
      {children}
    </header>
  );
}
