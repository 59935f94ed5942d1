import { useTranslation } from 'react-i18next';
import { LANGUAGES, type Language, setLanguage } from '@/app/i18n';
import { setTheme, type Theme, theme } from '@/app/theme';
import { Card, FilterChip, Select } from '@/components';
import { useSession, useStore } from '@/data';
import styles from './Profile.module.css';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export function Looks() {
  const { t, i18n } = useTranslation('profile');
  const session = useSession();
  const chosen = useStore(theme);
  const choose = (next: Theme) => {
    setTheme(next);
    void session.saveUserData('marge_theme', next).catch(() => undefined); // kept in this browser all the same
  };
  return (
    <Card title={t('looks.title')}>
      <div className={styles.pair}>
        <fieldset className={styles.chips}>
          <legend>{t('looks.theme')}</legend>
          {THEMES.map((each) => (
            <FilterChip key={each} selected={chosen === each} onChange={() => choose(each)}>
              {t(`looks.themes.${each}`)}
            </FilterChip>
          ))}
        </fieldset>
        <Select
          label={t('looks.language')}
          hint={t('looks.languageHint')}
          options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          value={i18n.language}
          onChange={(code) => {
            // The server's texts are asked for once a session.
            if (code !== i18n.language) void setLanguage(code as Language).then(() => location.reload());
          }}
        />
      </div>
    </Card>
  );
}
