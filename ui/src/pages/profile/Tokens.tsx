import { type FormEvent, useState } from 'react';
import { mdiDeleteOutline, mdiKeyOutline, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Card, ConfirmDialog, Dialog, IconButton, RelativeTime, Select, TextField } from '@/components';
import { type Answer, useConnected, useSession } from '@/data';
import { Loaded } from '../settings/parts/Loaded';
import { Fields, Row, Rows } from '../settings/parts/Rows';
import { useAct } from '../settings/parts/useAct';
import { CopyText } from './CopyText';
import styles from './Profile.module.css';
import { ofKind, type RefreshToken } from './refreshTokens';

const LIVES = ['90', '365', '3650'];

/** Tokens for scripts and other programs. */
export function Tokens({ tokens }: { tokens: Answer<RefreshToken[]> }) {
  const { t } = useTranslation('profile');
  const session = useSession();
  const connected = useConnected();
  const { busy, act } = useAct();
  const [making, setMaking] = useState(false);
  const [removing, setRemoving] = useState<RefreshToken | null>(null);
  const remove = async () => {
    if (!removing) return;
    await act(() => session.command('auth/delete_refresh_token', { refresh_token_id: removing.id }), t('tokens.removed'));
    setRemoving(null);
    tokens.reload();
  };
  return (
    <Card
      title={t('tokens.title')}
      actions={
        <Button small icon={mdiPlus} isDisabled={!connected} onPress={() => setMaking(true)}>
          {t('tokens.make')}
        </Button>
      }
    >
      <p className={styles.text}>{t('tokens.text')}</p>
      <Loaded answer={tokens}>
        {(all) => {
          const mine = ofKind(all, 'long_lived_access_token');
          if (mine.length === 0) return <p>{t('tokens.none')}</p>;
          return (
            <Rows label={t('tokens.title')}>
              {mine.map((token) => (
                <Row
                  key={token.id}
                  icon={mdiKeyOutline}
                  title={token.client_name ?? token.id}
                  text={
                    <>
                      {t('tokens.created')} <RelativeTime at={token.created_at} /> · {t('tokens.used')} <RelativeTime at={token.last_used_at} />
                    </>
                  }
                  actions={<IconButton label={t('tokens.remove', { name: token.client_name })} icon={mdiDeleteOutline} isDisabled={!connected} onPress={() => setRemoving(token)} />}
                />
              ))}
            </Rows>
          );
        }}
      </Loaded>
      {making && (
        <MakeToken
          onClose={() => {
            setMaking(false);
            tokens.reload();
          }}
        />
      )}
      <ConfirmDialog
        open={removing !== null}
        title={t('tokens.removeTitle', { name: removing?.client_name ?? '' })}
        text={t('tokens.removeText')}
        confirm={t('tokens.removeConfirm')}
        danger
        busy={busy}
        onConfirm={() => void remove()}
        onClose={() => setRemoving(null)}
      />
    </Card>
  );
}

function MakeToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('profile');
  const session = useSession();
  const connected = useConnected();
  const { busy, error, act } = useAct(true);
  const [name, setName] = useState('');
  const [days, setDays] = useState('3650');
  const [secret, setSecret] = useState<string | null>(null);
  const make = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    void act(async () => setSecret(await session.command<string>('auth/long_lived_access_token', { client_name: name.trim(), lifespan: Number(days) })));
  };
  return (
    <Dialog open onClose={onClose} title={t('tokens.make')} dismissable={false} footer={secret && <Button kind="primary" onPress={onClose}>{t('tokens.kept')}</Button>}>
      {secret ? (
        <Fields>
          <Banner kind="warn">{t('tokens.once')}</Banner>
          <CopyText label={t('tokens.secret')} text={secret} />
        </Fields>
      ) : (
        <form onSubmit={make} noValidate>
          <Fields>
            <TextField label={t('tokens.name')} hint={t('tokens.nameHint')} value={name} onChange={setName} error={error?.message} autoFocus />
            <Select label={t('tokens.life')} options={LIVES.map((value) => ({ value, label: t(`tokens.lives.${value}`) }))} value={days} onChange={setDays} />
            <Button kind="primary" type="submit" busy={busy} isDisabled={!connected || !name.trim()}>
              {t('tokens.make')}
            </Button>
          </Fields>
        </form>
      )}
    </Dialog>
  );
}
