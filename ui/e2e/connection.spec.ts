import { expect, losable, test } from './fixtures.ts';

test('the server goes away: a banner, nothing typed is lost, and everything is right again when it is back', async ({ page, home, problems }) => {
  const connection = await losable(page, problems);
  await home.call('light', 'turn_off', { entity_id: 'light.bedroom' });
  await page.goto('/');
  const knob = page.getByRole('switch', { name: 'Bedroom', exact: true });
  await expect(knob).not.toBeChecked();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('button', { name: 'Add a view' }).click();
  await page.getByLabel('Title').fill('Half written');

  await connection.lose();
  await home.call('light', 'turn_on', { entity_id: 'light.bedroom' });
  await expect(page.getByLabel('Title')).toHaveValue('Half written');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();

  connection.restore();
  await expect(page.getByText('The connection to Marge is gone')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Save' })).toBeEnabled();
  await expect(page.getByRole('button', { name: 'Half written' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click();
  await expect(knob).toBeChecked();
  await home.call('light', 'turn_off', { entity_id: 'light.bedroom' });
  await expect(knob).not.toBeChecked();
});

test('an entity that goes while its dialog is open is said to be gone', async ({ page, home }) => {
  await home.rest('POST', '/api/states/switch.short_lived', { state: 'off', attributes: { friendly_name: 'Short lived' } });
  await page.goto('/');
  await page.getByRole('button', { name: /^Short lived/ }).click();
  await expect(page.getByRole('dialog').getByRole('heading', { name: 'Short lived' })).toBeVisible();
  await home.rest('DELETE', '/api/states/switch.short_lived');
  await expect(page.getByRole('dialog').getByText(/gone|not there/i).first()).toBeVisible();
});

test.describe('installed on a device', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the interface opens without the server, says so, and never keeps anything of the API', async ({ page, context, problems }) => {
    problems.allow(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
    await page.goto('/');
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload(); // now through the service worker, which keeps what it passes on
    await expect(page.getByRole('switch').first()).toBeVisible();
    await expect.poll(() => page.evaluate(async () => Boolean(await caches.match('/')))).toBe(true);
    const kept = await page.evaluate(async () => (await (await caches.open('marge-1')).keys()).map((request) => new URL(request.url).pathname));
    expect(kept.filter((path) => path !== '/' && !path.startsWith('/assets/'))).toEqual([]);
    await context.setOffline(true);
    await page.reload();
    await expect(page.getByText(/does not answer|connection to Marge is gone/i).first()).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByRole('switch').first()).toBeVisible();
  });
});
