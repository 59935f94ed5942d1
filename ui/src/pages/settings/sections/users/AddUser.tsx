import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Dialog, Select, Switch, TextField } from '@/components';
import { useConnected, useSession } from '@/data';
import { Fields } from '../../parts/Rows';
import { useAct } from '../../parts/useAct';
import { type HomeUser, ROLES } from './types';

/** A new user with a log-in, and a person of the same name. Half a user does not stay behind. */
export function AddUser({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const { busy, error, act } = useAct(true);
  const [name, setName] = useState('');
  const [typedUsername, setUsername] = useState<string | null>(null);
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<string>('system-users');
  const [localOnly, setLocalOnly] = useState(false);
  const [asPerson, setAsPerson] = useState(true);
  const username = typedUsername ?? name.trim().toLowerCase().replace(/\s+/g, '.');
  const ready = Boolean(name.trim() && username.trim() && password);

  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const worked = await act(async () => {
      const { user } = await session.command<{ user: HomeUser }>('config/auth/create', { name: name.trim(), group_ids: [role], local_only: localOnly });
      try {
        await session.command('config/auth_provider/homeassistant/create', { user_id: user.id, username: username.trim(), password });
      } catch (problem) {
        await session.command('config/auth/delete', { user_id: user.id });
        throw problem;
      }
      if (asPerson) await session.command('person/create', { name: name.trim(), user_id: user.id });
    }, t('users.added', { name: name.trim() }));
    onDone();
    if (worked) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={t('users.add')} dismissable={false}>
      <form onSubmit={(event) => void make(event)} noValidate>
        <Fields>
          {error && <Banner kind="error">{error.message}</Banner>}
          <TextField label={t('users.name')} value={name} onChange={setName} autoComplete="off" autoFocus />
          <TextField label={t('users.username')} hint={t('users.usernameHint')} value={username} onChange={setUsername} autoComplete="off" />
          <TextField label={t('users.password')} hint={t('users.passwordHint')} type="password" autoComplete="new-password" value={password} onChange={setPassword} />
          <Select
            label={t('users.role')}
            options={ROLES.map((value) => ({ value, label: t(`users.roles.${value}`), text: t(`users.roleHints.${value}`) }))}
            value={role}
            onChange={setRole}
          />
          <Switch label={t('users.localOnly')} hint={t('users.localOnlyHint')} value={localOnly} onChange={setLocalOnly} />
          <Switch label={t('users.asPerson')} hint={t('users.asPersonHint')} value={asPerson} onChange={setAsPerson} />
          <Button kind="primary" type="submit" busy={busy} isDisabled={!connected || !ready}>
            {t('users.add')}
          </Button>
        </Fields>
      </form>
    </Dialog>
  );
}
