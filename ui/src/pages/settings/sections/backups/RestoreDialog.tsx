/** Putting a backup back: what will happen, a check of the whole file, then the restart into it. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Dialog, Spinner, Switch, TextField } from '@/components';
import { formatNumber, formatTime, useConnected, useSession } from '@/data';
import { Fields, ProgressBar } from '../../parts/Rows';
import { useAct } from '../../parts/useAct';
import { useReloadAfterRestart } from '../../parts/useReloadAfterRestart';
import { formatBytes } from '../../parts/words';
import styles from './Backups.module.css';
import { type Backup, isProtected } from './types';
import type { Work } from './useWork';

interface Checked {
  files: number;
  database: boolean;
  bytes: number;
}

export function RestoreDialog({ backup, work, onClose }: { backup: Backup; work: Work; onClose: () => void }) {
  const { t, i18n } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const { busy, error, clear, act } = useAct(true);
  const [password, setPassword] = useState('');
  const [history, setHistory] = useState(true);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [begun, setBegun] = useState(false);
  useReloadAfterRestart(begun);

  const path = `/api/backups/${backup.backup_id}`;
  const check = () => act(async () => setChecked(await session.rest<Checked>(`${path}/verify`, { method: 'POST', body: { password: password || null } })));
  const restore = async () => {
    const body = { password: password || null, restore_database: backup.database_included && history };
    if (await act(() => session.rest(`${path}/restore`, { method: 'POST', body }))) setBegun(true);
  };
  const date = formatTime(Date.parse(backup.date), i18n.language);

  if (begun) {
    return (
      <Dialog open onClose={onClose} title={t('backups.restore.title')} dismissable={false}>
        <div className={styles.stack} role="status">
          <Spinner label={t('restart.waiting')} />
          <p>{t('backups.restore.waiting')}</p>
          <p className={styles.text}>{t('backups.restore.again')}</p>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('backups.restore.title')}
      dismissable={false}
      footer={
        <>
          <Button onPress={onClose}>{t('cancel')}</Button>
          {checked ? (
            <Button kind="danger" busy={busy} isDisabled={!connected} onPress={() => void restore()}>
              {t('backups.restore.now')}
            </Button>
          ) : (
            <Button kind="primary" busy={busy} isDisabled={!connected || (isProtected(backup) && !password)} onPress={() => void check()}>
              {t('backups.restore.check')}
            </Button>
          )}
        </>
      }
    >
      <Fields>
        {error && (
          <Banner kind="error" title={t('backups.restore.failed')}>
            {error.message}
          </Banner>
        )}
        {checked && !error && (
          <Banner kind="ok" title={t('backups.restore.whole')}>
            {t('backups.restore.wholeText', { files: formatNumber(checked.files, i18n.language), size: formatBytes(checked.bytes, i18n.language) })}
          </Banner>
        )}
        <p>{t('backups.restore.what', { date })}</p>
        <ul className={styles.what}>
          <li>{t('backups.restore.lost')}</li>
          <li>{t('backups.restore.restarts')}</li>
          <li>{t('backups.restore.users')}</li>
          <li>{t('backups.restore.kept')}</li>
        </ul>
        {backup.database_included && <Switch label={t('backups.restore.history')} hint={t('backups.restore.historyHint')} value={history} onChange={setHistory} />}
        {isProtected(backup) && (
          <TextField
            label={t('backups.restore.password')}
            hint={t('backups.restore.passwordHint')}
            type="password"
            autoComplete="off"
            value={password}
            disabled={busy}
            onChange={(value) => {
              setPassword(value);
              setChecked(null);
              clear();
            }}
            autoFocus
          />
        )}
        {busy && <ProgressBar label={t('backups.restore.title')} percent={work.busy ? (work.status?.percent ?? null) : null} />}
      </Fields>
    </Dialog>
  );
}
