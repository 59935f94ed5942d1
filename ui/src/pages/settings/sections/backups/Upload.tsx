import { useRef, useState } from 'react';
import { mdiUploadOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Button } from '@/components';
import { ApiError, asApiError, type HomeSession, useSession } from '@/data';
import { ProgressBar } from '../../parts/Rows';
import styles from './Backups.module.css';
import { AGENT } from './types';

/** Sends a file and says how far it is, which `fetch` cannot. */
async function send(session: HomeSession, file: File, onPercent: (percent: number) => void): Promise<void> {
  if (session.auth?.expired) await session.auth.refreshAccessToken();
  const form = new FormData();
  form.append('file', file, file.name);
  await new Promise<void>((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/backup/upload?agent_id=${AGENT}`);
    if (session.auth) request.setRequestHeader('Authorization', `Bearer ${session.auth.accessToken}`);
    request.upload.onprogress = ({ loaded, total }) => onPercent(total ? Math.round((loaded / total) * 100) : 0);
    request.onload = () => (request.status === 201 ? done() : fail(new ApiError(String(request.status), request.responseText)));
    request.onerror = () => fail(new ApiError('connection', ''));
    request.send(form);
  });
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
