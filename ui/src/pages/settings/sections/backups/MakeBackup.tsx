import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Dialog, Switch, TextField } from '@/components';
import { formatTime, useConnected, useSession } from '@/data';
import { Fields } from '../../parts/Rows';
import { useAct } from '../../parts/useAct';
import type { BackupConfig } from './types';

/** One now. The password for automatic ones is used, unless another is typed. */
export function MakeBackup({ automatic, onClose, onBegun }: { automatic: BackupConfig | undefined; onClose: () => void; onBegun: () => Promise<void> }) {
  const { t, i18n } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const { busy, error, act } = useAct(true);
  const [name, setName] = useState(() => t('backups.byHand', { date: formatTime(new Date(), i18n.language) }));
  const [history, setHistory] = useState(true);
  const [media, setMedia] = useState(false);
  const [password, setPassword] = useState(automatic?.create_backup.password ?? '');
  const make = async (event: FormEvent) => {
    event.preventDefault();
    const body = { name: name.trim() || null, include_database: history, media, password: password || null };
    if (!(await act(() => session.rest('/api/backups', { method: 'POST', body })))) return;
    void onBegun();
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={t('backups.make')} dismissable={false}>
      <form onSubmit={(event) => void make(event)} noValidate>
        <Fields>
          {error && <Banner kind="error">{error.message}</Banner>}
          <TextField label={t('backups.name')} value={name} onChange={setName} autoFocus />
          <Switch label={t('backups.history')} hint={t('backups.historyHint')} value={history} onChange={setHistory} />
          <Switch label={t('backups.media')} hint={t('backups.mediaHint')} value={media} onChange={setMedia} />
          <TextField label={t('backups.password')} hint={t('backups.passwordHint')} type="password" autoComplete="off" value={password} onChange={setPassword} />
          <Button kind="primary" type="submit" busy={busy} isDisabled={!connected}>
            {t('backups.make')}
          </Button>
        </Fields>
      </form>
    </Dialog>
  );
}
