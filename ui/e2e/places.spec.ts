import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { type Ask, asker } from './ask.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

/** As a plug with Tasmota announces itself. */
const PLUG = {
  ip: '192.0.2.9', dn: 'Test plug', fn: ['Test plug', null, null, null, null, null, null, null], hn: 'test-plug', mac: '5CCF7F00E2E0', md: 'Sonoff Basic', ty: 0, if: 0, ofln: 'Offline', onln: 'Online', state: ['OFF', 'ON', 'TOGGLE', 'HOLD'],
  sw: '14.2.0', t: 'test_plug', ft: '%prefix%/%topic%/', tp: ['cmnd', 'stat', 'tele'], rl: [1, 0, 0, 0, 0, 0, 0, 0], swc: [-1, -1, -1, -1, -1, -1, -1, -1], swn: [null, null, null, null, null, null, null, null], btn: [0, 0, 0, 0, 0, 0, 0, 0],
  so: { 4: 0, 11: 0, 13: 0, 17: 0, 20: 0, 30: 0, 68: 0, 73: 0, 82: 0, 114: 0, 117: 0 }, lk: 0, lt_st: 0, sho: [0, 0, 0, 0], ver: 1,
};

interface Area { area_id: string; name: string }
/** Without what this walk makes: before it, for an earlier one may have ended early, and after it. */
async function tidy(ask: Ask, names: readonly string[]): Promise<void> {
  const rooms = ((await ask('config/area_registry/list')) as Area[]).map((area) => area.area_id);
  if (rooms.includes('kitchen')) {
    // what stands in the rooms of the demo home as it begins
    const devices = (await ask('config/device_registry/list')) as { id: string; name: string | null; area_id: string | null }[];
    for (const device of devices) if (device.name === 'Kitchen' && device.area_id !== 'kitchen') await ask('config/device_registry/update', { device_id: device.id, area_id: 'kitchen' });
    await ask('config/area_registry/reorder', { area_ids: [...rooms].sort() });
  }
  for (const area of (await ask('config/area_registry/list')) as Area[]) if (names.includes(area.name)) await ask('config/area_registry/delete', { area_id: area.area_id });
  for (const floor of (await ask('config/floor_registry/list')) as { floor_id: string; name: string }[]) if (floor.name.startsWith('Test ')) await ask('config/floor_registry/delete', { floor_id: floor.floor_id });
  for (const label of (await ask('config/label_registry/list')) as { label_id: string; name: string }[]) if (label.name.startsWith('Test ')) await ask('config/label_registry/delete', { label_id: label.label_id });
}

