import { mdiCellphoneLink, mdiDeleteOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Card, Chip, IconButton, RelativeTime } from '@/components';
import { type Answer, useConnected, useSession } from '@/data';
import { Loaded } from '../settings/parts/Loaded';
import { Row, Rows } from '../settings/parts/Rows';
import { useAct } from '../settings/parts/useAct';
import { hostOf } from '../settings/parts/words';
import styles from './Profile.module.css';
import { ofKind, type RefreshToken } from './refreshTokens';

/** Where one is logged in. */
export function Sessions({ tokens, onLeaveEverywhere }: { tokens: Answer<RefreshToken[]>; onLeaveEverywhere: () => void }) {
  const { t } = useTranslation('profile');
  const session = useSession();
  const connected = useConnected();
  const { busy, act } = useAct();
  const revoke = async (token: RefreshToken) => {
    await act(() => session.command('auth/delete_refresh_token', { refresh_token_id: token.id }), t('sessions.revoked'));
    tokens.reload();
  };
  const revokeOthers = async () => {
    const all = () => session.command('auth/delete_all_refresh_tokens', { token_type: 'normal', delete_current_token: false });
    await act(all, t('sessions.othersRevoked'));
    tokens.reload();
  };
  return (
    <Card title={t('sessions.title')}>
      <p className={styles.text}>{t('sessions.text')}</p>
      <Loaded answer={tokens}>
        {(all) => {
          const mine = ofKind(all, 'normal');
          return (
            <>
              <Rows label={t('sessions.title')}>
                {mine.map((token) => (
                  <Row
                    key={token.id}
                    icon={mdiCellphoneLink}
                    title={token.client_name ?? (hostOf(token.client_id) || t('sessions.unnamed'))}
                    chips={token.is_current && <Chip tone="ok">{t('sessions.here')}</Chip>}
                    text={
                      <>
                        {t('sessions.used')} <RelativeTime at={token.last_used_at} />
                        {token.last_used_ip ? ` · ${token.last_used_ip}` : ''}
                      </>
                    }
                    actions={!token.is_current && <IconButton label={t('sessions.revoke')} icon={mdiDeleteOutline} isDisabled={!connected} onPress={() => void revoke(token)} />}
                  />
                ))}
              </Rows>
              <div className={styles.end}>
                <Button busy={busy} isDisabled={!connected || !mine.some((token) => !token.is_current)} onPress={() => void revokeOthers()}>
                  {t('sessions.revokeOthers')}
                </Button>
                <Button kind="ghost" isDisabled={!connected} onPress={onLeaveEverywhere}>
                  {t('sessions.everywhere')}
                </Button>
              </div>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
