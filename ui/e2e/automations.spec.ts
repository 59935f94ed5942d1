/** Automations: one built with the mouse, seen to fire, its trace followed; the YAML beside it; a draft that stays. */

import { dragKey, expect, expectAccessible, type Home, losable, pickUp, test } from './fixtures.ts';

const NAME = 'Kitchen light on motion';
/** `fill` on an editor inserts rich text, which nobody's keyboard does; the policy refuses its styles. */
const FILLING = /Applying inline style/;
/** React Aria's announcements point at what may be gone a moment later; it clears them itself. */
const ANNOUNCER = '[data-live-announcer]';
const ENTITY = 'automation.kitchen_light_on_motion';

/** Somebody walks past the detector, or has left: told over MQTT, as the house does. */
async function motion(home: Home, seen: boolean): Promise<void> {
  await home.call('mqtt', 'publish', { topic: 'zigbee2mqtt/Entryway Motion/simulate', payload: JSON.stringify({ occupancy: seen }) });
  await home.until('binary_sensor.entryway_motion', seen ? 'on' : 'off');
}

test.beforeEach(async ({ home }) => {
  await motion(home, false);
});

test.afterAll(async ({ browserName: _name }, info) => {
  // The home as it was, for whoever tests next.
  const url = String(info.project.use.baseURL);
  const headers = { Authorization: `Bearer ${process.env.MARGE_ACCESS_TOKEN}` };
  const items = (await (await fetch(`${url}/api/states/${ENTITY}`, { headers })).json()) as { attributes?: { id?: string } };
  await fetch(`${url}/api/config/automation/config/walked`, { method: 'DELETE', headers });
  if (items.attributes?.id) await fetch(`${url}/api/config/automation/config/${items.attributes.id}`, { method: 'DELETE', headers });
});

test('an automation is built with the mouse, fires, and shows what it did', async ({ page, home, picture }) => {
  await page.goto('/automations');
  await expect(page.getByRole('heading', { name: 'Automations', level: 1 })).toBeVisible();
  await expect(page.getByRole('row', { name: /Morning Wake-Up/ })).toBeVisible();
  await expectAccessible(page, ANNOUNCER);
  await picture('automations');

  await page.getByRole('button', { name: 'New automation' }).click();
  await page.getByLabel('Name', { exact: false }).first().fill(NAME);

  await page.getByRole('button', { name: 'Add a trigger to: When' }).click();
  await expectAccessible(page, ANNOUNCER);
  await picture('automation-add');
  await page.getByRole('button', { name: /^A state changes/ }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0); // it gives the focus back
  await page.getByRole('combobox', { name: 'Entities' }).fill('Entryway Motion');
  await page.getByRole('option', { name: /Entryway Motion/ }).first().click();
  await page.getByRole('combobox', { name: 'To', exact: true }).click();
  await page.getByRole('option', { name: /^Detected/ }).first().click();
  await expect(page.getByRole('button', { name: /Entryway Motion becomes Detected/ }).first()).toBeVisible();

  await page.getByRole('button', { name: 'Add an action to: Then do' }).click();
  await page.getByRole('searchbox', { name: /What should be done/ }).fill('light turn on');
  await page.getByRole('button', { name: /^Light: Turn on/ }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Entities' }).last().fill('Kitchen');
  await page.getByRole('option', { name: /Kitchen/ }).first().click();
  await page.getByRole('button', { name: 'Add a detail' }).click();
  await page.getByRole('menuitem', { name: 'Brightness in percent', exact: true }).click();
  await picture('automation-edit');
  await expectAccessible(page, ANNOUNCER);

  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`${NAME} is saved and active`)).toBeVisible();
  // On a phone name and buttons take two lines, and undoing stands beside the ways to look at it.
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole('group', { name: 'Views' }).getByRole('button', { name: 'Undo' })).toBeVisible();
  await expect.poll(async () => (await page.locator('header', { has: page.getByRole('heading', { level: 1 }) }).boundingBox())!.height).toBeLessThan(3 * 44);
  await page.setViewportSize(size);
  await expect(page).toHaveURL(/\/automations\/edit\/\d+$/);
  await home.until(ENTITY, 'on');

  await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });
  await home.until('light.kitchen', 'off');
  await motion(home, true);
  await home.until('light.kitchen', 'on');

  await page.getByRole('button', { name: 'What happened (traces)' }).click();
  await expect(page.getByRole('status').getByText('Done')).toBeVisible();
  await expect(page.getByRole('button', { name: /Entryway Motion becomes Detected: Done/ })).toBeVisible();
  await page.getByRole('button', { name: /Turn on – Kitchen.*: Done/ }).click();
  await expect(page.getByText('service: turn_on')).toBeVisible();
  await picture('automation-trace');
  await expectAccessible(page, ANNOUNCER);
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await expect(page.getByRole('heading', { name: 'What came of it' })).toBeVisible();
  await expectAccessible(page, ANNOUNCER);
  await page.getByRole('tab', { name: 'Raw data' }).click();

  // A new run shows by itself.
  const runs = page.getByRole('button', { name: /Run/ }).first();
  const before = await runs.textContent();
  await home.call('automation', 'trigger', { entity_id: ENTITY });
  await expect(runs).not.toHaveText(before ?? '');
});

