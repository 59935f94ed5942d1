/** Everything that is one's own: password, second factor, where one is logged in, tokens, looks. */

import { useState } from 'react';
import { mdiLogout } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { logOut } from '@/app/auth';
import { markLeft } from '@/app/login/left';
import { Banner, Button, ConfirmDialog, PageHeader } from '@/components';
import { useMe, useSession } from '@/data';
import { Formats } from './Formats';
import { Looks } from './Looks';
import { MeCard } from './Me';
import { PasswordCard } from './PasswordCard';
import styles from './Profile.module.css';
import { SecondFactor } from './SecondFactor';
import { Sessions } from './Sessions';
import { Tokens } from './Tokens';
import { useTokens } from './refreshTokens';

export default function ProfilePage() {
  const { t } = useTranslation('profile');
  const session = useSession();
  const { login } = useMe();
  const tokens = useTokens();
  const [leaving, setLeaving] = useState(false);
  const [busy, setBusy] = useState(false);

  // What stands in the page belongs to somebody who is not logged in any more: begin with an empty one.
  const leave = async (everywhere: boolean) => {
    setBusy(true);
    try {
      if (everywhere) await session.command('auth/delete_all_refresh_tokens', { token_type: 'normal', delete_current_token: false });
    } finally {
      markLeft();
      await logOut(session).finally(() => location.assign('/'));
    }
  };

  return (
    <div className={styles.page}>
      <PageHeader
        title={t('title')}
        actions={
          login && (
            <Button icon={mdiLogout} onPress={() => void leave(false)}>
              {t('logout')}
            </Button>
          )
        }
      />
      <MeCard />
      {!login && <Banner title={t('open.title')}>{t('open.text')}</Banner>}
      <Looks />
      <Formats />
      {login && (
        <>
          <PasswordCard />
          <SecondFactor />
          <Sessions tokens={tokens} onLeaveEverywhere={() => setLeaving(true)} />
          <Tokens tokens={tokens} />
        </>
      )}
      <ConfirmDialog
        open={leaving}
        title={t('everywhere.title')}
        text={t('everywhere.text')}
        confirm={t('everywhere.confirm')}
        danger
        busy={busy}
        onConfirm={() => void leave(true)}
        onClose={() => setLeaving(false)}
      />
    </div>
  );
}
