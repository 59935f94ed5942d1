import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderWith } from '@/test/session';
import Shell from './Shell';

/** What `get_config` answers in a home that is so far. */
const config = (state: string, more: Record<string, unknown> = {}) => ({ location_name: 'Villa', unit_system: {}, components: [], time_zone: 'UTC', language: 'en', safe_mode: false, recovery_mode: false, state, ...more });

test('who comes while the home is set up is told so, until everything is there', async () => {
  let answer = config('NOT_RUNNING');
  const { connection } = await renderWith(<Shell onLeft={() => undefined} />, { path: '/nowhere', answers: { get_config: () => answer } });
  expect(await screen.findByText('Marge is starting')).toBeVisible();

  /** The server says that its settings have changed, as it does each time it has come further. */
  const becomes = async (state: string) => {
    answer = config(state);
    connection.emit('event core_config_updated', {});
    await act(() => new Promise((done) => setTimeout(done)));
  };
  await becomes('STARTING');
  expect(screen.getByText('Marge is starting')).toBeVisible();
  await becomes('RUNNING');
  await waitFor(() => expect(screen.queryByText('Marge is starting')).toBeNull());

  // It began anew meanwhile: the next connection finds it setting up again.
  answer = config('STARTING');
  act(() => connection.fire('ready'));
  expect(await screen.findByText('Marge is starting')).toBeVisible();
  await becomes('RUNNING');
  await waitFor(() => expect(screen.queryByText('Marge is starting')).toBeNull());
});

test('a home that has lost settings says so to everybody, and offers its administrators to decide', async () => {
  const answers = { get_config: config('RUNNING', { safe_mode: true }) };
  const { unmount } = await renderWith(<Shell onLeft={() => undefined} />, { path: '/nowhere', answers });
  expect(await screen.findByRole('link', { name: 'Decide' })).toHaveAttribute('href', '/settings/repairs');
  unmount();
  await renderWith(<Shell onLeft={() => undefined} />, { path: '/nowhere', answers, user: { is_admin: false } });
  expect(await screen.findByText('Marge runs in safe mode')).toBeVisible();
  expect(screen.queryByRole('link', { name: 'Decide' })).toBeNull();
});
