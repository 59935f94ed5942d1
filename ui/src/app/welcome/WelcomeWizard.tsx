/** The first steps in a new home: the account of its owner, where it stands, what was found in it; or a backup of another one. */

import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SessionContext } from '@/data/hooks';
import { asApiError, type HomeSession } from '@/data/session';
import { toast } from '../toasts';
import type { OnboardingStep } from '../auth';
import { LANGUAGES, type Language, setLanguage } from '../i18n';
import styles from '../Entrance.module.css';
import { AccountStep } from './AccountStep';
import { FoundStep } from './FoundStep';
import { HomeStep } from './HomeStep';
import { markRestored } from '../login/restored';
import { RestoreStep } from './restore/RestoreStep';
import { type End, useRestore } from './restore/useRestore';
import { isWaiting } from './restore/work';
import { finishSteps } from './steps';

interface Props {
  steps: readonly OnboardingStep[];
  /** Of the owner, when the account was made before. */
  session: HomeSession | null;
  onDone: () => void;
}

type Place = 'account' | 'home' | 'found';
const PLACES: readonly Place[] = ['account', 'home', 'found'];

export default function WelcomeWizard({ steps, session: before, onDone }: Props) {
  const { t, i18n } = useTranslation('app');
  const [session, setSession] = useState(before);
  const [left, setLeft] = useState(steps);
  const [busy, setBusy] = useState(false);
  /** Somebody wants to restore; `id`: the backup that was asked for. */
  const [restoring, setRestoring] = useState<{ id: string | null } | null>(null);
  const ended = useCallback((end: End) => {
    if (end === 'empty') {
      setRestoring(null);
      return;
    }
    if (end === 'restored') markRestored();
    location.reload(); // everything here is of the home as it was, perhaps the interface itself
  }, []);
  const restore = useRestore(!session, ended);
  const restores = !session && (restoring !== null || isWaiting(restore.work));
  const place: Place = !session ? 'account' : left.includes('core_config') ? 'home' : 'found';

  const finish = async (which: readonly OnboardingStep[], then: () => void) => {
    if (!session) return;
    setBusy(true);
    try {
      await finishSteps(session, left.filter((each) => which.includes(each)));
      setLeft(left.filter((each) => !which.includes(each)));
      then();
    } catch (problem) {
      toast.error(asApiError(problem).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className={styles.place}>
      <div className={`${styles.panel} ${styles.wide}`}>
        <div className={styles.top}>
          <img src="/icons/logo.svg" width="56" height="56" alt="" />
          <div className={styles.languages} role="group" aria-label={t('user.language')}>
            {place === 'account' &&
              Object.entries(LANGUAGES).map(([code, name]) => (
                <button key={code} type="button" lang={code} aria-pressed={i18n.language === code} onClick={() => void setLanguage(code as Language)}>
                  {name}
                </button>
              ))}
          </div>
        </div>
        {!restores && (
          <ol className={styles.steps} aria-label={t('welcome.progress', { at: PLACES.indexOf(place) + 1, of: PLACES.length })}>
            {PLACES.map((each, index) => (
              <li key={each} className={index <= PLACES.indexOf(place) ? styles.done : ''} aria-current={each === place ? 'step' : undefined}>
                <span className="visually-hidden">{t(`welcome.steps.${each}`)}</span>
              </li>
            ))}
          </ol>
        )}
        {restores ? (
          <RestoreStep restore={restore} wanted={restoring?.id ?? null} onBack={() => setRestoring(null)} />
        ) : !session ? (
          <AccountStep onMade={setSession} onTaken={onDone} onRestore={(id) => setRestoring({ id })} restored={restore.work} />
        ) : (
          <SessionContext value={session}>
            {place === 'home' && <HomeStep busy={busy} onDone={() => finish(['core_config', 'analytics'], () => undefined)} />}
            {place === 'found' && <FoundStep busy={busy} onDone={() => void finish(['analytics', 'integration'], () => { session.connection.close(); onDone(); })} />}
          </SessionContext>
        )}
      </div>
    </main>
  );
}
