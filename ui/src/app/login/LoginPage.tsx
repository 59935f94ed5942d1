/** Logging in: a way in if there are several, the form that the server asks for, a second factor. */

import { type FormEvent, useCallback, useEffect, useState } from 'react';
import type { Auth } from 'home-assistant-js-websocket';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { Checkbox, Select, TextField } from '@/components/fields';
import { ApiError, asApiError } from '@/data/session';
import { formatTime } from '@/data/words';
import { answerLogin, beginLogin, type FlowStep, type Provider, tradeCode } from '../auth';
import styles from '../Entrance.module.css';
import { wasRestored } from './restored';

interface Props {
  providers: readonly Provider[];
  stay: boolean;
  /** Somebody has just logged out: nobody is let in again unasked. */
  left: boolean;
  onEntered: (auth: Auth) => Promise<void>;
}

const FIELDS: Record<string, { type: 'text' | 'password'; autoComplete: string; inputMode?: 'numeric' }> = {
  username: { type: 'text', autoComplete: 'username' },
  password: { type: 'password', autoComplete: 'current-password' },
  code: { type: 'text', autoComplete: 'one-time-code', inputMode: 'numeric' },
};

/** More users than this are chosen from a list. */
const FACES = 12;

/** Where nobody needs a password that way stands first; who has just left begins with the password. */
function usual(providers: readonly Provider[], left: boolean): Provider | undefined {
  const password = providers.find((each) => each.type === 'homeassistant');
  const network = providers.find((each) => each.type === 'trusted_networks');
  return (left ? (password ?? network) : (network ?? password)) ?? providers[0];
}

export default function LoginPage({ providers, stay: stayBefore, left, onEntered }: Props) {
  const { t, i18n } = useTranslation('app');
  const [provider, setProvider] = useState<Provider | undefined>(() => usual(providers, left));
  const [step, setStep] = useState<FlowStep | null>(null);
  const [values, setValues] = useState<Record<string, string>>({});
  const [stay, setStay] = useState(stayBefore);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const words = useCallback(
    (problem: unknown) => {
      const { code, message, body } = asApiError(problem);
      if (code === 'connection') return t('login.noAnswer');
      if (code !== '403') return message;
      if (message.includes('not active')) return t('login.inactive');
      if (message.includes('remotely')) return t('login.notFromHere');
      const wait = (body as { retryAfterS?: number | null } | undefined)?.retryAfterS;
      if (!wait) return t('login.banned');
      return t('login.blocked', { count: Math.ceil(wait / 60), time: formatTime(Date.now() + wait * 1000, i18n.language, 'time') });
    },
    [t, i18n.language],
  );

  const begin = useCallback(async () => {
    if (!provider) return;
    setStep(null);
    setValues({});
    try {
      const first = await beginLogin(provider);
      // From a trusted network where only one user is possible there is nothing to ask.
      if (first.type === 'create_entry' && first.result) await onEntered(await tradeCode(first.result, stayBefore));
      else if (first.type === 'abort') setError(t([`login.abort.${first.reason}`, 'login.abort.other'], { reason: first.reason }));
      else setStep(first);
    } catch (problem) {
      setError(words(problem));
    }
  }, [provider, words, onEntered, stayBefore, t]);

  useEffect(() => {
    document.title = 'Marge';
    // eslint-disable-next-line react-hooks/set-state-in-effect -- asks the server for the form
    void begin();
  }, [begin]);

  const send = async (event?: FormEvent, given = values) => {
    event?.preventDefault();
    if (!step || busy) return;
    setBusy(true);
    setError(null);
    try {
      let next: FlowStep;
      try {
        next = await answerLogin(step.flow_id, given);
      } catch (problem) {
        // The form was open for so long that the server has forgotten it: what was typed goes into a new one.
        if (!(problem instanceof ApiError) || problem.code !== '404' || !provider || step.step_id === 'mfa') throw problem;
        next = await answerLogin((await beginLogin(provider)).flow_id, given);
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
  const faces = step?.data_schema?.some((field) => field.name === 'user' && field.options && field.options.length <= FACES) === true;
  return (
    <main className={styles.place}>
      <div className={styles.panel}>
        <img src="/icons/logo.svg" width="64" height="64" alt="" className={styles.logo} />
        <h1>{t(second ? 'login.secondTitle' : 'login.title')}</h1>
        <p className={styles.lead}>{t(second ? 'login.secondText' : faces ? 'login.whoText' : 'login.text')}</p>
        {wasRestored() && (
          <Banner kind="ok" title={t('welcome.restore.done')}>
            {t('welcome.restore.loginNow')}
          </Banner>
        )}
        {error && <Banner kind="error">{error}</Banner>}
        <form onSubmit={(event) => void send(event)} className={styles.form} noValidate>
          {step?.data_schema?.map((field, index) => {
            const known = FIELDS[field.name];
            const label = t([`login.fields.${field.name}`, 'login.fields.other'], { name: field.name });
            if (field.options && field.name === 'user' && field.options.length <= FACES) {
              return (
                <ul key={field.name} className={styles.people} aria-label={label}>
                  {field.options.map(([id, name]) => (
                    <li key={id}>
                      <button type="button" className={styles.person} disabled={busy} onClick={() => void send(undefined, { user: id })}>
                        <span className={styles.face} aria-hidden="true">{name.trim().charAt(0).toUpperCase() || '?'}</span>
                        {name}
                      </button>
                    </li>
                  ))}
                </ul>
              );
            }
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
          {!faces && (
            <Button kind="primary" type="submit" busy={busy} isDisabled={!step}>
              {t(second ? 'login.confirm' : 'login.enter')}
            </Button>
          )}
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
