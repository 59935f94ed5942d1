import { mdiMagnify } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Icon } from '@/components/Icon';
import { openQuickBar } from './quick';
import styles from './SearchButton.module.css';

/** Opens the quick bar from the navigation. `compact`: the icon alone. */
export function SearchButton({ compact = false, onGo }: { compact?: boolean; onGo?: () => void }) {
  const { t } = useTranslation('titles');
  return (
    <button
      type="button"
      className={`${styles.search} ${compact ? styles.compact : ''}`}
      aria-label={t('search')}
      aria-keyshortcuts="Control+K"
      title={compact ? t('search') : undefined}
      onClick={() => {
        onGo?.();
        openQuickBar();
      }}
    >
      <Icon path={mdiMagnify} size={22} />
      {!compact && (
        <>
          <span>{t('search')}</span>
          <kbd aria-hidden="true">Ctrl K</kbd>
        </>
      )}
    </button>
  );
}
