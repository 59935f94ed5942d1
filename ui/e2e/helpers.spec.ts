import { expect, expectAccessible, test } from './fixtures.ts';

test('the owner makes a number, changes and deletes it', async ({ page, home, picture }) => {
  await page.goto('/helpers');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Helpers');
  await expectAccessible(page);
  await picture('helpers');
  await page.getByRole('button', { name: 'Add a helper' }).first().click();
  await expectAccessible(page);
  await picture('helpers-kinds');
  await page.getByRole('button', { name: /^Number/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByText('Fill this in').first()).toBeVisible();
  await dialog.getByLabel(/^Name/).fill('Spec volume');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('row', { name: /Spec volume/ })).toBeVisible();
  await home.call('input_number', 'set_value', { entity_id: 'input_number.spec_volume', value: 42 });
  await expect(page.getByRole('row', { name: /Spec volume/ })).toContainText('42');

  await page.getByRole('button', { name: 'Spec volume: what to do' }).click();
  await page.getByRole('menuitem', { name: 'Change' }).click();
  await dialog.getByLabel('Unit', { exact: true }).fill('%');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('row', { name: /Spec volume/ })).toContainText('%');

  await page.getByRole('button', { name: 'Spec volume: what to do' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('row', { name: /Spec volume/ })).toHaveCount(0);
});

test('several helpers are put in groups, selected and deleted at once', async ({ page, home }) => {
  for (const name of ['Bulk one', 'Bulk two']) {
    const left = await home.find(`input_button.${name.toLowerCase().replace(' ', '_')}`);
    if (left) continue; // of a run that failed
    await page.goto('/helpers');
    await page.getByRole('button', { name: 'Add a helper' }).first().click();
    await page.getByRole('button', { name: /^Button/ }).click();
    await page.getByRole('dialog').getByLabel(/^Name/).fill(name);
    await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  await page.goto('/helpers');
  await page.getByRole('button', { name: /Group by/ }).click();
  await page.getByRole('option', { name: 'Kind' }).click();
  await expect(page.getByRole('treegrid', { name: 'Helpers' })).toBeVisible();
  await page.getByRole('button', { name: 'Select', exact: true }).click();
  await page.getByLabel('Search helpers').fill('Bulk');
  for (const name of [/Bulk one/, /Bulk two/]) await page.getByRole('row', { name }).getByRole('checkbox').click({ force: true });
  const bar = page.getByRole('region', { name: 'With those that are selected' });
  await expect(bar.getByText('2 selected')).toBeVisible();
  await expectAccessible(page);
  await bar.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('2 were deleted')).toBeVisible();
  await home.until('input_button.bulk_one', null);
  await home.until('input_button.bulk_two', null);
});

test('a helper that is made in a flow: a group of lights', async ({ page, home, picture }) => {
  const left = await home.rest<{ entry_id: string; title: string }[]>('GET', '/api/config/config_entries/entry?domain=group');
  for (const entry of left) if (entry.title === 'Spec pair') await home.rest('DELETE', `/api/config/config_entries/entry/${entry.entry_id}`);
  for (const id of ['light.spec_left', 'light.spec_right']) await home.rest('POST', `/api/states/${id}`, { state: 'on', attributes: { friendly_name: id === 'light.spec_left' ? 'Spec left' : 'Spec right' } });
  await page.goto('/helpers');
  await page.getByRole('button', { name: 'Add a helper' }).first().click();
  await page.getByRole('button', { name: /^Group Several/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /light/i }).click();
  await dialog.getByLabel(/^Name/).fill('Spec pair');
  for (const name of ['Spec left', 'Spec right']) {
    await dialog.getByRole('combobox', { name: /members/i }).fill(name);
    await page.getByRole('option', { name: new RegExp(name) }).click();
  }
  await expectAccessible(page);
  await picture('helpers-flow');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await home.until('light.spec_pair', 'on');
  await expect(page.getByRole('row', { name: /Spec pair/ })).toBeVisible();
  await page.getByRole('button', { name: 'Spec pair: what to do' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('row', { name: /Spec pair/ })).toHaveCount(0);
});
