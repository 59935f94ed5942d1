import { describe, expect, it } from 'vitest';
import type { RestoreStatus } from './api';
import { IDLE, next, type Seen, type Work } from './work';

const status = (given: Partial<RestoreStatus> = {}): RestoreStatus => ({ state: 'idle', step: null, percent: null, last: null, problem: null, most_bytes: 1e9, ...given });
const ended = (state: string, problem: string | null = null, reason: string | null = null) => status({ last: { manager_state: 'restore_backup', state, reason }, problem });
const checking = status({ state: 'restore_backup', step: 'check', percent: 40, last: { manager_state: 'restore_backup', state: 'in_progress', reason: null } });
const restarts = status({ state: 'restore_backup', last: { manager_state: 'restore_backup', state: 'core_restart', reason: null } });
const preparing: Work = { is: 'preparing', step: null, percent: null };
const restarting: Work = { is: 'restarting' };

/** What all of it leads to. */
const after = (begin: Work, ...seen: Seen[]) => seen.reduce((work, each) => next(work, each, false), begin);

describe('a restore', () => {
  it('is checked, restarts the server, and ends with an owner', () => {
    expect(after(preparing, checking)).toEqual({ is: 'preparing', step: 'check', percent: 40 });
    expect(after(preparing, checking, restarts)).toEqual(restarting);
    expect(after(preparing, checking, restarts, 'away', 'away', 'owned')).toEqual({ is: 'owned', restored: true });
  });

  it('is followed by a page that was opened meanwhile', () => {
    expect(after(IDLE, checking).is).toBe('preparing');
    expect(after(IDLE, restarts)).toEqual(restarting);
    expect(after(IDLE, 'away')).toEqual(IDLE);
  });

  it('that failed after the restart says why', () => {
    expect(after(restarting, 'away', ended('failed', 'it has waited'))).toEqual({ is: 'failed', problem: 'It has waited' });
    expect(after(IDLE, ended('failed', 'it has waited'))).toEqual({ is: 'failed', problem: 'It has waited' });
  });

  it('that was cut off by the end of the server has failed for a reason that nobody knows', () => {
    expect(after(preparing, checking, 'away', status())).toEqual({ is: 'failed', problem: null });
  });

  it('of a backup without an account ends with a home that waits for one', () => {
    expect(after(restarting, 'away', ended('completed'))).toEqual({ is: 'empty' });
  });

  it('is not judged by what was before, while it is being asked for', () => {
    for (const seen of [status(), ended('failed', 'long ago'), ended('completed'), 'away'] as const) expect(next(preparing, seen, true)).toEqual(preparing);
    expect(next(preparing, checking, true).is).toBe('preparing');
  });

  it('with a wrong password concerns nobody else', () => {
    expect(after(IDLE, ended('failed', 'incorrect', 'password_incorrect'))).toEqual(IDLE);
  });

  it('that somebody came before with an account was none', () => {
    expect(after(preparing, 'owned')).toEqual({ is: 'owned', restored: false });
    expect(after(IDLE, 'owned')).toEqual({ is: 'owned', restored: false });
  });

  it('may be tried again after a failure', () => {
    expect(after({ is: 'failed', problem: 'x' }, checking).is).toBe('preparing');
    expect(after({ is: 'failed', problem: 'x' }, status())).toEqual({ is: 'failed', problem: 'x' });
  });
});
