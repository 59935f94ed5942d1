/** A person's picture: chosen from the device, made square and small in the browser, kept by the server. */

import { type ReactNode, useRef, useState } from 'react';
import { mdiCamera, mdiDeleteOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useConnected, useSession } from '@/data/hooks';
import { uploadPicture } from '@/data/pictures';
import { asApiError } from '@/data/session';
import { Avatar } from './Avatar';
import { Button } from './Button';
import { squareOf } from './picture';
import styles from './PictureField.module.css';

interface Props {
  /** Whose it is. */
  name: string;
  /** Its address; null: none. */
  value: string | null;
  onChange: (picture: string | null) => void;
  disabled?: boolean;
  /** Above the buttons. */
  children?: ReactNode;
}

export function PictureField({ name, value, onChange, disabled = false, children }: Props) {
  const { t } = useTranslation('app');
  const session = useSession();
  const connected = useConnected();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const send = async (file: File) => {
    setBusy(true);
    setProblem(null);
    const picture = await squareOf(file).catch(() => null);
    if (!picture) {
      setProblem(t('picture.unreadable', { name: file.name }));
      setBusy(false);
      return;
    }
    try {
      onChange(await uploadPicture(session, new File([picture], 'picture.jpg', { type: picture.type }), '512x512'));
    } catch (error) {
      setProblem(asApiError(error).message);
    }
    setBusy(false);
  };
  return (
    <div className={styles.field}>
      <Avatar name={name} picture={value} size={72} />
      <div className={styles.side}>
        {children}
        <div className={styles.buttons}>
          <Button small icon={mdiCamera} busy={busy} isDisabled={disabled || !connected} onPress={() => input.current?.click()}>
            {t(value ? 'picture.change' : 'picture.choose')}
          </Button>
          {value && (
            <Button small kind="ghost" icon={mdiDeleteOutline} isDisabled={busy || disabled || !connected} onPress={() => onChange(null)}>
              {t('picture.remove')}
            </Button>
          )}
        </div>
        {problem && (
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
        )}
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          aria-label={t('picture.choose')}
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = ''; // the same one may be chosen again
            if (file) void send(file);
          }}
        />
      </div>
    </div>
  );
}
