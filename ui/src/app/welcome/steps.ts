/** Telling the server that its first steps are done. */

import type { HomeSession } from '@/data/session';
import { clientId, type OnboardingStep } from '../auth';

/** Ticks off what is left after the account; a step that somebody else has ticked off meanwhile is no failure. */
export async function finishSteps(session: HomeSession, steps: readonly OnboardingStep[]): Promise<void> {
  for (const step of steps) {
    if (step === 'user') continue;
    const body = step === 'integration' ? { client_id: clientId, redirect_uri: clientId } : {};
    const reply = await session.fetch(`/api/onboarding/${step}`, { method: 'POST', body });
    if (!reply.ok && reply.status !== 403) throw new Error(await reply.text());
  }
}
