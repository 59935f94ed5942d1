import { asker, makeUser, PASSWORD, removeUser } from './ask.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import { OWNER } from './login.ts';
import { codeOf } from './totp.ts';

/** Half a minute: as long as a code is shown. */
const STEP_MS = 30_000;

test('logging in with a mistake, staying where one was going, and logging out', async ({ stranger, browser, picture: _picture }) => {
  const page = await stranger(browser);
  await page.goto('/home');
  await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('User name').fill(OWNER.username);
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'do not fit' })).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('link', { name: 'Home', exact: true }).first()).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/home');
  await page.getByRole('button', { name: OWNER.name }).first().click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem('marge_tokens') ?? sessionStorage.getItem('marge_tokens'))).toBeNull();
});

test('a second factor is asked for once it is on', async ({ page: mine, stranger, browser }) => {
  await mine.goto('/profile');
  const ask = asker(mine);
  await makeUser(ask, 'e2e-factor', 'system-users');
  const page = await stranger(browser);
  const logIn = async () => {
    await page.getByLabel('User name').fill('e2e-factor');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
  };
  await page.goto('/profile');
  await logIn();
  await page.getByRole('button', { name: 'Set up' }).click();
  const secret = (await page.getByLabel('Key for the authenticator app').textContent())!;
  await page.getByRole('textbox', { name: 'Code from the app' }).fill(codeOf(secret, Date.now()));
  await page.getByRole('button', { name: 'Finish' }).click();
  await expect(page.getByRole('button', { name: 'Switch off' })).toBeVisible();
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await logIn();
  await expect(page.getByRole('heading', { name: 'One more step' })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Code').fill('not a code');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('That code does not fit.')).toBeVisible();
  // A code is good once: the next one, which is taken a little early.
  await page.getByLabel('Code').fill(codeOf(secret, Date.now() + STEP_MS));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('button', { name: 'e2e-factor' }).first()).toBeVisible();
  await removeUser(ask, 'e2e-factor');
});

test('who may only look is offered no switch; what is not theirs says so', async ({ page: mine, stranger, browser }) => {
  await mine.goto('/profile');
  const ask = asker(mine);
  await makeUser(ask, 'e2e-reader', 'system-read-only');
  const page = await stranger(browser);
  await page.goto('/entities/light.kitchen');
  await page.getByLabel('User name').fill('e2e-reader');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('You may look here, but not switch.')).toBeVisible();
  await expect(dialog.getByRole('slider', { name: 'Brightness' })).toBeDisabled();
  await expect(dialog.getByRole('tab', { name: 'Settings' })).toHaveCount(0);
  await page.goto('/scenes');
  await expect(page.getByRole('button', { name: 'More for Evening' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Activate Evening' })).toHaveCount(0);
  await page.goto('/settings');
  await expect(page.getByText('This page is not for you')).toBeVisible();
  await page.goto('/profile');
  await expect(page.getByText('May look', { exact: true })).toBeVisible();
  await removeUser(ask, 'e2e-reader');
});
