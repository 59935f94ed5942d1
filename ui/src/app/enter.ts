/** What is to be shown to whoever opens the interface: found out with this browser's tokens, if it has any. */

import { ApiError, type HomeSession } from '@/data/session';
import { connect, connectOpen, type OnboardingStep, type Provider, providers, stepsToDo, storedTokens } from './auth';
import { Shell } from './frame';
import { hasLeft } from './login/left';
import { pageAt } from './pages';

export type Phase =
  | { is: 'loading' }
  | { is: 'unreachable' }
  | { is: 'banned' }
  | { is: 'login'; providers: readonly Provider[]; stay: boolean; left: boolean }
  | { is: 'welcome'; steps: readonly OnboardingStep[]; session: HomeSession | null }
  | { is: 'ready'; session: HomeSession };

async function withTokens(language: string): Promise<Phase | null> {
  const tokens = storedTokens();
  if (!tokens) return null;
  // While the connection is made: what is needed right after it. What fails here is tried again, and told, when it is shown.
  const drawn = Promise.allSettled([Shell.load(), pageAt(location.pathname)?.component.load()]);
  const asked = stepsToDo();
  asked.catch(() => undefined); // looked at below, unless the connection fails first
  const session = await connect(tokens, language);
  if (!session) return null;
  const steps = session.user.is_owner ? await asked : [];
  await drawn;
  return steps.length ? { is: 'welcome', steps, session } : { is: 'ready', session };
}

/** What follows the opening of the page; it holds a session when the door was open. */
export async function enter(language: string): Promise<Phase> {
  try {
    const within = await withTokens(language);
    if (within) return within;
    const ways = await providers();
    if (ways === 'open') {
      const session = await connectOpen(language);
      return session ? { is: 'ready', session } : { is: 'unreachable' };
    }
    return ways === 'welcome' ? { is: 'welcome', steps: await stepsToDo(), session: null } : { is: 'login', ...ways, left: hasLeft() };
  } catch (error) {
    if (!(error instanceof ApiError) && !(error instanceof TypeError)) throw error;
    return { is: error instanceof ApiError && error.code === '403' ? 'banned' : 'unreachable' };
  }
}
