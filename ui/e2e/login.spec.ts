import { expect, expectAccessible, test } from './fixtures.ts';
import { OWNER } from './login.ts';

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
