import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Card, TextField } from '@/components';
import { useConnected, useSession, useUser } from '@/data';
import { useAct } from '../settings/parts/useAct';
import styles from './Profile.module.css';

/** Below this a password can be guessed in an evening; a hint, not a rule. */
const SHORT = 8;

export function PasswordCard() {
  const { t } = useTranslation('profile');
  const session = useSession();
  const user = useUser();
  const connected = useConnected();
  const { busy, error, clear, act } = useAct(true);
  const [open, setOpen] = useState(false);
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  if (!user.credentials.some((each) => each.auth_provider_type === 'homeassistant')) return null;

  const close = () => {
    setOpen(false);
    setOld('');
    setFresh('');
    setAgain('');
    clear();
  };
  const differ = again !== '' && again !== fresh;
  const wrong = error?.code === 'invalid_current_password';
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!old || !fresh || again !== fresh) return;
    const change = () => session.command('config/auth_provider/homeassistant/change_password', { current_password: old, new_password: fresh });
    if (await act(change, t('password.done'))) close();
  };
  return (
    <Card title={t('password.title')}>
      {open ? (
        <form className={styles.form} onSubmit={(event) => void send(event)} noValidate>
          <TextField label={t('password.old')} type="password" autoComplete="current-password" value={old} onChange={setOld} error={wrong ? t('password.wrong') : null} autoFocus />
          <TextField label={t('password.new')} type="password" autoComplete="new-password" value={fresh} onChange={setFresh} hint={fresh && fresh.length < SHORT ? t('password.short') : t('password.hint')} />
          <TextField label={t('password.again')} type="password" autoComplete="new-password" value={again} onChange={setAgain} error={differ ? t('password.differ') : error && !wrong ? error.message : null} />
          <div className={styles.row}>
            <Button kind="primary" type="submit" busy={busy} isDisabled={!connected || !old || !fresh || again !== fresh}>
              {t('password.save')}
            </Button>
            <Button onPress={close}>{t('cancel')}</Button>
          </div>
        </form>
      ) : (
        <div className={styles.row}>
          <Button onPress={() => setOpen(true)}>{t('password.change')}</Button>
        </div>
      )}
    </Card>
  );
}
