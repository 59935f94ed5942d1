import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderWith } from '@/test/session';
import type { BackupHere, RestoreStatus } from './api';
import { RestoreStep } from './RestoreStep';
import { type End, useRestore } from './useRestore';

const AGENT = 'backup.local';
const backup = (id: string, name: string, day: string, sealed = false): BackupHere => ({
  backup_id: id, name, date: `2026-05-${day}T04:45:00+00:00`, database_included: true, folders: [], agents: { [AGENT]: { protected: sealed, size: 2_000_000 } },
});
const idle: RestoreStatus = { state: 'idle', step: null, percent: null, last: null, problem: null, most_bytes: 5_000_000 };
type Answer = [status: number, body: unknown, headers?: Record<string, string>];

/** What the server answers, by path; null: it is away. */
let answers: Record<string, Answer | null>;
let asked: { path: string; body: unknown }[];

beforeEach(() => {
  answers = { status: [200, idle], info: [200, { backups: [backup('old', 'Older', '01'), backup('new', 'Newer', '02', true)], state: 'idle', last_action_event: null }] };
  asked = [];
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
    const path = url.split('/').at(-1)!;
    if (init?.body) asked.push({ path, body: JSON.parse(String(init.body)) as unknown });
    const answer = answers[path];
    if (!answer) return Promise.reject(new TypeError('away'));
    return Promise.resolve(new Response(typeof answer[1] === 'string' ? answer[1] : JSON.stringify(answer[1]), { status: answer[0], headers: answer[2] ?? {} }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function Place({ wanted = null, onBack = () => undefined, onEnd = () => undefined }: { wanted?: string | null; onBack?: () => void; onEnd?: (end: End) => void }) {
  return <RestoreStep restore={useRestore(true, onEnd)} wanted={wanted} onBack={onBack} />;
}

const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));

test('one of the backups is chosen, the newest first, and what will happen is said', async () => {
  await renderWith(<Place />);
  const [first, second] = await screen.findAllByRole('button', { name: /with history/ });
  expect(first).toHaveTextContent('Newer');
  expect(first).toHaveTextContent('with a password');
  expect(second).toHaveTextContent('2 MB');
  fireEvent.click(second!);
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Restore this home?');
  expect(screen.getByText(/put aside/)).toBeVisible();
  expect(screen.queryByLabelText(/Password/)).toBeNull();
  press('Back');
  expect(screen.getByRole('button', { name: /Newer/ })).toBeVisible();
});

test('a wrong password is said at its field and stays there; the right one restores and waits for the server', async () => {
  const onEnd = vi.fn();
  await renderWith(<Place wanted="new" onEnd={onEnd} />);
  const field = await screen.findByLabelText('Password of the backup, or secret key');
  expect(screen.getByRole('button', { name: 'Restore now' })).toBeDisabled();
  answers.restore = [400, { code: 'incorrect_password', message: 'The password provided is incorrect.' }];
  fireEvent.change(field, { target: { value: 'guess' } });
  press('Restore now');
  expect(await screen.findByText('The backup does not open with this password.')).toBeVisible();
  expect(field).toHaveValue('guess');
  answers.restore = [200, ''];
  answers.status = null;
  fireEvent.change(field, { target: { value: 'right' } });
  press('Restore now');
  expect(await screen.findByText(/Marge restarts with the restored home/)).toBeVisible();
  expect(asked.map((each) => each.body)).toEqual(['guess', 'right'].map((password) => ({ backup_id: 'new', agent_id: AGENT, password })));
  answers.status = [401, '401: Unauthorized'];
  await waitFor(() => expect(onEnd).toHaveBeenCalledWith('restored'), { timeout: 30_000 });
});

test('who guesses too often is told how long to wait', async () => {
  await renderWith(<Place wanted="new" />);
  answers.restore = [403, '403: Forbidden', { 'Retry-After': '900' }];
  fireEvent.change(await screen.findByLabelText(/Password of the backup/), { target: { value: 'guess' } });
  press('Restore now');
  expect(await screen.findByText(/Try again in 15 minutes/)).toBeVisible();
});

test('a backup that is damaged says why, once', async () => {
  await renderWith(<Place wanted="old" />);
  await screen.findByRole('button', { name: 'Restore now' });
  answers.restore = [400, { code: 'restore_failed', message: 'The backup cannot be used: its checksum is wrong' }];
  answers.status = [200, { ...idle, last: { manager_state: 'restore_backup', state: 'failed', reason: 'backup_manager_error' }, problem: 'The backup cannot be used: its checksum is wrong' }];
  press('Restore now');
  expect(await screen.findAllByText(/its checksum is wrong/)).toHaveLength(1);
  expect(screen.getByRole('button', { name: 'Restore now' })).toBeEnabled();
});

test('a proxy that does not wait for the answer changes nothing: the server is asked how far it is', async () => {
  await renderWith(<Place wanted="old" />);
  await screen.findByRole('button', { name: 'Restore now' });
  answers.restore = [504, 'Gateway Timeout'];
  answers.status = [200, { ...idle, state: 'restore_backup', step: 'unpack', percent: 60, last: { manager_state: 'restore_backup', state: 'in_progress', reason: null } }];
  press('Restore now');
  expect(await screen.findByText('Unpacking …')).toBeVisible();
  await waitFor(() => expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '60'));
});

test('a restore that was begun elsewhere is shown', async () => {
  answers.status = [200, { ...idle, state: 'restore_backup', step: 'check', percent: 10, last: { manager_state: 'restore_backup', state: 'in_progress', reason: null } }];
  await renderWith(<Place />);
  expect(await screen.findByText('Checking the backup …')).toBeVisible();
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Your home is being restored');
});

test('a home that somebody has taken meanwhile is left', async () => {
  const onEnd = vi.fn();
  answers = { status: [401, '401: Unauthorized'], info: [401, '401: Unauthorized'] };
  await renderWith(<Place onEnd={onEnd} />);
  await waitFor(() => expect(onEnd).toHaveBeenCalledWith('taken'));
});

test('a file that is larger than the disk has room for is not sent', async () => {
  await renderWith(<Place />);
  const file = new File(['x'], 'big.tar');
  Object.defineProperty(file, 'size', { value: 6_000_000 });
  fireEvent.change(await screen.findByLabelText('Choose a file'), { target: { files: [file] } });
  expect(await screen.findByText('There is not enough room for big.tar')).toBeVisible();
  expect(screen.getByText(/room for a backup of 5/)).toBeVisible();
});
