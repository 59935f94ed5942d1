/** The other way into a new home: it becomes one that was backed up. */

import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiError, asApiError } from '@/data/session';
import { formatTime } from '@/data/words';
import { type BackupHere, backupsHere, type Refusal } from './api';
import { ChooseBackup } from './ChooseBackup';
import { ConfirmRestore, type Refused } from './ConfirmRestore';
import { RestoreWork } from './RestoreWork';
import type { Restore } from './useRestore';
import { useUpload } from './useUpload';

interface Props {
  restore: Restore;
  /** The id of the backup that was asked for already. */
  wanted: string | null;
  onBack: () => void;
}

/** While the server is still being set up. */
const AGAIN_MS = 2000;

export function RestoreStep({ restore, wanted, onBack }: Props) {
  const { t, i18n } = useTranslation('app');
  const { work, begin, look } = restore;
  const [backups, setBackups] = useState<readonly BackupHere[] | null>(null);
  const [unread, setUnread] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(wanted);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Refused | null>(null);
  const [round, setRound] = useState(0);

  useEffect(() => {
    let here = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    backupsHere().then(
      (found) => {
        if (!here) return;
        setUnread(null);
        setBackups(found);
      },
      (failure) => {
        if (!here) return;
        const { code, message } = asApiError(failure);
        if (code === '401') void look();
        else if (code === '503') timer = setTimeout(() => setRound((before) => before + 1), AGAIN_MS);
        else setUnread(code === 'connection' ? t('login.noAnswer') : message);
      },
    );
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [round, look, t]);
  const again = useCallback(() => setRound((before) => before + 1), []);

  const choose = (id: string | null) => {
    setChosen(id);
    setPassword('');
    setProblem(null);
  };
  const upload = useUpload(
    (id) => {
      choose(id);
      again();
    },
    () => void look(),
  );

  const words = ({ code, message, body }: ApiError): Refused => {
    if (code === 'incorrect_password') return { title: t('welcome.restore.wrongPassword'), password: true };
    const wait = (body as Refusal | undefined)?.retryAfterS;
    if (code === '403' && wait) return { title: t('login.blocked', { count: Math.ceil(wait / 60), time: formatTime(Date.now() + wait * 1000, i18n.language, 'time') }) };
    return { title: t('welcome.restore.failed'), text: message };
  };
  const send = async (backup: BackupHere) => {
    setProblem(null);
    try {
      await begin(backup.backup_id, password);
    } catch (refused) {
      setProblem(words(asApiError(refused)));
    }
  };

  const backup = backups?.find((each) => each.backup_id === chosen);
  if (work.is === 'restarting' || (work.is === 'preparing' && !backup)) return <RestoreWork work={work} />;
  if (backup) {
    // What the server says of the last restore is what was said here, unless it failed after the restart.
    const failed: Refused | null = work.is === 'failed' ? { title: t('welcome.restore.failed'), text: work.problem ?? t('welcome.restore.interrupted') } : null;
    return (
      <ConfirmRestore
        backup={backup}
        password={password}
        onPassword={(value) => {
          setPassword(value);
          setProblem(null);
        }}
        problem={problem ?? failed}
        work={work}
        onRestore={() => void send(backup)}
        onBack={() => choose(null)}
      />
    );
  }
  return <ChooseBackup backups={backups} problem={unread} onAgain={again} upload={upload} onChoose={({ backup_id: id }) => choose(id)} onBack={onBack} />;
}
