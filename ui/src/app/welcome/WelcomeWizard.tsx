/** The first steps in a new home: the account of its owner, then what the server needs to know of the place. */

import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { TextField } from '@/components/fields';
import { asApiError, type HomeSession } from '@/data/session';
import { connect, createOwner, type OnboardingStep } from '../auth';
import styles from '../Entrance.module.css';
import { finishSteps } from './steps';

interface Props {
  steps: readonly OnboardingStep[];
  /** Of the owner, when the account was made before. */
  session: HomeSession | null;
  onDone: () => void;
}

export default function WelcomeWizard({ steps, session, onDone }: Props) {
  const { t, i18n } = useTranslation('app');
  const [values, setValues] = useState({ name: '', username: '', password: '', again: '' });
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (key: keyof typeof values) => (value: string) => setValues((before) => ({ ...before, [key]: value }));

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (values.password !== values.again) return setError(t('welcome.differ'));
    setBusy(true);
    setError(null);
    try {
      const auth = await createOwner(values.name.trim(), values.username.trim(), values.password, i18n.language);
      const made = await connect(auth, i18n.language);
      if (made) await finishSteps(made, steps);
      onDone();
    } catch (problem) {
      setError(asApiError(problem).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className={styles.place}>
      <div className={styles.panel}>
        <img src="/icons/logo.svg" width="64" height="64" alt="" className={styles.logo} />
        <h1>{t('welcome.title')}</h1>
        <p className={styles.lead}>{t('welcome.text')}</p>
        {error && <Banner kind="error">{error}</Banner>}
        {session ? (
          <Button kind="primary" onPress={() => void finishSteps(session, steps).then(onDone)}>
            {t('welcome.finish')}
          </Button>
        ) : (
          <form onSubmit={(event) => void send(event)} className={styles.form} noValidate>
            <TextField label={t('welcome.name')} value={values.name} onChange={set('name')} autoComplete="name" autoFocus required />
            <TextField label={t('login.fields.username')} value={values.username} onChange={set('username')} autoComplete="username" required />
            <TextField label={t('login.fields.password')} type="password" value={values.password} onChange={set('password')} autoComplete="new-password" required />
            <TextField label={t('welcome.again')} type="password" value={values.again} onChange={set('again')} autoComplete="new-password" required />
            <Button kind="primary" type="submit" busy={busy}>
              {t('welcome.create')}
            </Button>
          </form>
        )}
      </div>
    </main>
  );
}
