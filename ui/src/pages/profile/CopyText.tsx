import { useState } from 'react';
import { mdiCheck, mdiContentCopy } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { IconButton } from '@/components';
import styles from './Profile.module.css';

const SAID_MS = 2000;

/** A text that is copied with one press; where the browser does not let pages copy (no HTTPS), it can be selected. */
export function CopyText({ label, text }: { label: string; text: string }) {
  const { t } = useTranslation('profile');
  const [done, setDone] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      setTimeout(() => setDone(false), SAID_MS);
    } catch {
      toast.info(t('copy.byHand'));
    }
  };
  return (
    <div className={styles.secret}>
      <code aria-label={label}>{text}</code>
      <IconButton label={t(done ? 'copy.done' : 'copy.do')} icon={done ? mdiCheck : mdiContentCopy} onPress={() => void copy()} />
    </div>
  );
}
