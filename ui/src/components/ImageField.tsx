/** A picture's address, or a picture that is sent to the server when it is chosen. */

import { useRef } from 'react';
import { mdiImagePlusOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/data/hooks';
import { uploadPicture } from '@/data/pictures';
import { useAct } from '@/data/useAct';
import { Button } from './Button';
import { TextField } from './fields';
import styles from './ImageField.module.css';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string | undefined;
  error?: string | null | undefined;
  disabled?: boolean;
}

export function ImageField({ label, value, onChange, hint, error, disabled = false }: Props) {
  const { t } = useTranslation('components');
  const session = useSession();
  const input = useRef<HTMLInputElement>(null);
  const [busy, act] = useAct();
  const send = async (file: File | undefined) => {
    if (!file) return;
    await act(async () => onChange(await uploadPicture(session, file)));
    if (input.current) input.current.value = '';
  };
  return (
    <div className={styles.field}>
      <TextField label={label} value={value} onChange={onChange} hint={hint ?? t('imageField.hint')} error={error ?? null} disabled={disabled} />
      <input ref={input} type="file" accept="image/png,image/jpeg,image/gif,image/webp" className="visually-hidden" tabIndex={-1} aria-label={label} onChange={(event) => void send(event.target.files?.[0])} />
      <Button small icon={mdiImagePlusOutline} busy={busy} isDisabled={disabled} onPress={() => input.current?.click()}>
        {t('imageField.upload')}
      </Button>
    </div>
  );
}
