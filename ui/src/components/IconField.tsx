import { mdiShapeOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { TextField } from './fields';
import styles from './IconField.module.css';
import { NamedIcon } from './Icon';

const isIcon = (text: string): boolean => text.trim() === '' || /^[a-z0-9_-]+:[a-z0-9-]+$/.test(text.trim());

/** The name of an icon, with the icon beside it. Empty: none of its own. */
export function IconField({ label, value, onChange, fallback = mdiShapeOutline }: { label: string; value: string; onChange: (value: string) => void; fallback?: string }) {
  const { t } = useTranslation('components');
  const good = isIcon(value);
  return (
    <div className={styles.line}>
      <TextField label={label} value={value} onChange={(next) => onChange(next.trim())} placeholder="mdi:sofa" hint={t('iconField.hint')} error={good ? null : t('iconField.wrong')} className={styles.field} />
      <span className={styles.preview} aria-hidden="true">
        <NamedIcon name={good ? value || null : null} fallback={fallback} />
      </span>
    </div>
  );
}
