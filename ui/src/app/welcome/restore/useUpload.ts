/** A backup on its way to the machine; what is wrong with it in words. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '@/data/bytes';
import { asApiError } from '@/data/session';
import { restoreStatus, sendBackup } from './api';

export interface Upload {
  /** Null: nothing is. */
  sending: { name: string; percent: number } | null;
  problem: { title: string; text: string } | null;
  begin: (file: File) => Promise<void>;
  cancel: () => void;
}

/** The server's refusals that have words of their own. */
const REFUSALS: Record<string, string> = { 400: 'noBackup', 413: 'tooLarge', 503: 'busy', 507: 'tooLarge', connection: 'lost' };

/** @param onRefused the file did not come through: perhaps the home has an owner meanwhile. */
export function useUpload(onDone: (backupId: string) => void, onRefused: () => void): Upload {
  const { t, i18n } = useTranslation('app');
  const [sending, setSending] = useState<Upload['sending']>(null);
  const [problem, setProblem] = useState<Upload['problem']>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const begin = async (file: File) => {
    const control = new AbortController();
    abort.current = control;
    const name = file.name;
    setProblem(null);
    setSending({ name, percent: 0 });
    try {
      // Asked before: who refuses a large file early is heard as a broken connection.
      const most = (await restoreStatus()).most_bytes;
      if (file.size > most) {
        const sizes = { size: formatBytes(file.size, i18n.language), room: formatBytes(most, i18n.language) };
        setProblem({ title: t('welcome.restore.upload.tooLarge', { name }), text: t('welcome.restore.upload.room', sizes) });
        return;
      }
      onDone(await sendBackup(file, (percent) => setSending({ name, percent }), control.signal));
    } catch (refused) {
      const { code, message } = asApiError(refused);
      if (code === 'aborted') return;
      const word = REFUSALS[code];
      setProblem({ title: t(`welcome.restore.upload.${word ?? 'failed'}`, { name }), text: code === 'connection' ? t('welcome.restore.upload.again') : message });
      onRefused();
    } finally {
      setSending(null);
    }
  };
  const cancel = useCallback(() => abort.current?.abort(), []);
  return { sending, problem, begin, cancel };
}
