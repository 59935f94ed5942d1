/** Asks the server whether the configuration is well formed, a moment after it changed, and finds the piece that is not. */

import { useEffect } from 'react';
import i18next from 'i18next';
import type { Store } from '@/data/store';
import { useConnected, useSession } from '@/data/hooks';
import { invalidText } from '@/data/invalidWords';
import type { HomeSession } from '@/data/session';
import { type Problem, problemOf } from '../model/errors';
import { hasTag } from '../model/schema';
import { type Config, type Domain, PARTS, type Piece, type Role } from '../model/types';
import { listAt } from '../model/tree';

const SETTLE_MS = 500;
const PART: Record<Role, string> = { trigger: 'triggers', condition: 'conditions', action: 'actions' };

type Answer = Record<string, { valid: boolean; error: string | null }>;

/** What is wrong with a configuration: the first thing of each piece at the top. */
export async function problemsOf(session: HomeSession, domain: Domain, config: Config): Promise<Problem[]> {
  const lists = PARTS[domain].map(({ key, role }) => ({ key, role, pieces: listAt(config, [key]) as readonly Piece[] }));
  const whole = await session.command<Answer>('validate_config', Object.fromEntries(lists.map(({ role, pieces }) => [PART[role], pieces])));
  const wrong = lists.filter(({ role }) => whole[PART[role]]?.valid === false);
  const found = await Promise.all(
    wrong.flatMap(({ key, role, pieces }) =>
      pieces.map(async (piece, index) => {
        if (hasTag(piece)) return null; // what stands behind it only the server knows: it says so when it is saved
        // Alone, so that it is known which one is meant: of several the server tells the first mistake only.
        const answer = (await session.command<Answer>('validate_config', { [PART[role]]: [piece] }))[PART[role]];
        if (!answer || answer.valid) return null;
        const error = (answer.error ?? '').replace(/@ data\[0\]/, '@ data');
        const problem = problemOf(config, [key, index], error);
        return { ...problem, text: invalidText(problem.text, (word, values) => i18next.t(`app:${word}`, values ?? {})) };
      }),
    ),
  );
  return found.filter((problem) => problem !== null);
}

export function useChecked(domain: Domain, config: Config, store: Store<readonly Problem[]>): void {
  const session = useSession();
  const connected = useConnected();
  const skip = !connected || 'use_blueprint' in config;
  useEffect(() => {
    if (skip) return undefined;
    let wanted = true;
    const timer = setTimeout(() => {
      problemsOf(session, domain, config).then(
        (problems) => wanted && store.set(problems),
        () => undefined, // the connection went: the next change, or the next connection, asks again
      );
    }, SETTLE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [session, domain, config, store, skip]);
}
