/** Logging in: a way in if there are several, the form that the server asks for, a second factor. */

import { type FormEvent, useCallback, useEffect, useState } from 'react';
import type { Auth } from 'home-assistant-js-websocket';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { Checkbox, Select, TextField } from '@/components/fields';
import { ApiError, asApiError } from '@/data/session';
import { answerLogin, beginLogin, type FlowStep, type Provider, tradeCode } from '../auth';
import styles from '../Entrance.module.css';

interface Props {
  providers: readonly Provider[];
  stay: boolean;
  onEntered: (auth: Auth) => Promise<void>;
}

const FIELDS: Record<string, { type: 'text' | 'password'; autoComplete: string; inputMode?: 'numeric' }> = {
  username: { type: 'text', autoComplete: 'username' },
  password: { type: 'password', autoComplete: 'current-password' },
  code: { type: 'text', autoComplete: 'one-time-code', inputMode: 'numeric' },
};

export default function LoginPage({ providers, stay: stayBefore, onEntered }: Props) {
  const { t } = useTranslation('app');
  const [provider, setProvider] = useState<Provider | undefined>(() => providers.find((each) => each.type === 'homeassistant') ?? providers[0]);
  const [step, setStep] = useState<FlowStep | null>(null);
  const [values, setValues] = useState<Record<string, string>>({});
  const [stay, setStay] = useState(stayBefore);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const words = useCallback(
    (problem: unknown) => {
      const { code, message } = asApiError(problem);
      if (code === 'connection') return t('login.noAnswer');
      return code === '403' ? t('login.blocked') : message;
    },
    [t],
  );

  const begin = useCallback(async () => {
    if (!provider) return;
    setStep(null);
    setValues({});
    try {
      setStep(await beginLogin(provider));
    } catch (problem) {
      setError(words(problem));
    }
  }, [provider, words]);

  useEffect(() => {
    document.title = 'Marge';
    // eslint-disable-next-line react-hooks/set-state-in-effect -- asks the server for the form
    void begin();
  }, [begin]);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!step || busy) return;
    setBusy(true);
    setError(null);
    try {
      let next: FlowStep;
      try {
        next = await answerLogin(step.flow_id, values);
      } catch (problem) {
        // The form was open for so long that the server has forgotten it: what was typed goes into a new one.
        if (!(problem instanceof ApiError) || problem.code !== '404' || !provider || step.step_id === 'mfa') throw problem;
        next = await answerLogin((await beginLogin(provider)).flow_id, values);
      }
      if (next.type === 'create_entry' && next.result) {
        await onEntered(await tradeCode(next.result, stay));
        return;
      }
      if (next.type === 'abort') {
        setError(t([`login.abort.${next.reason}`, 'login.abort.other'], { reason: next.reason }));
        await begin();
        return;
      }
      const problem = Object.values(next.errors ?? {})[0];
      if (problem) {
        setError(t([`login.errors.${problem}`, 'login.errors.other'], { problem }));
        setValues(next.step_id === step.step_id ? { ...values, ...(step.step_id === 'mfa' ? { code: '' } : { password: '' }) } : {});
      } else {
        setValues({});
      }
      setStep(next);
    } catch (problem) {
      setError(words(problem));
      if (!(problem instanceof ApiError) || problem.code !== 'connection') await begin();
    } finally {
      setBusy(false);
    }
  };

  const second = step?.step_id === 'mfa';
  return (
    <main className={styles.place}>
      <div className={styles.panel}>
        <img src="/icons/logo.svg" width="64" height="64" alt="" className={styles.logo} />
        <h1>{t(second ? 'login.secondTitle' : 'login.title')}</h1>
        <p className={styles.lead}>{t(second ? 'login.secondText' : 'login.text')}</p>
        {error && <Banner kind="error">{error}</Banner>}
        <form onSubmit={(event) => void send(event)} className={styles.form} noValidate>
          {step?.data_schema?.map((field, index) => {
            const known = FIELDS[field.name];
            const label = t([`login.fields.${field.name}`, 'login.fields.other'], { name: field.name });
            if (field.options) {
              return (
                <Select
                  key={field.name}
                  label={label}
                  options={field.options.map(([value, name]) => ({ value, label: name }))}
                  value={values[field.name] ?? null}
                  onChange={(value) => setValues({ ...values, [field.name]: value })}
                />
              );
            }
            return (
              <TextField
                key={`${step.step_id} ${field.name}`}
                label={label}
                name={field.name}
                value={values[field.name] ?? ''}
                onChange={(value) => setValues({ ...values, [field.name]: value })}
                type={known?.type ?? 'text'}
                {...(known ? { autoComplete: known.autoComplete } : {})}
                {...(known?.inputMode ? { inputMode: known.inputMode } : {})}
                autoFocus={index === 0}
              />
            );
          })}
          {!second && <Checkbox label={t('login.stay')} hint={t('login.stayHint')} value={stay} onChange={setStay} />}
          <Button kind="primary" type="submit" busy={busy} isDisabled={!step}>
            {t(second ? 'login.confirm' : 'login.enter')}
          </Button>
          {second && <Button kind="ghost" onPress={() => void begin()}>{t('login.again')}</Button>}
        </form>
        {!second && providers.length > 1 && (
          <div className={styles.other}>
            <p>{t('login.otherWays')}</p>
            {providers
              .filter((each) => each !== provider)
              .map((each) => (
                <Button key={`${each.type} ${each.id}`} onPress={() => { setError(null); setProvider(each); }}>
                  {t([`login.providers.${each.type}`, 'login.providers.other'], { name: each.name })}
                </Button>
              ))}
          </div>
        )}
      </div>
    </main>
  );
}
