/** From nothing to a session: loading, first steps, log-in, connecting, the interface. */

import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { I18nProvider, RouterProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Auth } from 'home-assistant-js-websocket';
import { Button } from '@/components/Button';
import { Splash } from '@/components/Splash';
import { SessionContext } from '@/data/hooks';
import { ApiError, type HomeSession } from '@/data/session';
import { connect, connectOpen, type OnboardingStep, type Provider, providers, rightsChanged, stepsToDo, storedTokens } from './auth';
import { ErrorBoundary } from './ErrorBoundary';
import { forgetLeft, hasLeft, markLeft } from './login/left';
import { Toasts } from './Toasts';

const loadShell = () => import('./Shell').then((module) => ({ default: module.Shell }));
const Shell = lazy(loadShell);
const LoginPage = lazy(() => import('./login/LoginPage'));
const WelcomeWizard = lazy(() => import('./welcome/WelcomeWizard'));

type Phase =
  | { is: 'loading' }
  | { is: 'unreachable' }
  | { is: 'banned' }
  | { is: 'login'; providers: readonly Provider[]; stay: boolean; left: boolean }
  | { is: 'welcome'; steps: readonly OnboardingStep[]; session: HomeSession | null }
  | { is: 'ready'; session: HomeSession };

/** While the server is away at the start. */
const RETRY_MS = 3000;

export function App() {
  const { t, i18n } = useTranslation('app');
  const [phase, setPhase] = useState<Phase>({ is: 'loading' });
  const [, navigate] = useLocation();
  const turn = useRef(0);

  const begin = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    const go = (next: Phase) => mine === turn.current && setPhase(next);
    go({ is: 'loading' });
    try {
      const tokens = storedTokens();
      if (tokens) {
        // While the connection is made: what is needed right after it.
        void loadShell().catch(() => undefined);
        const steps = stepsToDo();
        steps.catch(() => undefined); // looked at below, unless the connection fails first
        const session = await connect(tokens, i18n.language);
        if (session && mine !== turn.current) return session.connection.close(); // a later begin has taken over
        const left = session ? await steps : [];
        if (session) {
          const due = session.user.is_owner ? left : [];
          go(due.length ? { is: 'welcome', steps: due, session } : { is: 'ready', session });
          return;
        }
      }
      const ways = await providers();
      if (ways === 'open') {
        const session = await connectOpen(i18n.language);
        if (session && mine !== turn.current) return session.connection.close();
        if (session) return go({ is: 'ready', session });
        return go({ is: 'unreachable' });
      }
      go(ways === 'welcome' ? { is: 'welcome', steps: await stepsToDo(), session: null } : { is: 'login', ...ways, left: hasLeft() });
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof TypeError)) throw error;
      go({ is: error instanceof ApiError && error.code === '403' ? 'banned' : 'unreachable' });
    }
  }, [i18n]);

  useEffect(() => {
     
    void begin();
  }, [begin]);

  useEffect(() => {
    if (phase.is !== 'unreachable') return undefined;
    const timer = setTimeout(() => void begin(), RETRY_MS);
    return () => clearTimeout(timer);
  }, [phase, begin]);

  // The tokens were revoked, here or elsewhere: back to the log-in.
  const session = phase.is === 'ready' || phase.is === 'welcome' ? phase.session : null;
  useEffect(() => {
    if (!session) return undefined;
    const lost = () => void begin();
    // Rights that were taken away or given meanwhile: what is offered has to fit.
    const back = () =>
      void rightsChanged(session).then(
        (changed) => {
          if (!changed) return;
          session.connection.close();
          void begin();
        },
        () => undefined, // gone again: asked with the next connection
      );
    session.connection.addEventListener('reconnect-error', lost);
    session.connection.addEventListener('ready', back);
    return () => {
      session.connection.removeEventListener('reconnect-error', lost);
      session.connection.removeEventListener('ready', back);
    };
  }, [session, begin]);

  const entered = useCallback(
    async (auth: Auth) => {
      forgetLeft();
      const session = await connect(auth, i18n.language);
      if (session) setPhase({ is: 'ready', session });
      else await begin();
    },
    [begin, i18n],
  );

  return (
    <I18nProvider locale={i18n.language}>
      <RouterProvider navigate={navigate}>
        <ErrorBoundary>
          <Suspense fallback={<Splash />}>
            {phase.is === 'loading' && <Splash />}
            {phase.is === 'unreachable' && (
              <Splash text={t('unreachable.text')}>
                <Button onPress={() => void begin()}>{t('unreachable.again')}</Button>
              </Splash>
            )}
            {phase.is === 'banned' && <Splash text={t('login.banned')} />}
            {phase.is === 'login' && <LoginPage providers={phase.providers} stay={phase.stay} left={phase.left} onEntered={entered} />}
            {phase.is === 'welcome' && <WelcomeWizard steps={phase.steps} session={phase.session} onDone={() => void begin()} />}
            {phase.is === 'ready' && (
              <SessionContext value={phase.session}>
                <Shell
                  onLeft={() => {
                    markLeft();
                    void begin();
                  }}
                />
              </SessionContext>
            )}
          </Suspense>
        </ErrorBoundary>
        <Toasts />
      </RouterProvider>
    </I18nProvider>
  );
}
