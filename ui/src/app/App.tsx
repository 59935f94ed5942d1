/** From nothing to a session: loading, first steps, log-in, connecting, the interface. */

import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { I18nProvider, RouterProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Auth } from 'home-assistant-js-websocket';
import { Button } from '@/components/Button';
import { Splash } from '@/components/Splash';
import { SessionContext } from '@/data/hooks';
import { connect, rightsChanged } from './auth';
import { enter, type Phase } from './enter';
import { ErrorBoundary } from './ErrorBoundary';
import { Shell } from './frame';
import { late } from './late';
import { forgetLeft, markLeft } from './login/left';
import { forgetRestored } from './login/restored';
import { Toasts } from './Toasts';

const LoginPage = late(() => import('./login/LoginPage'));
const WelcomeWizard = late(() => import('./welcome/WelcomeWizard'));

/** While the server is away at the start. */
const RETRY_MS = 3000;

/** @param first what `enter` has begun to find out before there was anything to draw with. */
export function App({ first }: { first: Promise<Phase> }) {
  const { t, i18n } = useTranslation('app');
  const [phase, setPhase] = useState<Phase>({ is: 'loading' });
  const [, navigate] = useLocation();
  const begun = useRef<Promise<Phase> | null>(first);
  const turn = useRef(0);

  const follow = useCallback(async (entering: Promise<Phase>) => {
    turn.current += 1;
    const mine = turn.current;
    const next = await entering;
    if (mine === turn.current) setPhase(next);
    else if ('session' in next) next.session?.connection.close(); // a later one has taken over
  }, []);
  const begin = useCallback(async () => {
    setPhase({ is: 'loading' });
    await follow(enter(i18n.language));
  }, [follow, i18n]);

  useEffect(() => {
    void follow(begun.current ?? enter(i18n.language));
    begun.current = null;
  }, [follow, i18n]);

  useEffect(() => {
    if (phase.is !== 'unreachable') return undefined;
    const timer = setTimeout(() => void begin(), RETRY_MS);
    return () => clearTimeout(timer);
  }, [phase, begin]);

  useEffect(() => {
    if (phase.is === 'ready') forgetRestored();
  }, [phase]);

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
