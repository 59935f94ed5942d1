import { expect, expectAccessible, test } from './fixtures.ts';

test('a state is found, looked at and set', async ({ page, home, picture }) => {
  await page.goto('/developer-tools');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Developer tools');
  await page.getByRole('searchbox', { name: 'Entity or name' }).fill('light.kitchen');
  await page.getByRole('searchbox', { name: 'State' }).fill('o');
  await expect(page.getByRole('row').filter({ hasText: 'light.kitchen' }).first()).toBeVisible();
  await picture('tools-states');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Set a state' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^Entity/ }).fill('sensor.e2e_tools');
  await dialog.getByRole('textbox', { name: /^State/ }).fill('42');
  await dialog.getByRole('button', { name: 'Set a state' }).click();
  await home.until('sensor.e2e_tools', '42');
  await expect(dialog).toBeHidden();
  await home.rest('DELETE', '/api/states/sensor.e2e_tools');
});

test('an action is put together in the form, and stands in the YAML', async ({ page, home, picture }) => {
  await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });
  await page.goto('/developer-tools/actions');
  await page.getByRole('combobox', { name: 'Action' }).fill('light.turn_on');
  await page.getByRole('option').filter({ hasText: 'light.turn_on' }).first().click();
  await page.getByRole('combobox', { name: 'Entities' }).fill('light.kitchen');
  await page.getByRole('option').filter({ hasText: 'light.kitchen' }).first().click();
  const yaml = page.getByRole('textbox', { name: 'The same as YAML' });
  await expect(yaml).toContainText('light.turn_on');
  await expect(yaml).toContainText('light.kitchen');
  await page.getByRole('button', { name: 'Perform action' }).click();
  await home.until('light.kitchen', 'on');
  await expect(page.getByText(/Done in \d+ ms/)).toBeVisible();
  await picture('tools-actions');
  await expectAccessible(page);

  // The other way round: what is typed stands in the form.
  await yaml.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText('action: light.turn_off\ntarget:\n  entity_id: light.kitchen\n');
  await expect(page.getByRole('combobox', { name: 'Action' })).toHaveValue(/turn off/i);
  await page.getByRole('button', { name: 'Perform action' }).click();
  await home.until('light.kitchen', 'off');
  await yaml.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText('action: [1');
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Perform action' })).toBeDisabled();
});

test('events are sent and heard', async ({ page, picture }) => {
  await page.goto('/developer-tools/events');
  await page.getByRole('textbox', { name: /Type of event/ }).fill('e2e_event');
  await page.getByRole('button', { name: 'Start listening' }).click();
  await expect(page.getByRole('heading', { name: 'Listening' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Type *' }).or(page.getByRole('textbox', { name: 'Type', exact: true })).first().fill('e2e_event');
  await page.getByRole('button', { name: 'Send an event' }).click();
  await expect(page.getByRole('list', { name: 'Heard events' }).getByText('e2e_event')).toBeVisible();
  await picture('tools-events');
  await expectAccessible(page);
});

test('a template is rendered as it is typed, and its mistakes have a line', async ({ page, home, picture }) => {
  await page.goto('/developer-tools/templates');
  const editor = page.getByRole('textbox', { name: 'Template' });
  await editor.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText("{{ states('light.kitchen') }}");
  await home.call('light', 'turn_on', { entity_id: 'light.kitchen' });
  await expect(page.getByTestId('result')).toHaveText('on');
  await expect(page.getByText('light.kitchen', { exact: true })).toBeVisible();
  await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });
  await expect(page.getByTestId('result')).toHaveText('off');
  await picture('tools-templates');
  await expectAccessible(page);
  await editor.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText('fine\n{{ 1 + }}');
  await expect(page.getByRole('alert').first()).toBeVisible();
});

test('statistics are listed, and YAML is read again', async ({ page, picture }) => {
  await page.goto('/developer-tools/statistics');
  await expect(page.getByRole('grid', { name: 'Statistics' })).toBeVisible();
  await picture('tools-statistics');
  await expectAccessible(page);
  await page.getByRole('tab', { name: 'YAML' }).click();
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByText(/Marge would start with it|did not work|would not start/)).toBeVisible();
  await page.getByRole('button', { name: 'Automation', exact: true }).click();
  await expect(page.getByText('Automation was read again')).toBeVisible();
  await picture('tools-yaml');
  await expectAccessible(page);
});
