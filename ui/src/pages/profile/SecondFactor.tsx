/** A second factor: codes of an authenticator app. */

import { type FormEvent, useState } from 'react';
import { mdiShieldCheckOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, Card, Chip, ConfirmDialog, Dialog, TextField } from '@/components';
import { type User, useCommand, useConnected, useSession } from '@/data';
import { useAct } from '../settings/parts/useAct';
import { CopyText } from './CopyText';
import styles from './Profile.module.css';

interface SetUpStep {
  type: 'form' | 'create_entry' | 'abort';
  flow_id: string;
  reason?: string;
  errors?: Record<string, string>;
  description_placeholders?: { code: string; url: string; qr_code: string };
}

/** The server's drawing is meant to stand inside HTML; as a picture of its own it says what it is. */
export const pictureOf = (svg: string): string =>
  `data:image/svg+xml;utf8,${encodeURIComponent(svg.includes('xmlns=') ? svg : svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"'))}`;

export function SecondFactor() {
  const { t } = useTranslation('profile');
  const session = useSession();
  const connected = useConnected();
  const { data: user, reload } = useCommand<User>('auth/current_user');
  const [step, setStep] = useState<SetUpStep | null>(null);
  const [removing, setRemoving] = useState(false);
  const { busy, act } = useAct();
  const factor = (user ?? session.user).mfa_modules[0];
  if (!factor) return null;

  const begin = () => act(async () => setStep(await session.command<SetUpStep>('auth/setup_mfa', { mfa_module_id: factor.id })));
  const remove = async () => {
    if (await act(() => session.command('auth/depose_mfa', { mfa_module_id: factor.id }), t('factor.removed'))) reload();
    setRemoving(false);
  };
  return (
    <Card title={t('factor.title')} icon={mdiShieldCheckOutline} actions={factor.enabled && <Chip tone="ok">{t('factor.on')}</Chip>}>
      <p className={styles.text}>{t(factor.enabled ? 'factor.textOn' : 'factor.textOff')}</p>
      <div className={styles.row}>
        {factor.enabled ? (
          <Button isDisabled={!connected} onPress={() => setRemoving(true)}>
            {t('factor.remove')}
          </Button>
        ) : (
          <Button busy={busy} isDisabled={!connected} onPress={() => void begin()}>
            {t('factor.setUp')}
          </Button>
        )}
      </div>
      {step && (
        <SetUp
          first={step}
          onClose={(done) => {
            setStep(null);
            if (!done) return;
            toast.ok(t('factor.done'));
            reload();
          }}
        />
      )}
      <ConfirmDialog
        open={removing}
        title={t('factor.removeTitle')}
        text={t('factor.removeText')}
        confirm={t('factor.remove')}
        danger
        busy={busy}
        onConfirm={() => void remove()}
        onClose={() => setRemoving(false)}
      />
    </Card>
  );
}

function SetUp({ first, onClose }: { first: SetUpStep; onClose: (done: boolean) => void }) {
  const { t } = useTranslation('profile');
  const session = useSession();
  const connected = useConnected();
  const { busy, error, act } = useAct(true);
  const [step, setStep] = useState(first);
  const [code, setCode] = useState('');
  const shown = first.description_placeholders;
  const problem = step.errors ? Object.values(step.errors)[0] : undefined;
  const send = (event: FormEvent) => {
    event.preventDefault();
    void act(async () => {
      const next = await session.command<SetUpStep>('auth/setup_mfa', { flow_id: step.flow_id, user_input: { code } });
      if (next.type === 'create_entry') {
        onClose(true);
        return;
      }
      setStep(next);
      setCode('');
    });
  };
  return (
    <Dialog open onClose={() => onClose(false)} title={t('factor.title')} dismissable={false}>
      <form className={styles.steps} onSubmit={send} noValidate>
        <p>{t('factor.scan')}</p>
        {shown && (
          <div className={styles.qr}>
            <img src={pictureOf(shown.qr_code)} alt={t('factor.qr')} />
            <CopyText label={t('factor.secret')} text={shown.code} />
          </div>
        )}
        {step.type === 'abort' && <Banner kind="error">{step.reason}</Banner>}
        <TextField
          label={t('factor.code')}
          value={code}
          onChange={setCode}
          inputMode="numeric"
          autoComplete="one-time-code"
          error={problem ? t('factor.wrong') : error ? error.message : null}
          autoFocus
        />
        <Button kind="primary" type="submit" busy={busy} isDisabled={!connected || code.replaceAll(' ', '').length < 6}>
          {t('factor.finish')}
        </Button>
      </form>
    </Dialog>
  );
}
