import { type FormEvent, useEffect, useState } from 'react';
import { mdiBackupRestore } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { TextField } from '@/components/fields';
import { asApiError, type HomeSession } from '@/data/session';
import { connect, createOwner } from '../auth';
import styles from '../Entrance.module.css';
import { LostHomeBanner } from './LostHomeBanner';
import type { Work } from './restore/work';

interface Props {
  onMade: (session: HomeSession) => void;
  /** Somebody else was quicker: there is an owner now. */
  onTaken: () => void;
  /** The home shall become one that was backed up; `backupId`: this one. */
  onRestore: (backupId: string | null) => void;
  restored: Work;
}

type Field = 'name' | 'username' | 'password' | 'again';

/** A user name out of a name, as a suggestion. */
const suggestion = (name: string) => name.trim().split(/\s+/)[0]?.normalize('NFKD').replace(/[^\p{L}\p{N}]/gu, '').toLowerCase() ?? '';

export function AccountStep({ onMade, onTaken, onRestore, restored }: Props) {
  const { t, i18n } = useTranslation('app');
  const [values, setValues] = useState<Record<Field, string>>({ name: '', username: '', password: '', again: '' });
  const [errors, setErrors] = useState<Partial<Record<Field, string>>>({});
  const [own, setOwn] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = 'Marge';
  }, []);

  const set = (key: Field) => (value: string) => {
    setErrors((before) => ({ ...before, [key]: undefined }));
    setValues((before) => ({ ...before, [key]: value, ...(key === 'name' && !own ? { username: suggestion(value) } : {}) }));
  };

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const wrong: Partial<Record<Field, string>> = {};
    for (const key of ['name', 'username', 'password'] as const) if (!values[key].trim()) wrong[key] = t('welcome.missing');
    if (!wrong.password && values.password !== values.again) wrong.again = t('welcome.differ');
    setErrors(wrong);
    if (Object.values(wrong).some(Boolean)) return;
    setBusy(true);
    setProblem(null);
    try {
      const auth = await createOwner(values.name.trim(), values.username.trim(), values.password, i18n.language);
      const session = await connect(auth, i18n.language);
      if (session) onMade(session);
      else onTaken();
    } catch (error) {
      const { code, message } = asApiError(error);
      if (code === '403') onTaken();
      setProblem(code === 'connection' ? t('login.noAnswer') : message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <h1>{t('welcome.title')}</h1>
      {restored.is === 'failed' && (
        <Banner kind="error" title={t('welcome.restore.failed')}>
          {restored.problem ?? t('welcome.restore.interrupted')}
        </Banner>
      )}
      {restored.is === 'empty' && (
        <Banner kind="ok" title={t('welcome.restore.done')}>
          {t('welcome.restore.empty')}
        </Banner>
      )}
      <LostHomeBanner onRestore={onRestore} />
      <p className={styles.lead}>{t('welcome.text')}</p>
      {problem && <Banner kind="error">{problem}</Banner>}
      <form onSubmit={(event) => void send(event)} className={styles.form} noValidate>
        <div className={styles.two}>
          <TextField label={t('welcome.name')} value={values.name} onChange={set('name')} error={errors.name} autoComplete="name" autoFocus required />
          <TextField
            label={t('login.fields.username')}
            value={values.username}
            onChange={(value) => {
              setOwn(true);
              set('username')(value);
            }}
            error={errors.username}
            autoComplete="username"
            required
          />
        </div>
        <div className={styles.two}>
          <TextField label={t('login.fields.password')} type="password" value={values.password} onChange={set('password')} error={errors.password} autoComplete="new-password" required />
          <TextField label={t('welcome.again')} type="password" value={values.again} onChange={set('again')} error={errors.again} autoComplete="new-password" required />
        </div>
        <Button kind="primary" type="submit" busy={busy}>
          {t('welcome.create')}
        </Button>
      </form>
      <div className={styles.other}>
        <p>{t('welcome.restore.offer')}</p>
        <Button icon={mdiBackupRestore} onPress={() => onRestore(null)}>
          {t('welcome.restore.title')}
        </Button>
      </div>
    </>
  );
}
