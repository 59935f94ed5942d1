/** Scripts, scenes and blueprints: written, captured, imported; run, activated, filled in. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, expectAccessible, test } from './fixtures.ts';

/** React Aria's announcements point at what may be gone a moment later; it clears them itself. */
const ANNOUNCER = '[data-live-announcer]';

async function forget(info: { project: { use: { baseURL?: string } } }, ...paths: string[]): Promise<void> {
  const headers = { Authorization: `Bearer ${process.env.MARGE_ACCESS_TOKEN}` };
  for (const path of paths) await fetch(`${String(info.project.use.baseURL)}${path}`, { method: 'DELETE', headers });
}

test('a script with a field is written, run with an answer, and its run followed', async ({ page, home, picture }, info) => {
  await home.call('input_select', 'select_option', { entity_id: 'input_select.house_mode', option: 'Home' });
  await page.goto('/scripts');
  await expect(page.getByRole('row', { name: /Come Home/ })).toBeVisible();
  await expectAccessible(page, ANNOUNCER);
  await picture('scripts');
  await page.getByRole('button', { name: 'New script' }).click();
  await page.getByLabel('Name', { exact: false }).first().fill('Set the mode');
  await page.getByText('What it asks for').click();
  await page.getByRole('button', { name: 'Add a field' }).click();
  await page.getByRole('textbox', { name: 'Word in templates' }).fill('wanted');
  await page.getByRole('textbox', { name: 'What it is for' }).click();
  await page.getByRole('button', { name: 'Add an action to: Do' }).click();
  await page.getByRole('searchbox', { name: /What should be done/ }).fill('input_select.select_option');
  await page.getByRole('button', { name: /Select option/ }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0); // it gives the focus back
  await page.getByRole('combobox', { name: 'Entities' }).last().click();
  await page.getByRole('combobox', { name: 'Entities' }).last().fill('House');
  await page.getByRole('option', { name: /House Mode/ }).first().click();
  await page.getByRole('textbox', { name: /^Option/ }).fill('{{ wanted }}');
  await expectAccessible(page, ANNOUNCER);
  await picture('script-edit');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(/\/scripts\/edit\/set_the_mode$/);
  await expect(page.getByText('Set the mode is saved and active')).toBeVisible();

  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Run Set the mode' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('Night');
  await page.getByRole('dialog').getByRole('button', { name: 'Run', exact: true }).click();
  await home.until('input_select.house_mode', 'Night');

  await page.getByRole('button', { name: 'More for Set the mode' }).click();
  await page.getByRole('menuitem', { name: /What happened/ }).click();
  await expect(page.getByRole('button', { name: /Select option.*: Done/ })).toBeVisible();
  await forget(info, '/api/config/script/config/set_the_mode');
});

test('a scene is captured as the room is, changed, and brings it back', async ({ page, home, picture }, info) => {
  await home.call('light', 'turn_on', { entity_id: 'light.bedroom', brightness: 200 });
  await home.until('light.bedroom', 'on');
  await page.goto('/scenes');
  await expect(page.getByRole('button', { name: 'Activate Evening' })).toBeVisible();
  await expectAccessible(page, ANNOUNCER);
  await picture('scenes');
  await page.getByRole('button', { name: 'New scene' }).click();
  await page.getByRole('textbox', { name: /^Name/ }).fill('Reading');
  await page.getByRole('combobox', { name: /Add a thing/ }).fill('light.bedroom');
  await page.getByRole('option').filter({ hasText: 'light.bedroom' }).first().click();
  await expect(page.getByRole('region', { name: 'Bedroom' })).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Brightness' })).toBeVisible();
  await expectAccessible(page, ANNOUNCER);
  await picture('scene-edit');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Reading is saved')).toBeVisible();
  const id = page.url().split('/').at(-1)!;

  await home.call('light', 'turn_off', { entity_id: 'light.bedroom' });
  await home.until('light.bedroom', 'off');
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Activate Reading' }).click();
  await home.until('light.bedroom', 'on');
  await forget(info, `/api/config/scene/config/${id}`);
});

const BLUEPRINT = `blueprint:
  name: Light follows a switch
  description: What is switched on, switches a light on.
  domain: automation
  input:
    cause:
      name: What is switched
      selector:
        entity:
          domain: input_boolean
    lamp:
      name: The light
      selector:
        entity:
          domain: light
triggers:
  - trigger: state
    entity_id: !input cause
    to: "on"
actions:
  - action: light.turn_on
    target:
      entity_id: !input lamp
`;

test('a blueprint is imported from the web, filled in, and deleted', async ({ page, home, picture }, info) => {
  const server: Server = createServer((_request, response) => response.end(BLUEPRINT));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    await page.goto('/blueprints');
    await page.getByRole('button', { name: 'Import from the web' }).first().click();
    await page.getByRole('textbox', { name: /Web address/ }).fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}/follows.yaml`);
    await page.getByRole('button', { name: 'Look at it' }).click();
    await expect(page.getByRole('heading', { name: 'Light follows a switch' })).toBeVisible();
    await expectAccessible(page, ANNOUNCER);
    await page.getByRole('button', { name: 'Keep it' }).click();
    await expect(page.getByText('Light follows a switch is imported')).toBeVisible();
    await picture('blueprints');
    await expectAccessible(page, ANNOUNCER);

    await page.getByRole('button', { name: 'Use Light follows a switch' }).click();
    await page.getByLabel('Name', { exact: false }).first().fill('Porch follows vacation');
    await page.getByRole('combobox', { name: /What is switched/ }).fill('Vacation');
    await page.getByRole('option', { name: /Vacation/ }).first().click();
    await page.getByRole('combobox', { name: /The light/ }).fill('light.porch');
    await page.getByRole('option', { name: /Porch/ }).first().click();
    await picture('blueprint-use');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page).toHaveURL(/\/automations\/edit\/\d+$/);
    await home.until('automation.porch_follows_vacation', 'on');
    await home.call('light', 'turn_off', { entity_id: 'light.porch' });
    await home.call('input_boolean', 'turn_off', { entity_id: 'input_boolean.vacation' });
    await home.until('light.porch', 'off');
    await home.call('input_boolean', 'turn_on', { entity_id: 'input_boolean.vacation' });
    await home.until('light.porch', 'on');
    await home.call('input_boolean', 'turn_off', { entity_id: 'input_boolean.vacation' });

    const id = page.url().split('/').at(-1)!;
    await page.goto('/blueprints');
    await page.getByRole('button', { name: 'More for Light follows a switch' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText(/is in use/)).toBeVisible();
    await forget(info, `/api/config/automation/config/${id}`);
    await page.getByRole('button', { name: 'More for Light follows a switch' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText('Light follows a switch was deleted')).toBeVisible();
  } finally {
    server.close();
  }
});