test('an area on a floor, filled with a device, is on the home page; it moves with the keyboard', async ({ page, home, picture }) => {
  const ask = asker(page);
  await page.goto('/areas');
  await tidy(ask, ['Pantry']);
  await page.getByRole('button', { name: 'New floor' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Test ground floor');
  await page.getByRole('textbox', { name: 'Level' }).fill('0');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Test ground floor' })).toBeVisible();

  await page.getByRole('button', { name: 'New area' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Pantry');
  await page.getByRole('textbox', { name: 'Icon' }).fill('mdi:food-apple');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();

  const ground = page.getByRole('region', { name: 'Test ground floor' });
  await page.getByRole('button', { name: 'Move Pantry' }).focus();
  await page.keyboard.press('Space');
  await page.waitForTimeout(300);
  await page.keyboard.press('ArrowUp');
  await page.waitForTimeout(300);
  await page.keyboard.press('Space');
  await expect(ground.getByRole('link', { name: /Pantry/ })).toBeVisible();
  await expect.poll(async () => ((await ask('config/area_registry/list')) as { name: string; floor_id: string | null }[]).find((area) => area.name === 'Pantry')?.floor_id).toBe('test_ground_floor');

  // two rooms change places with the mouse, and one goes to another floor
  const grip = (name: string) => page.getByRole('button', { name: `Move ${name}` });
  const drag = async (name: string, target: Locator) => {
    await grip(name).hover();
    await page.mouse.down();
    const box = (await target.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 });
    await page.mouse.up();
  };
  const order = async () => ((await ask('config/area_registry/list')) as Area[]).map((area) => area.area_id).filter((id) => ['bathroom', 'bedroom'].includes(id));
  const [first, second] = await order();
  const named: Record<string, string> = { bathroom: 'Bathroom', bedroom: 'Bedroom' };
  await drag(named[second!]!, page.getByRole('link', { name: new RegExp(`^${named[first!]!}`) }));
  await expect.poll(order).toEqual([second, first]);
  await drag('Garage', ground.getByRole('link', { name: /Pantry/ }));
  await expect(ground.getByRole('link', { name: /Garage/ })).toBeVisible();

  await ground.getByRole('link', { name: /Pantry/ }).click();
  await page.getByRole('button', { name: 'Add devices' }).click();
  await page.getByLabel('Find devices').fill('Kitchen');
  await page.getByRole('dialog').locator('label').filter({ hasText: /^Kitchen.*IKEA/ }).click();
  await page.getByRole('button', { name: 'Add 1 device' }).click();
  await expect(page.getByRole('link', { name: /^Kitchen/ }).first()).toBeVisible();
  await expectAccessible(page);
  await picture('places-area');
  await home.rest('POST', '/api/states/sensor.test_pantry', { state: '17.5', attributes: { friendly_name: 'Test pantry', device_class: 'temperature', unit_of_measurement: '°C' } });
  await ask('config/area_registry/update', { area_id: 'pantry', temperature_entity_id: 'sensor.test_pantry' });
  await page.goto('/areas');
  await expect(page.getByText('1 device · ')).toBeVisible();
  await expectAccessible(page);
  await picture('places-areas');
  // A reading says why it is so; all around it leads to the area.
  await page.getByRole('button', { name: /^Test pantry: 17\.5/ }).click();
  await expect(page.getByRole('dialog').getByText('Why?', { exact: true }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/areas$/);
  await home.rest('DELETE', '/api/states/sensor.test_pantry');
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Pantry' }).first()).toBeVisible();
  await tidy(ask, ['Pantry']);
});

test('devices are found, moved and labelled, and have a page of their own', async ({ page, picture }) => {
  const ask = asker(page);
  await page.goto('/devices');
  await tidy(ask, []);
  await ask('config/label_registry/create', { name: 'Test night', color: 'indigo' });
  const table = page.getByRole('grid', { name: 'Devices' });
  await expect(table.getByRole('row').nth(3)).toBeVisible();
  await expectAccessible(page);
  await picture('places-devices');
  await page.getByLabel('Search devices').fill('bedroom');
  await expect(table.getByRole('row', { name: /^Bedroom/ }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Select', exact: true }).click();
  await table.getByText('Bedroom', { exact: true }).first().locator('xpath=ancestor::*[@role="row"]').getByRole('checkbox').check({ force: true });
  await page.getByRole('region', { name: 'With those that are selected' }).getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Add a label' }).click();
  await page.getByRole('combobox', { name: 'Label' }).click();
  await page.getByRole('option', { name: 'Test night' }).click();
  await page.getByRole('button', { name: 'Apply to one' }).click();
  await expect(page.getByText('Done for one')).toBeVisible();

  await page.goto('/labels');
  await expect(page.getByRole('listitem').filter({ hasText: 'Test night' }).getByRole('link', { name: '1 device' })).toBeVisible();
  await expectAccessible(page);
  await picture('places-labels');

  await page.getByRole('link', { name: '1 device' }).first().click();
  await page.getByText('Bedroom', { exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Bedroom' })).toBeVisible();
  await expect(page.getByText('Known completely')).toBeVisible();
  await page.getByRole('button', { name: 'More for Bedroom' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /^Download diagnostics/ }).click();
  const file = test.info().outputPath('diagnostics.json');
  await (await download).saveAs(file);
  expect((JSON.parse(readFileSync(file, 'utf-8')) as { data: { device: { name: string } } }).data.device.name).toBe('Bedroom');
  await page.getByRole('button', { name: 'Show messages' }).click();
  await page.getByText('light.bedroom', { exact: true }).click();
  await expect(page.getByText(/zigbee2mqtt\/Bedroom \(/).first()).toBeVisible();
  await expectAccessible(page);
  await picture('places-device');
  await page.goto('/devices/nothing');
  await expect(page.getByText('There is no such device').first()).toBeVisible();
  await tidy(ask, []);
});

test('a Zigbee device joins while one watches', async ({ page, picture }) => {
  await page.goto('/integrations/zigbee2mqtt');
  await page.getByRole('button', { name: 'Let devices join' }).click();
  await expect(page.getByRole('timer', { name: 'Time left' })).toHaveText(/^\d:\d\d$/);
  await expect(page.getByText('Devices may join now')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Ready to use' }).first()).toBeVisible();
  await expectAccessible(page);
  await picture('places-pairing');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Let devices join' })).toBeVisible();
  await page.getByRole('button', { name: 'Show the map' }).click();
  await page.getByRole('button', { name: /^Draw/ }).click();
  const drawing = page.getByRole('img', { name: /^Drawing of/ });
  await expect(drawing).toBeVisible();
  await drawing.scrollIntoViewIfNeeded();
  await picture('places-map');
  await expectAccessible(page);
});

test('an integration is added by its conversation, shown, and deleted', async ({ page, picture }) => {
  await page.goto('/integrations');
  await expect(page.getByRole('link', { name: /MQTT/ }).first()).toBeVisible();
  await expectAccessible(page);
  await picture('places-integrations');
  await page.getByRole('button', { name: 'Add integration' }).click();
  await page.getByRole('dialog').getByRole('searchbox').fill('calendar');
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Local Calendar/ }).click();
  await page.getByLabel('Name of the calendar').fill('Harvest');
  await picture('places-flow');
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await expect(page.getByRole('heading', { name: 'It was added' })).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('link', { name: /Local Calendar/ }).click();
  const entry = page.getByRole('listitem').filter({ hasText: 'Harvest' });
  await expect(entry.getByText('Running')).toBeVisible();
  await entry.getByRole('button', { name: 'More for Harvest' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Harvest was deleted')).toBeVisible();
  await expect(entry).toHaveCount(0);
});

test('what is not at an address is said in the form, and nothing typed is lost', async ({ page }) => {
  await page.goto('/integrations');
  await page.getByRole('button', { name: 'Add integration' }).click();
  await page.getByRole('button', { name: /^Shelly/ }).click();
  await page.getByLabel('Address').fill('127.0.0.1:9');
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await expect(page.getByText('Nobody answers there, or it is not such a device.')).toBeVisible();
  await expect(page.getByLabel('Address')).toHaveValue('127.0.0.1:9');
});

test('what is found is ignored, and wanted again', async ({ page, home }) => {
  const ask = asker(page);
  await page.goto('/integrations');
  const entries = await ask<{ entry_id: string; domain: string; source: string }[]>('config_entries/get');
  for (const entry of entries) if (entry.domain === 'tasmota' && entry.source === 'ignore') await home.rest('DELETE', `/api/config/config_entries/entry/${entry.entry_id}`);
  const card = page.getByRole('button', { name: 'Ignore Tasmota' });
  // Announced until it is heard: the bridge may still be on its way.
  await expect(async () => {
    await home.call('mqtt', 'publish', { topic: 'tasmota/discovery/5CCF7F00E2E0/config', payload: JSON.stringify(PLUG) });
    await expect(card).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 180_000 });
  await card.click();
  await expect(card).toBeHidden();
  await page.getByText('1 ignored').click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Do not ignore Tasmota' }).click();
  await expect(page.getByText('1 ignored')).toBeHidden();
});

test('a bridge is restarted, and its log can be read', async ({ page, picture }) => {
  await page.goto('/integrations/simulator');
  const card = page.locator('section').filter({ has: page.getByRole('heading', { name: /^Connection: Simulator/ }) });
  await card.getByRole('button', { name: 'Restart' }).click();
  await expect(page.getByText('Simulator starts again')).toBeVisible();
  await expect(card.getByText('Running', { exact: true })).toBeVisible();
  await card.getByRole('button', { name: 'Show log' }).click();
  await expect(card.getByRole('heading', { name: 'What the program says' })).toBeVisible();
  await expectAccessible(page);
  await picture('places-bridge');
});

test('the quick bar finds rooms, devices, entities and pages with the keyboard', async ({ page, picture }) => {
  await page.goto('/areas');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search everything' });
  await field.fill('kitchen');
  await expect(page.getByRole('option').nth(2)).toBeVisible();
  await expectAccessible(page);
  await picture('places-search');
  await field.fill('histo');
  await expect(page.getByRole('option', { name: /History/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/history/);
  await page.keyboard.press('Control+k');
  await field.fill('light.kitchen');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByRole('heading', { name: 'Kitchen' })).toBeVisible();
});
