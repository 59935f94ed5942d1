import { expect, expectAccessible, test } from './fixtures.ts';

test('somebody looks back at a room: picks entities, another time, zooms in and keeps the link', async ({ page, home, picture }) => {
  await home.call('light', 'turn_on', { entity_id: 'light.kitchen' });
  await home.until('light.kitchen', 'on');
  await page.goto('/history');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('History');
  await expect(page.getByText('What would you like to look back at?')).toBeVisible();

  const field = page.getByRole('combobox', { name: 'What to show' });
  await field.fill('sensor.kitchen_temperature');
  await page.getByRole('option', { name: /kitchen.*temperature/i }).first().click();
  await expect(page.getByRole('figure')).toBeVisible();
  await field.fill('light.kitchen');
  await page.getByRole('option').filter({ hasText: 'light.kitchen' }).first().click();
  await expect(page.getByRole('heading', { name: 'States' })).toBeVisible();
  await expect(page).toHaveURL(/entity_id=sensor\.kitchen_temperature%2Clight\.kitchen/);

  // What happens now is drawn now.
  await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });
  await home.until('light.kitchen', 'off');

  await page.getByRole('button', { name: /Time shown/ }).click();
  await page.getByRole('button', { name: 'Last hour' }).click();
  await expect(page).toHaveURL(/period=1h/);
  const plot = page.locator('.u-over').first();
  await expect(plot).toBeVisible();
  await picture('history');
  await expectAccessible(page);

  const box = (await plot.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + 60, { steps: 8 });
  await page.mouse.up();
  await expect(page).toHaveURL(/start_date=/);
  await page.getByRole('button', { name: 'Zoom out' }).click();
  await expect(page).toHaveURL(/period=1h/);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/^history-.*\.csv$/);

  // The link alone brings it all back.
  await page.reload();
  await expect(page.getByRole('heading', { name: 'States' })).toBeVisible();
  await expect(page.getByRole('button', { name: /Time shown: Last hour/ })).toBeVisible();
});
