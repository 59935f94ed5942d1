import { useRef } from 'react';
import { mdiClose, mdiImagePlusOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components';
import { useSession } from '@/data';
import { uploadPicture } from '@/data/pictures';
import { useAct } from '@/data/useAct';
import styles from './Areas.module.css';

/** A picture that is sent to the server when it is chosen; `value` is its path. */
export function PictureField({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const { t } = useTranslation('areas');
  const session = useSession();
  const input = useRef<HTMLInputElement>(null);
  const [busy, act] = useAct();
  const send = async (file: File | undefined) => {
    if (!file) return;
    await act(async () => onChange(await uploadPicture(session, file, '512x512')));
    if (input.current) input.current.value = '';
  };
  return (
    <div className={styles.picture}>
      {value && <img src={value} alt={t('picture')} />}
      <input ref={input} type="file" accept="image/png,image/jpeg,image/gif,image/webp" className="visually-hidden" tabIndex={-1} aria-label={t('picture')} onChange={(event) => void send(event.target.files?.[0])} />
      <Button icon={mdiImagePlusOutline} busy={busy} onPress={() => input.current?.click()}>
        {t(value ? 'pictureOther' : 'pictureAdd')}
      </Button>
      {value && (
        <Button kind="ghost" icon={mdiClose} onPress={() => onChange(null)}>
          {t('pictureRemove')}
        </Button>
      )}
    </div>
  );
}
