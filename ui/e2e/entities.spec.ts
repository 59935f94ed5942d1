import { expect, expectAccessible, type Home, test } from './fixtures.ts';

/** Entities of this spec's own, so that it needs no device. */
async function lamps(home: Home): Promise<void> {
  await home.rest('POST', '/api/states/light.spec_lamp', { state: 'on', attributes: { friendly_name: 'Spec lamp', supported_color_modes: ['brightness'], color_mode: 'brightness', brightness: 128 } });
  await home.rest('POST', '/api/states/light.spec_lantern', { state: 'off', attributes: { friendly_name: 'Spec lantern', supported_color_modes: ['onoff'] } });
  for (const value of [19.5, 20.5, 21.5]) {
    await home.rest('POST', '/api/states/sensor.spec_heat', { state: String(value), attributes: { friendly_name: 'Spec warmth', unit_of_measurement: '°C', device_class: 'temperature', state_class: 'measurement' } });
  }
}

test('the owner finds an entity, switches it, and looks at what it did', async ({ page, home, picture }) => {
  await lamps(home);
  await page.goto('/entities');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Entities');
  await expectAccessible(page);
  await picture('entities');

  await page.getByRole('searchbox').fill('spec la');
  await expect(page.getByRole('status').filter({ hasText: /^2 of/ })).toBeVisible();
  await page.getByRole('row', { name: /Spec lamp/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'Spec lamp' })).toBeVisible();
  await expect(dialog.getByRole('slider', { name: /brightness/i })).toHaveValue('50');
  await dialog.getByRole('button', { name: 'Switch' }).click();
  await home.until('light.spec_lamp', 'off');
  await expect(dialog.getByText('Off', { exact: true }).first()).toBeVisible();
  await expectAccessible(page);
  await picture('entity-now');

  await dialog.getByRole('tab', { name: 'History' }).click();
  await expect(dialog.getByRole('heading', { name: 'What happened' })).toBeVisible();
  await expect(dialog.getByText(/turned off/i).first()).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('tab', { name: 'Details' }).click();
  await expect(dialog.getByText('light.spec_lamp').first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('a link opens an entity, and one that disappears says so', async ({ page, home }) => {
  await lamps(home);
  await page.goto('/entities/sensor.spec_heat');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('21.5', { exact: false }).first()).toBeVisible();
  await home.rest('DELETE', '/api/states/sensor.spec_heat');
  await expect(dialog.getByText('This entity is gone')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(page).toHaveURL(/\/entities$/);
});

test('several at once: chosen with the keyboard, and turned off', async ({ page, home, picture }) => {
  await lamps(home);
  await home.rest('POST', '/api/services/homeassistant/turn_on', { entity_id: ['light.spec_lamp', 'light.spec_lantern'] });
  await page.goto('/entities?search=spec+la');
  await page.getByRole('button', { name: 'Select' }).click();
  await page.getByRole('row', { name: /Spec lamp/ }).focus();
  await page.keyboard.press('Control+a');
  await expect(page.getByText('2 selected')).toBeVisible();
  await expectAccessible(page);
  await picture('entities-chosen');
  await page.getByRole('button', { name: 'Turn off' }).click();
  await home.until('light.spec_lamp', 'off');
  await home.until('light.spec_lantern', 'off');
});

test('an entity gets another name and is hidden', async ({ page, home, picture }) => {
  await page.goto('/helpers');
  await page.getByRole('button', { name: 'Add a helper' }).first().click();
  await page.getByRole('button', { name: /^Switch On or off/ }).click();
  await page.getByLabel(/^Name/).fill('Spec guest');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await home.until('input_boolean.spec_guest', 'off');

  await page.goto('/entities/input_boolean.spec_guest');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('tab', { name: 'Settings' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('Spec visitors');
  await dialog.getByRole('switch', { name: /^Visible/ }).focus();
  await page.keyboard.press('Space');
  await expectAccessible(page);
  await picture('entity-settings');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('heading', { name: 'Spec visitors' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(async () => (await home.rest<{ entity_id: string }[]>('GET', '/api/states')).some((state) => state.entity_id === 'input_boolean.spec_guest')).toBe(false);
});
