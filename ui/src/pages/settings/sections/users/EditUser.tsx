import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button, ConfirmDialog, Dialog, Select, Switch, TextField } from '@/components';
import { useConnected, useSession, useUser } from '@/data';
import { Fields } from '../../parts/Rows';
import { useAct } from '../../parts/useAct';
import { type HomeUser, roleOf, ROLES } from './types';
import styles from './Users.module.css';

interface Props {
  /** Undefined: somebody else has removed them meanwhile. */
  user: HomeUser | undefined;
  onClose: () => void;
  onDone: () => void;
}

export function EditUser({ user, onClose, onDone }: Props) {
  const { t } = useTranslation('settings');
  if (user) return <Form user={user} onClose={onClose} onDone={onDone} />;
  return (
    <Dialog open onClose={onClose} title={t('users.title')} size="small">
      <Banner kind="warn">{t('users.gone')}</Banner>
    </Dialog>
  );
}

function Form({ user, onClose, onDone }: Props & { user: HomeUser }) {
  const { t } = useTranslation('settings');
  const session = useSession();
  const me = useUser();
  const connected = useConnected();
  const { busy, error, act } = useAct(true);
  const [name, setName] = useState(user.name);
  const [role, setRole] = useState(roleOf(user));
  const [active, setActive] = useState(user.is_active);
  const [localOnly, setLocalOnly] = useState(user.local_only);
  const [username, setUsername] = useState(user.username ?? '');
  const [password, setPassword] = useState('');
  const [removing, setRemoving] = useState(false);
  const isMe = user.id === me.id;
  const mayRename = me.is_owner || !user.username;

  const save = async () => {
    const provider = 'config/auth_provider/homeassistant';
    const worked = await act(async () => {
      const changes: Record<string, unknown> = {};
      if (name.trim() !== user.name) changes.name = name.trim();
      if (!user.is_owner && role !== roleOf(user)) changes.group_ids = [role];
      if (active !== user.is_active) changes.is_active = active;
      if (localOnly !== user.local_only) changes.local_only = localOnly;
      if (Object.keys(changes).length) await session.command('config/auth/update', { user_id: user.id, ...changes });
      if (!user.username) {
        if (username.trim() && password) await session.command(`${provider}/create`, { user_id: user.id, username: username.trim(), password });
        return;
      }
      if (username.trim() !== user.username) await session.command(`${provider}/admin_change_username`, { user_id: user.id, username: username.trim() });
      if (password) await session.command(`${provider}/admin_change_password`, { user_id: user.id, password });
    }, t('saved'));
    onDone();
    if (worked) onClose();
  };
  const remove = async () => {
    const worked = await act(() => session.command('config/auth/delete', { user_id: user.id }), t('users.removed', { name: user.name }));
    setRemoving(false);
    onDone();
    if (worked) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={user.name}
      dismissable={false}
      footer={
        <>
          {!user.is_owner && !isMe && (
            <Button kind="ghost" className={styles.remove} isDisabled={!connected} onPress={() => setRemoving(true)}>
              {t('users.remove')}
            </Button>
          )}
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" busy={busy} isDisabled={!connected || !name.trim()} onPress={() => void save()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <Fields>
        {error && <Banner kind="error">{error.message}</Banner>}
        <TextField label={t('users.name')} value={name} onChange={setName} autoComplete="off" />
        {user.is_owner ? (
          <Banner>{t('users.ownerText')}</Banner>
        ) : (
          <Select
            label={t('users.role')}
            options={ROLES.map((value) => ({ value, label: t(`users.roles.${value}`), text: t(`users.roleHints.${value}`) }))}
            value={role === 'none' ? null : role}
            onChange={setRole}
          />
        )}
        {!user.is_owner && !isMe && <Switch label={t('users.active')} hint={t('users.activeHint')} value={active} onChange={setActive} />}
        <Switch label={t('users.localOnly')} hint={t('users.localOnlyHint')} value={localOnly} onChange={setLocalOnly} />
        <TextField label={t('users.username')} value={username} onChange={setUsername} disabled={!mayRename} hint={mayRename ? undefined : t('users.ownerMay')} autoComplete="off" />
        {mayRename && (
          <TextField
            label={t('users.newPassword')}
            hint={user.username ? t('users.newPasswordHint') : t('users.noLoginHint')}
            type="password"
            autoComplete="new-password"
            value={password}
            onChange={setPassword}
          />
        )}
      </Fields>
      <ConfirmDialog
        open={removing}
        title={t('users.removeTitle', { name: user.name })}
        text={t('users.removeText')}
        confirm={t('users.remove')}
        danger
        busy={busy}
        onConfirm={() => void remove()}
        onClose={() => setRemoving(false)}
      />
    </Dialog>
  );
}
