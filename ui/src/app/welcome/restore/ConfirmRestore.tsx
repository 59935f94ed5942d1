/** What will happen, the password, and yes. */

import { type FormEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { TextField } from '@/components/fields';
import { formatTime } from '@/data/words';
import entrance from '../../Entrance.module.css';
import { type BackupHere, isProtected } from './api';
import { BackupWords } from './BackupWords';
import { Preparing } from './Preparing';
import styles from './Restore.module.css';
import { StepTitle } from './StepTitle';
import type { Work } from './work';

export interface Refused {
  title: string;
  text?: string;
  /** It is the password that is wrong. */
  password?: boolean;
}

interface Props {
  backup: BackupHere;
  password: string;
  onPassword: (password: string) => void;
  problem: Refused | null;
  work: Work;
  onRestore: () => void;
  onBack: () => void;
}

export function ConfirmRestore({ backup, password, onPassword, problem, work, onRestore, onBack }: Props) {
  const { t, i18n } = useTranslation('app');
  const sealed = isProtected(backup);
  const busy = work.is === 'preparing';
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Not `autoFocus`, which waits for what moves on the screen and gives up when that has gone.
    if (sealed) form.current?.querySelector('input')?.focus();
  }, [sealed]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && (password || !sealed)) onRestore();
  };
  return (
    <form ref={form} className={styles.stack} onSubmit={send} noValidate>
      <StepTitle focus={!sealed}>{t('welcome.restore.confirm')}</StepTitle>
      <div className={`${styles.backup} ${styles.chosen}`}>
        <BackupWords backup={backup} />
      </div>
      {problem && !problem.password && (
        <Banner kind="error" title={problem.title}>
          {problem.text}
        </Banner>
      )}
      <ul className={styles.what}>
        <li>{t(`welcome.restore.what.${backup.database_included ? 'becomes' : 'becomesWithout'}`, { date: formatTime(Date.parse(backup.date), i18n.language) })}</li>
        <li>{t('welcome.restore.what.restarts')}</li>
        <li>{t('welcome.restore.what.login')}</li>
        <li>{t('welcome.restore.what.kept')}</li>
      </ul>
      {sealed && (
        <TextField
          label={t('welcome.restore.password')}
          hint={t('welcome.restore.passwordHint')}
          error={problem?.password ? problem.title : null}
          type="password"
          autoComplete="off"
          value={password}
          disabled={busy}
          onChange={onPassword}
        />
      )}
      {busy && <Preparing work={work} />}
      <div className={entrance.buttons}>
        <Button onPress={onBack} isDisabled={busy}>
          {t('welcome.restore.back')}
        </Button>
        <Button kind="primary" type="submit" busy={busy} isDisabled={sealed && !password}>
          {t('welcome.restore.now')}
        </Button>
      </div>
    </form>
  );
}
