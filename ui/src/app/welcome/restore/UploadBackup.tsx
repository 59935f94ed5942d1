import { useRef } from 'react';
import { mdiUploadOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { ProgressBar } from '@/components/ProgressBar';
import styles from './Restore.module.css';
import type { Upload } from './useUpload';

/** The percent from which nothing is sent any more: the server looks at what it has. */
const SENT = 100;

/** @param first there is no other way on; `ready`: the server takes files by now. */
export function UploadBackup({ upload, first, ready }: { upload: Upload; first: boolean; ready: boolean }) {
  const { t } = useTranslation('app');
  const input = useRef<HTMLInputElement>(null);
  const { sending, problem } = upload;
  return (
    <section className={styles.upload} aria-labelledby="backup-file">
      <h2 id="backup-file" className={styles.sub}>{t('welcome.restore.upload.title')}</h2>
      <p className={styles.hint}>{t('welcome.restore.upload.text')}</p>
      {problem && (
        <Banner kind="error" title={problem.title}>
          {problem.text}
        </Banner>
      )}
      <input
        ref={input}
        type="file"
        accept=".tar,application/x-tar"
        hidden
        aria-label={t('welcome.restore.upload.choose')}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = ''; // the same file may be chosen again
          if (file) void upload.begin(file);
        }}
      />
      {sending ? (
        <div className={styles.sending}>
          <div>
            <span role="status">{t(`welcome.restore.upload.${sending.percent < SENT ? 'sending' : 'checking'}`, { name: sending.name })}</span>
            <Button small onPress={upload.cancel}>
              {t('welcome.restore.upload.cancel')}
            </Button>
          </div>
          <ProgressBar label={t('welcome.restore.upload.title')} percent={sending.percent < SENT ? sending.percent : null} />
        </div>
      ) : (
        <Button kind={first ? 'primary' : 'secondary'} icon={mdiUploadOutline} className={styles.choose} isDisabled={!ready} onPress={() => input.current?.click()}>
          {t('welcome.restore.upload.choose')}
        </Button>
      )}
    </section>
  );
}
