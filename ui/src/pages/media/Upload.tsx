/** Files are put into a folder: chosen, or dropped here. */

import { type DragEvent, useRef, useState } from 'react';
import { mdiUpload } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button } from '@/components';
import { type MediaFolder, MOST_BYTES, refusalOf } from '@/components/media/browse';
import { ApiError, asApiError, formatNumber, useConnected, useSession } from '@/data';
import styles from './Media.module.css';

export function Upload({ folder, onDone }: { folder: MediaFolder; onDone: () => void }) {
  const { t, i18n } = useTranslation('media');
  const session = useSession();
  const connected = useConnected();
  const input = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<{ done: number; of: number } | null>(null);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [over, setOver] = useState(false);
  const most = `${formatNumber(Math.floor(MOST_BYTES / 2 ** 20), i18n.language)} MB`;

  const sendOne = async (file: File): Promise<string | null> => {
    const refusal = refusalOf(file);
    if (refusal) return t(`refused.${refusal}`, { name: file.name, most });
    const body = new FormData();
    body.append('media_content_id', folder.media_content_id);
    body.append('file', file);
    try {
      await session.rest('/api/media_source/local_source/upload', { method: 'POST', body });
      return null;
    } catch (error) {
      const said = asApiError(error);
      // The server says no more than that it was refused.
      return t(said instanceof ApiError && said.code === '413' ? 'refused.size' : 'refused.server', { name: file.name, most, reason: said.message });
    }
  };
  const send = async (files: readonly File[]) => {
    if (files.length === 0 || state) return;
    const found: string[] = [];
    for (const [index, file] of files.entries()) {
      setState({ done: index, of: files.length });
      const problem = await sendOne(file);
      if (problem) found.push(problem);
    }
    setState(null);
    setProblems(found);
    if (input.current) input.current.value = '';
    if (found.length < files.length) {
      toast.ok(t('uploaded', { count: files.length - found.length }));
      onDone();
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (connected) void send([...event.dataTransfer.files]);
  };
  return (
    <div
      className={`${styles.upload} ${over ? styles.over : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input ref={input} type="file" multiple accept="image/*,audio/*,video/*" className="visually-hidden" tabIndex={-1} aria-label={t('choose')} onChange={(event) => void send([...(event.target.files ?? [])])} />
      <div className={styles.line}>
        <Button icon={mdiUpload} busy={state !== null} isDisabled={!connected} onPress={() => input.current?.click()}>
          {t('upload')}
        </Button>
        <span className={styles.hint} role="status">
          {state ? t('sending', { number: state.done + 1, count: state.of }) : t('hint', { most })}
        </span>
      </div>
      {problems.length > 0 && (
        <Banner kind="error" title={t('notTaken')}>
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Banner>
      )}
    </div>
  );
}
