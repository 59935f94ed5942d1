/** Homes with other ways in, each a server of its own: `MARGE_DOOR` says which one this is. */

import { expect, expectAccessible, test } from './fixtures.ts';
import { OWNER } from './login.ts';

const door = process.env.MARGE_DOOR;

test('an open home is entered at once', async ({ page, picture }) => {
  test.skip(door !== 'open', 'another home');
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Open house' })).toBeVisible();
  await page.goto('/profile');
  await expect(page.getByText('Nobody needs to log in here')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Log out' })).toHaveCount(0);
  await expectAccessible(page);
  await picture('doors-open');
});

test('in a trusted network one says who one is; who guesses is shut out for a while', async ({ stranger, browser }) => {
  test.skip(door !== 'trusted', 'another home');
  const page = await stranger(browser);
  await page.goto('/profile');
  await expect(page.getByText('Who are you?')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: OWNER.name }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Profile' })).toBeVisible();
  await page.getByRole('button', { name: 'Log out', exact: true }).click();

  // Whoever leaves is not let in again unasked.
  await page.getByLabel('User name').fill(OWNER.username);
  const password = page.getByLabel('Password', { exact: true });
  const locked = page.getByText(/^Too many failed log-ins from this device\. Try again in 15 minutes, at/);
  for (let tries = 0; tries < 10; tries += 1) {
    await password.fill(`guess ${tries}`);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(tries < 9 ? password : page.getByLabel('User name')).toHaveValue('');
  }
  await expect(locked).toBeVisible();
  await expectAccessible(page);
});
