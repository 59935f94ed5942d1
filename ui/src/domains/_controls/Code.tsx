/** A code for locks and alarm panels: digits with a keypad, or any text. */

import { mdiBackspaceOutline } from '@mdi/js';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { TextField } from '@/components/fields';
import { Icon } from '@/components/Icon';
import styles from './Code.module.css';

interface Props {
  /** `number`: digits, with keys to press; anything else: a text. */
  format: string;
  value: string;
  onChange: (value: string) => void;
  disabled: boolean;
  error?: string | null;
}

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0', 'back'];

export function Code({ format, value, onChange, disabled, error }: Props) {
  const { t } = useTranslation('domains');
  const digits = format === 'number' || /^\^?\\d/.test(format);
  return (
    <div className={styles.pad}>
      <TextField
        className={styles.field}
        type="password"
        label={t('code')}
        value={value}
        onChange={onChange}
        disabled={disabled}
        autoComplete="off"
        inputMode={digits ? 'numeric' : 'text'}
        error={error ?? null}
      />
      {digits && (
        <div className={styles.keys} role="group" aria-label={t('keypad')}>
          {KEYS.map((key) =>
            key === '' ? (
              <span key={key} />
            ) : (
              <Button
                key={key}
                className={styles.key!}
                isDisabled={disabled}
                aria-label={key === 'back' ? t('backspace') : key}
                onPress={() => onChange(key === 'back' ? value.slice(0, -1) : value + key)}
              >
                {key === 'back' ? <Icon path={mdiBackspaceOutline} /> : key}
              </Button>
            ),
          )}
        </div>
      )}
    </div>
  );
}
