import { expect, expectAccessible, test } from './fixtures.ts';

test('a family member turns on a light', async ({ page, home, picture }) => {
  await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Marge Demo Home');
  const knob = page.getByRole('switch', { name: /kitchen/i }).first();
  await expect(knob).not.toBeChecked();
  await knob.click({ force: true });
  await home.until('light.kitchen', 'on');
  await expect(knob).toBeChecked();
  await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });
  await expect(knob).not.toBeChecked();
  await expectAccessible(page);
  await picture('home');
});
