import { useRef, useState } from 'react';
import { mdiUploadOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Button } from '@/components';
import { asApiError, type HomeSession, useSession } from '@/data';
import { sendFile } from '@/data/sendFile';
import { ProgressBar } from '../../parts/Rows';
import styles from './Backups.module.css';
import { AGENT } from './types';

async function send(session: HomeSession, file: File, onPercent: (percent: number) => void): Promise<void> {
  if (session.auth?.expired) await session.auth.refreshAccessToken();
  await sendFile(`/api/backup/upload?agent_id=${AGENT}`, file, { token: session.auth?.accessToken, onPercent });
}

export function Upload({ disabled, onDone }: { disabled: boolean; onDone: () => void }) {
  const { t } = useTranslation('settings');
  const session = useSession();
  const input = useRef<HTMLInputElement>(null);
  const [percent, setPercent] = useState<number | null>(null);
  const begin = async (file: File) => {
    setPercent(0);
    try {
      await send(session, file, setPercent);
      toast.ok(t('backups.upload.done', { name: file.name }));
      onDone();
    } catch (problem) {
      const { code } = asApiError(problem);
      toast.error(t(code === '400' ? 'backups.upload.noBackup' : code === 'connection' ? 'backups.upload.lost' : 'backups.upload.failed', { name: file.name, code }));
    } finally {
      setPercent(null);
    }
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".tar,application/x-tar"
        hidden
        aria-label={t('backups.upload.choose')}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = ''; // the same file may be chosen again
          if (file) void begin(file);
        }}
      />
      {percent === null ? (
        <Button small icon={mdiUploadOutline} isDisabled={disabled} onPress={() => input.current?.click()}>
          {t('backups.upload.choose')}
        </Button>
      ) : (
        <div className={styles.upload} role="status">
          {t('backups.upload.sending', { percent })}
          <ProgressBar label={t('backups.upload.choose')} percent={percent} />
        </div>
      )}
    </>
  );
}
