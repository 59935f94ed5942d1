import { expect, expectAccessible, test } from './fixtures.ts';

interface Told {
  state: string;
  restarts: number;
}

/** What REST says of one actor. */
const actorOf = (home: { rest: <T>(method: string, path: string) => Promise<T> }, path: string) =>
  home.rest<Told>('GET', `/api/console/actor?path=${encodeURIComponent(path)}`);

test('the owner sees the system breathe', async ({ page, home, picture }) => {
  await page.goto('/console');
  await expect(page.getByRole('heading', { level: 1, name: 'Actor console' })).toBeVisible();
  await expect(page.getByText('Headroom', { exact: true })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Who sends to whom' })).toBeVisible();
  await home.call('light', 'turn_on', { entity_id: 'light.kitchen' });
  await expect(page.getByRole('table', { name: 'Handlers by message' })).toBeVisible();
  await expectAccessible(page);
  await picture('console');
});

test('a crashed bridge is restarted from the console', async ({ page, home, picture }) => {
  const path = '/bridges/mqtt';
  await expect.poll(async () => (await actorOf(home, path)).state).toBe('running');
  await page.goto('/console');
  await expect(page.getByText('Headroom', { exact: true })).toBeVisible();
  // the guilty first, with the time until it comes back by itself: some seconds, and more with each death
  const row = page.getByRole('table', { name: 'Look at these first' }).getByRole('row', { name: /mqtt/ });
  await expect(async () => {
    await home.rest('POST', `/api/actors${path}/kill`).catch(() => undefined); // dead already
    await expect(row.getByText(/^restarting in/)).toBeVisible({ timeout: 15_000 });
    await row.getByRole('link', { name: 'mqtt' }).click({ timeout: 5000 });
  }).toPass({ timeout: 240_000 });
  await expect(page.getByRole('heading', { level: 1, name: 'mqtt' })).toBeVisible();
  const death = page.getByText(/ActorKilled: killed by hand/).first();
  await expect(death).toBeVisible();
  await page.getByRole('button', { name: /^(Start|Restart)$/ }).click();
  // one that runs again meanwhile asks first
  const sure = page.getByRole('alertdialog').getByRole('button', { name: 'Restart' });
  await expect(sure.or(page.getByText('It is starting.'))).toBeVisible();
  if (await sure.isVisible()) await sure.click();
  await expect.poll(async () => (await actorOf(home, path)).state).toBe('running');
  await death.click();
  await expectAccessible(page);
  await picture('console-actor');
  await page.goto('/console?tab=audit');
  await expect(page.getByRole('table', { name: 'Audit log' }).getByRole('row', { name: /start.*\/bridges\/mqtt.*Ann/i }).first()).toBeVisible();
  await expectAccessible(page);
  await picture('console-audit');
});

test('messages that wait are thrown away, read, and sent again', async ({ page, home, picture }) => {
  const path = '/entities/light.kitchen';
  const act = (action: string) => home.rest('POST', '/api/console/act', { path, action });
  await act('pause');
  // nobody answers while it is paused: the call is refused in the end, which is not what this is about
  const called = home.call('light', 'turn_on', { entity_id: 'light.kitchen' }).catch(() => undefined);
  await page.goto(`/console?at=${encodeURIComponent(path)}`);
  await expect(page.getByText('paused', { exact: true })).toBeVisible();
  await expect(page.getByText(/waits?: *RunCommand|RunCommand/).first()).toBeVisible();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Empty the mailbox' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Empty the mailbox' }).click();
  await expect(page.getByText(/went to the dead letters/)).toBeVisible();
  await called;
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText('running', { exact: true })).toBeVisible();
  await page.goto('/console?tab=letters');
  await page.getByLabel('Find a letter').fill('light.kitchen');
  await picture('console-letters');
  await page.getByRole('button', { name: `Read the letter to ${path}` }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('drained by an operator')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Send again' }).click();
  await expect(page.getByText(/was sent again/)).toBeVisible();
  await home.until('light.kitchen', 'on');
});

