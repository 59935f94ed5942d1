/** What has become of a restore, as far as the server says. Pure. */

import type { RestoreStatus } from './api';

export type Work =
  | { is: 'idle' }
  /** The backup is checked and unpacked: `step` is `check` or `unpack`. */
  | { is: 'preparing'; step: string | null; percent: number | null }
  | { is: 'restarting' }
  /** The home is as it was. `problem` null: the server does not know either. */
  | { is: 'failed'; problem: string | null }
  /** It is restored, and there was no account in the backup. */
  | { is: 'empty' }
  /** The home has an owner; `restored`: because of what was waited for. */
  | { is: 'owned'; restored: boolean };

/** `away`: it does not answer, or is not ready yet; `owned`: it has an owner, and says no more. */
export type Seen = RestoreStatus | 'away' | 'owned';

export const IDLE: Work = { is: 'idle' };
const RESTORE = 'restore_backup';

export const isWaiting = (work: Work): boolean => work.is === 'preparing' || work.is === 'restarting';

/** The server's reasons follow a colon as a rule. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** @param asking whether the request to restore is on its way: the server may not have begun, and tells of the time before. */
export function next(work: Work, seen: Seen, asking: boolean): Work {
  const waits = isWaiting(work);
  if (seen === 'owned') return { is: 'owned', restored: work.is === 'restarting' };
  if (seen === 'away') return waits && !asking ? { is: 'restarting' } : work;
  const { state, step, percent, last, problem } = seen;
  if (state === RESTORE) return last?.state === 'core_restart' ? { is: 'restarting' } : { is: 'preparing', step, percent };
  if (asking || (!waits && work.is !== 'idle')) return work;
  if (last?.manager_state === RESTORE && last.state === 'completed') return { is: 'empty' };
  // Somebody's wrong password is said where it was typed, and to nobody else.
  const failed = last?.manager_state === RESTORE && last.state === 'failed' && (waits || last.reason !== 'password_incorrect');
  if (failed) return { is: 'failed', problem: problem && sentence(problem) };
  return waits ? { is: 'failed', problem: null } : work;
}
