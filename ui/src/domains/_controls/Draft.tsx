/** A field whose value is sent when one says so: with Enter or the button that appears once it differs. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/Button';
import { TextField, type TextFieldProps } from '@/components/fields';
import styles from './Draft.module.css';

interface Props extends Pick<TextFieldProps, 'type' | 'label' | 'hint' | 'inputMode' | 'rows'> {
  value: string;
  disabled: boolean;
  /** What is wrong with a text, in words; null: nothing. */
  check?: (text: string) => string | null;
  /** False: it was refused, and stays as it was typed. */
  onSave: (text: string) => Promise<boolean>;
}

export function Draft({ value, disabled, check, onSave, ...rest }: Props) {
  const { t } = useTranslation('domains');
  const [typed, setTyped] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const text = typed ?? value;
  const error = typed === null ? null : (check?.(typed) ?? null);
  const changed = typed !== null && typed !== value;
  const save = async () => {
    if (!changed || error || busy) return;
    setBusy(true);
    if (await onSave(text)) setTyped(null);
    setBusy(false);
  };
  return (
    <form
      className={styles.draft}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextField
        {...rest}
        value={text}
        disabled={disabled}
        error={error}
        autoComplete="off"
        onChange={setTyped}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && changed) {
            event.preventDefault();
            setTyped(null);
          }
        }}
      />
      {changed && (
        <Button kind="primary" type="submit" busy={busy} isDisabled={Boolean(error)}>
          {t('set')}
        </Button>
      )}
    </form>
  );
}
