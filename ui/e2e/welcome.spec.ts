import { expect, expectAccessible, test } from './fixtures.ts';

test('from an empty home to one of one\'s own', async ({ page, picture }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Welcome home' })).toBeVisible();
  await expectAccessible(page);
  await picture('welcome-account');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await expect(page.getByText('Please fill this in.').first()).toBeVisible();
  await page.getByLabel('Your name').fill('Ann Example');
  await expect(page.getByLabel('User name')).toHaveValue('ann');
  await page.getByLabel('Password', { exact: false }).first().fill('a long enough password');
  await page.getByLabel('Password, once more').fill('another');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await expect(page.getByText('The two passwords differ.')).toBeVisible();
  await page.getByLabel('Password, once more').fill('a long enough password');
  await page.getByRole('button', { name: 'Create the account' }).click();

  await expect(page.getByRole('heading', { name: 'Where is your home?' })).toBeVisible();
  // A reload in between loses nothing that was done.
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Where is your home?' })).toBeVisible();
  await page.getByLabel('What is it called?').fill('Villa Example');
  // The place is chosen on the map, by pressing and with the keyboard, or typed.
  const [map, latitude] = [page.getByRole('application', { name: 'Map of where the home is' }), page.getByRole('textbox', { name: 'Latitude' })];
  const usual = await latitude.inputValue();
  await map.click({ position: { x: 90, y: 200 } });
  await expect(latitude).not.toHaveValue(usual);
  const pressed = await latitude.inputValue();
  await map.press('+');
  await map.press('ArrowUp');
  await map.press('Enter');
  await expect(latitude).not.toHaveValue(pressed);
  await latitude.fill('52.52');
  await page.getByRole('textbox', { name: 'Longitude' }).fill('13.405');
  const zone = page.getByRole('combobox', { name: 'Time zone' });
  await zone.click(); // comes into view before something is typed: scrolling closes the list
  await zone.fill('Berlin');
  await page.getByRole('option', { name: 'Europe/Berlin' }).click();
  await expectAccessible(page);
  await picture('welcome-home');
  await page.getByRole('button', { name: 'Next' }).click();

  await expect(page.getByRole('heading', { name: 'All set' })).toBeVisible();
  await picture('welcome-found');
  await page.getByRole('button', { name: 'Open my home' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Villa Example' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Villa Example' })).toBeVisible();
});