test('the tree is drilled down to one actor, and traced', async ({ page, home, picture }) => {
  await page.goto('/console?tab=tree');
  const groups = page.getByRole('table', { name: 'Groups by class and domain' });
  await expect(groups.getByRole('link', { name: 'light', exact: true })).toBeVisible();
  await picture('console-tree');
  await groups.getByRole('link', { name: 'light', exact: true }).click();
  await page.getByRole('link', { name: 'light.kitchen' }).click();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Trace for 60 s' }).click();
  await expect(page.getByRole('heading', { name: 'Last messages' })).toBeVisible();
  await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });
  await expect(page.getByRole('table', { name: 'Last messages' }).getByText(/RunCommand/).first()).toBeVisible();
  await expect(page.getByRole('heading', { name: /messages? waited since tracing began/ })).toBeVisible();
  await picture('console-trace');
  await page.goto('/console?tab=tree&filter=light.kit');
  await expect(page.getByRole('link', { name: 'light.kitchen' })).toBeVisible();
  await expectAccessible(page);
});

test('a light says why it is on', async ({ page, home, picture }) => {
  await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });
  await home.call('light', 'turn_on', { entity_id: 'light.kitchen' });
  await home.until('light.kitchen', 'on');
  await page.goto('/why/light.kitchen');
  await expect(page.getByText('The action light.turn_on was called')).toBeVisible();
  await expect(page.getByText('Ann did it')).toBeVisible();
  await expectAccessible(page);
  await picture('why');
});

test('an actor is paused, stopped, started and listened to, and the audit log knows who did it', async ({ page, home }) => {
  const path = '/bridges/tasmota';
  const since = Date.now() / 1000 - 1;
  const state = async () => (await actorOf(home, path)).state;
  if ((await state()) !== 'running') await home.rest('POST', '/api/console/act', { path, action: 'restart' });
  await expect.poll(state).toBe('running');
  const restarts = (await actorOf(home, path)).restarts;
  const more = async (name: string) => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name }).or(page.getByRole('menuitemradio', { name })).click();
  };
  const sure = (name: string) => page.getByRole('alertdialog').getByRole('button', { name }).click();

  await page.goto(`/console?at=${encodeURIComponent(path)}`);
  await expect(page.getByText('running', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Restart' }).click();
  await sure('Restart');
  await expect(page.getByText('It is restarting.')).toBeVisible();
  await expect.poll(async () => (await actorOf(home, path)).restarts).toBeGreaterThan(restarts);
  await expect.poll(state).toBe('running');

  await more('Pause');
  await sure('Pause');
  await expect(page.getByText('paused', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText('running', { exact: true })).toBeVisible();

  await more('Stop');
  await sure('Stop');
  await expect(page.getByText('stopped', { exact: true })).toBeVisible();
  await expect(page.getByText(/It starts again with “Start” above/)).toBeVisible();
  expect(await state()).toBe('stopped');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText('running', { exact: true })).toBeVisible();

  await more('Everything (debug)');
  await expect(page.getByText(/says debug for 600 s/)).toBeVisible();
  await more('Warnings'); // as the home began
  await expect(page.getByText(/says warning for 600 s/)).toBeVisible();

  type Entry = { time: number; action: string; path: string; user: string; ok: boolean };
  const { rows } = await home.rest<{ rows: Entry[] }>('GET', `/api/console/audit?filter=${encodeURIComponent(path)}`);
  const done = rows.filter((entry) => entry.time > since && entry.ok && entry.user === 'Ann').map((entry) => entry.action);
  for (const action of ['restart', 'pause', 'resume', 'stop', 'start', 'log_level']) expect(done).toContain(action);
});

test('what the home cannot be without is not stopped, and the page says why', async ({ page }) => {
  await page.goto('/console?at=%2Fhttp');
  await expect(page.getByText('/http cannot be stopped: you could not come back to start it again.')).toBeVisible();
  await page.getByRole('button', { name: 'More actions' }).click();
  await expect(page.getByRole('menuitem', { name: 'Stop' })).toBeDisabled();
});