test('form and YAML are one; what is wrong is said at its place; undo takes it back', async ({ page, problems }) => {
  problems.allow(FILLING);
  await page.goto('/automations/edit/new');
  const yaml = page.getByRole('button', { name: 'YAML beside the form' });
  if ((await yaml.getAttribute('aria-pressed')) !== 'true') await yaml.click();
  const text = page.getByRole('textbox', { name: 'The whole as YAML' });
  await text.fill('alias: From text\n# why it is here\ntriggers:\n  - trigger: time\n    at: "07:00:00"\nactions:\n  - delay: "00:01:00"\n  - acton: light.turn_on\n');
  await expect(page.getByRole('button', { name: /At 07:00/ }).first()).toBeVisible();
  await expect(page.getByText('Not right yet').first()).toBeVisible();
  await expect(page.getByText(/Line 8:/)).toBeVisible();

  await page.getByRole('button', { name: /More for Something this editor does not know/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(text).not.toContainText('acton');
  await expect(text).toContainText('# why it is here');

  await page.getByRole('button', { name: 'More for Wait 1 min' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(page.getByRole('button', { name: 'Move Wait 1 min' })).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(page.getByRole('button', { name: 'Move Wait 1 min' })).toHaveCount(1);

  await text.fill('alias: "broken');
  await expect(page.getByText(/The YAML has a mistake in line 1/)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).first().click();

  // Kept over a reload.
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await expect(page.getByText('These changes were not saved yet')).toBeVisible();
  await expect(page.getByRole('button', { name: /At 07:00/ }).first()).toBeVisible();

  // Leaving by a link is asked about.
  await page.getByRole('link', { name: 'Back' }).click();
  await expect(page.getByRole('alertdialog', { name: 'Leave without saving?' })).toBeVisible();
  await page.getByRole('button', { name: 'Discard', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Automations', level: 1 })).toBeVisible();
});

test('pieces are moved with the keyboard, into a nested list as well', async ({ page, problems }) => {
  problems.allow(FILLING);
  await page.goto('/automations/edit/new');
  const yaml = page.getByRole('button', { name: 'YAML beside the form' });
  if ((await yaml.getAttribute('aria-pressed')) !== 'true') await yaml.click();
  const text = page.getByRole('textbox', { name: 'The whole as YAML' });
  await text.fill('alias: Moving\ntriggers: []\nactions:\n  - stop: first\n  - if: []\n    then:\n      - stop: inside\n');
  await page.getByRole('button', { name: /^If – then/ }).click();
  await expect(page.getByRole('button', { name: 'Move Stop: inside' })).toBeVisible();
  await page.getByRole('button', { name: 'Move Stop: first' }).focus();
  await pickUp(page);
  const said = page.locator('[id^="DndLiveRegion"]').first();
  for (let turn = 0; turn < 6 && !/^In Then, |^At the end of Then$/.test((await said.textContent()) ?? ''); turn += 1) await dragKey(page, 'ArrowDown');
  await page.keyboard.press('Space');
  await expect(text).toContainText(/then:[\s\S]*stop: (first|inside)[\s\S]*stop: (first|inside)/);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(text).toContainText(/actions:\s+- stop: first/);

  // And with the mouse.
  await page.getByRole('button', { name: 'Move Stop: inside' }).scrollIntoViewIfNeeded();
  const handle = await page.getByRole('button', { name: 'Move Stop: inside' }).boundingBox();
  const target = await page.getByRole('button', { name: 'Move Stop: first' }).boundingBox();
  await page.mouse.move(handle!.x + 8, handle!.y + 20);
  await page.mouse.down();
  await page.mouse.move(target!.x + 40, target!.y + 30, { steps: 6 });
  await page.mouse.move(target!.x + 40, target!.y - 2, { steps: 6 });
  await expect(said).toHaveText('In Then do, before Stop: first');
  await page.mouse.up();
  await expect(text).toContainText(/actions:\s+- stop: inside\s+- stop: first/);
});

/** As somebody wrote it by hand, with a secret. */
const WRITTEN = `id: walked
# what the walk is about
alias: Walked
triggers:
- trigger: event
  event_type: !env_var MARGE_WALK walked   # told to nobody
conditions: []
actions:
# at first
- delay: 00:00:01   # a moment
- event: walked_on
`;
const WALKED = '/api/config/automation/config/walked';

async function putText(home: Home, text: string): Promise<void> {
  const response = await fetch(`${home.url}${WALKED}/yaml`, { method: 'PUT', headers: { Authorization: `Bearer ${process.env.MARGE_ACCESS_TOKEN}` }, body: text });
  expect(await response.text()).toContain('ok');
}

const writtenText = (home: Home): Promise<string> => home.rest<string>('GET', `${WALKED}/yaml`);

test('an open editor keeps comments, outlives the server and somebody who deletes', async ({ page, home, problems }) => {
  problems.allow(FILLING);
  const connection = await losable(page, problems);
  await putText(home, WRITTEN);
  await page.goto('/automations/edit/walked');
  const name = page.getByRole('textbox', { name: /^Name/ });
  await expect(name).toHaveValue('Walked');
  await name.fill('Walked twice');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved and active').first()).toBeVisible();
  expect(await writtenText(home)).toBe(WRITTEN.replace('alias: Walked', 'alias: Walked twice'));

  await connection.lose();
  await name.fill('Walked without a server');
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  connection.restore();
  await expect(page.getByText('The connection to Marge is gone')).toBeHidden();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => writtenText(home)).toContain('alias: Walked without a server');

  await home.rest('DELETE', WALKED);
  await expect(page.getByText('It was deleted elsewhere meanwhile')).toBeVisible();
  await expectAccessible(page, ANNOUNCER);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('It was deleted elsewhere meanwhile')).toBeHidden();
  await expect.poll(() => writtenText(home).catch(() => '')).toBe(WRITTEN.replace('alias: Walked', 'alias: Walked without a server'));

  const yaml = page.getByRole('button', { name: 'YAML beside the form' });
  if ((await yaml.getAttribute('aria-pressed')) !== 'true') await yaml.click();
  await page.getByRole('textbox', { name: 'The whole as YAML' }).fill(WRITTEN.replace('!env_var MARGE_WALK walked', '!secret nobody_told'));
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/Line 6:.*the secret `nobody_told` is not in secrets.yaml/s)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await home.rest('DELETE', WALKED);
});

test('a run waits before a step, does it, and is stopped', async ({ page, home, picture }) => {
  await putText(home, WRITTEN);
  await home.until('automation.walked', 'on');
  await home.rest('POST', '/api/events/walked', {});
  await page.goto('/automations/trace/walked');
  await expect(page.getByRole('status').getByText('Done')).toBeVisible();
  await page.getByRole('button', { name: 'Debug: let runs wait at steps' }).click();
  await page.getByRole('button', { name: /^Wait 1 sec/ }).click();
  await page.getByText('Let runs wait before this step').click();
  await expect(page.getByRole('button', { name: /^Wait 1 sec: Done, runs wait here/ })).toBeVisible();
  await page.getByRole('button', { name: 'Run now' }).click();
  await expect(page.getByText('The run waits before: Wait 1 sec')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Wait 1 sec: A run waits here/ })).toBeVisible();
  await picture('automation-debug');
  await expectAccessible(page, ANNOUNCER);
  await page.getByRole('button', { name: 'Do this step' }).click();
  await expect(page.getByText(/The run waits before: .*walked_on/)).toBeVisible();
  await page.getByRole('button', { name: 'Stop the run' }).click();
  await expect(page.getByRole('status').getByText('Stopped')).toBeVisible();
  // Who leaves lets all runs go on.
  await page.getByRole('button', { name: 'Run now' }).click();
  await expect(page.getByText('The run waits before: Wait 1 sec')).toBeVisible();
  await page.getByRole('link', { name: 'Back' }).click();
  await home.until('automation.walked', 'on');
  await expect.poll(async () => (await home.state('automation.walked')).attributes.current).toBe(0);
  await home.rest('DELETE', WALKED);
});

test('automations are sorted into categories, several at once', async ({ page, picture }) => {
  await page.goto('/automations');
  // What a walk that broke off has left.
  await page.getByRole('button', { name: 'Change categories' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('textbox', { name: 'New category' })).toBeVisible();
  const left = dialog.getByRole('button', { name: 'Delete Safety' });
  if ((await left.count()) > 0) {
    await left.click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect(left).toHaveCount(0);
  }
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Select', exact: true }).click();
  await page.getByRole('row', { name: /Security Alert/ }).getByRole('checkbox').press('Space');
  await page.getByRole('row', { name: /Smoke\/CO/ }).getByRole('checkbox').press('Space');
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.getByRole('region', { name: 'With those that are selected' }).getByRole('button', { name: 'Category' }).click();
  await dialog.getByRole('textbox', { name: 'New category' }).fill('Safety');
  await expectAccessible(page, ANNOUNCER);
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole('button', { name: 'End selection' }).click();
  await page.getByRole('button', { name: /Group by/ }).click();
  await page.getByRole('option', { name: 'Category' }).click();
  await expect(page.getByRole('row', { name: /^Safety 2/ })).toBeVisible();
  await picture('automations-groups');
  await expectAccessible(page, ANNOUNCER);
  await page.getByRole('button', { name: 'All Category' }).click();
  await page.getByRole('option', { name: 'Safety' }).click();
  await expect(page.getByRole('row', { name: /Morning Wake-Up/ })).toHaveCount(0);

  await page.getByRole('button', { name: 'Change categories' }).click();
  await dialog.getByRole('button', { name: 'Delete Safety' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(dialog.getByRole('button', { name: 'Delete Safety' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row', { name: /Morning Wake-Up/ })).toBeVisible();
});

test('why it did not fire', async ({ page, home, picture }) => {
  await home.call('automation', 'trigger', { entity_id: 'automation.security_alert_motion_while_armed_away', skip_condition: false });
  await page.goto('/automations/trace/security_alert_motion_while_armed_away');
  await page.getByRole('tab', { name: 'Why not?' }).click();
  await expect(page.getByText('Condition 1 was not true:').first()).toBeVisible();
  await expect(page.getByText('Not true now')).toBeVisible();
  await picture('automation-why');
  await expectAccessible(page, ANNOUNCER);
});
