import { expect, expectAccessible, test } from './fixtures.ts';

test('what happens is told at once, with who did it', async ({ page, home, picture }) => {
  await page.goto('/logbook');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Logbook');
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible();
  await home.call('light', 'turn_on', { entity_id: 'light.kitchen' });
  await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });
  const first = page.getByRole('article').filter({ hasText: 'Kitchen' }).filter({ hasText: 'turned off' }).first();
  await expect(first).toContainText('by Ann');
  await picture('logbook');
  await expectAccessible(page);

  // Only what was chosen.
  const field = page.getByRole('combobox', { name: 'What to show' });
  await field.fill('light.kitchen');
  await page.getByRole('option').filter({ hasText: 'light.kitchen' }).first().click();
  await expect(page).toHaveURL(/entity_id=light\.kitchen/);
  await expect(page.getByRole('article').filter({ hasText: 'turned off' }).first()).toBeVisible();
  await expect(page.getByRole('article').filter({ hasNotText: /Kitchen/i })).toHaveCount(0);
  await page.getByRole('article').first().getByRole('button', { name: /Kitchen/i }).first().click();
  await expect(page.getByRole('dialog')).toContainText(/Kitchen/i);
});
