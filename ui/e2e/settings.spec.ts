import { expect, expectAccessible, test } from './fixtures.ts';

/** So that a home in which this was walked before is no matter. */
const turn = Date.now().toString(36);
/** A picture of one pixel. */
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('the owner finds a setting by its name, and moves the home', async ({ page, picture, home }) => {
  await page.goto('/settings');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
  await expect(page.getByRole('link', { name: /Users and people/ })).toBeVisible();
  await picture('settings');
  await expectAccessible(page);
  await page.getByRole('searchbox', { name: 'Search all settings' }).fill('time zone');
  await page.getByRole('list', { name: 'Settings that fit' }).getByRole('link', { name: /Time zone/ }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Name and place');
  const { elevation } = await home.rest<{ elevation: number }>('GET', '/api/config');
  const field = page.getByRole('textbox', { name: 'Elevation' });
  await field.fill(String(elevation + 7));
  await field.blur();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(async () => (await home.rest<{ elevation: number }>('GET', '/api/config')).elevation).toBe(elevation + 7);
  await picture('settings-home');
  await expectAccessible(page);
});

test('a token is made, works, and works no more when it is revoked', async ({ page, picture, home }) => {
  await page.goto('/profile');
  await page.getByRole('button', { name: 'Make a token' }).click();
  await page.getByRole('textbox', { name: 'What is it for?' }).fill(`Backup script ${turn}`);
  await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click();
  const secret = await page.getByLabel('The token').textContent();
  const asked = () => fetch(`${home.url}/api/`, { headers: { Authorization: `Bearer ${secret}` } });
  expect((await asked()).status).toBe(200);
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByText(secret!)).toBeHidden();
  await picture('profile');
  await expectAccessible(page);
  await page.getByRole('button', { name: `Revoke Backup script ${turn}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect.poll(async () => (await asked()).status).toBe(401);
});

test('a second factor is shown as a picture', async ({ page, picture }) => {
  await page.goto('/profile');
  await page.getByRole('button', { name: 'Set up' }).click();
  const code = page.getByRole('img', { name: /QR code/ });
  await expect(code).toBeVisible();
  expect(await code.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await picture('profile-second-factor');
  await page.getByRole('textbox', { name: 'Code from the app' }).fill('000000');
  await page.getByRole('button', { name: 'Finish' }).click();
  await expect(page.getByText(/That code does not fit/)).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
});

test('numbers and times are written as one wishes, and one has a picture', async ({ page, picture }) => {
  await page.goto('/profile');
  const choose = async (what: string, value: string) => {
    await page.getByRole('button', { name: new RegExp(`${what}$`) }).click();
    await page.getByRole('option', { name: value }).click();
  };
  await choose('Numbers', '1.234.567,89');
  await expect(page.getByText(/12\.345,67/)).toBeVisible();
  await choose('Time of day', '24 hours (15:30)');
  await page.reload();
  await expect(page.getByText(/12\.345,67; .*\d\d:\d\d$/)).toBeVisible();
  await choose('Numbers', 'As the language has it');
  await choose('Time of day', 'As the language has it');
  await expect(page.getByText(/12,345\.67; .*(AM|PM)$/)).toBeVisible();

  await page.locator('input[type=file]').setInputFiles({ name: 'me.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('no picture') });
  await expect(page.getByText('“me.svg” is no picture')).toBeVisible();
  await page.locator('input[type=file]').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(DOT, 'base64') });
  await expect(page.getByText('Others see your new picture now.')).toBeVisible();
  const shown = page.locator('main img[src^="/api/image/serve/"]');
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await picture('profile-picture');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Remove the picture' }).click();
  await expect(shown).toHaveCount(0);
});

test('what was typed into the settings of an entity outlives a look at another tab', async ({ page }) => {
  await page.goto('/entities/light.kitchen');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('tab', { name: 'Settings' }).click();
  const name = dialog.getByRole('textbox', { name: 'Name', exact: true });
  await name.fill('Not yet saved');
  await dialog.getByRole('tab', { name: 'History' }).click();
  await expect(name).toBeHidden();
  await dialog.getByRole('tab', { name: 'Settings' }).click();
  await expect(name).toHaveValue('Not yet saved');
});

test('a user is added, shut out and removed', async ({ page, picture, home }) => {
  const bea = `Bea${turn}`;
  await page.goto('/settings/users');
  await page.getByRole('button', { name: 'Add a user' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(bea);
  await expect(dialog.getByRole('textbox', { name: 'User name' })).toHaveValue(bea.toLowerCase());
  await dialog.getByRole('textbox', { name: 'Password' }).fill('a long enough password');
  await dialog.getByRole('button', { name: 'Add a user' }).click();
  await expect(dialog).toBeHidden();
  const logIn = () => fetch(`${home.url}/api/auth/login`, { method: 'POST', body: JSON.stringify({ username: bea.toLowerCase(), password: 'a long enough password' }) });
  expect((await logIn()).status).toBe(200);
  await picture('settings-users');
  await expectAccessible(page);

  await page.getByRole('button', { name: bea }).click();
  await page.getByRole('switch', { name: /May come in/ }).click({ force: true });
  await picture('settings-user');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Shut out')).toBeVisible();
  expect((await logIn()).status).toBe(401);

  await page.getByRole('button', { name: bea }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('button', { name: bea })).toBeHidden();

  await page.getByRole('tab', { name: 'People' }).click();
  await page.getByRole('button', { name: bea }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('tab', { name: 'Log-in' }).click();
  await expect(page.getByText('Networks without a password')).toBeVisible();
});

test('a zone is made and removed', async ({ page, picture, home }) => {
  await page.goto('/settings/zones');
  await page.getByRole('button', { name: 'Add a zone' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Tennis club');
  await page.getByRole('textbox', { name: 'Latitude' }).fill('52.5');
  await page.getByRole('textbox', { name: 'Longitude' }).fill('13.4');
  await page.getByRole('textbox', { name: 'Longitude' }).blur();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: 'Tennis club' })).toBeVisible();
  expect((await home.state('zone.tennis_club')).attributes.latitude).toBe(52.5);
  await picture('settings-zones');
  await page.getByRole('button', { name: 'Tennis club' }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('button', { name: 'Tennis club' })).toBeHidden();
});

test('a wrong line of YAML is marked while it is typed, a draft outlives the page, and what others saved is not lost', async ({ page, picture, home }) => {
  const path = 'packages/e2e_editor.yaml';
  const stored = await home.rest<{ files: { path: string }[] }>('GET', '/api/config/files');
  if (!stored.files.some((file) => file.path === path)) await home.rest('PUT', `/api/config/files/${path}`, { text: '# nothing\n', digest: null });
  const read = () => home.rest<{ text: string; digest: string }>('GET', `/api/config/files/${path}`);

  await page.goto('/settings/files/automations.yaml');
  const editor = page.getByRole('textbox', { name: 'Text of automations.yaml' });
  await editor.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('- alias: Broken\n  trigger: [\n');
  await expect(page.getByText(/^Line \d+:/).first()).toBeVisible();
  await expect(page.getByText(/\d problems?/).first()).toBeVisible();
  await picture('settings-files');
  await page.getByRole('button', { name: /^Line \d+:/ }).first().click();
  await expect(editor).toBeFocused();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByText('No mistakes')).toBeVisible();

  await page.goto(`/settings/files/${path}`);
  await page.getByRole('textbox', { name: `Text of ${path}` }).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# mine');
  await expect(page.getByText('Not saved', { exact: true }).first()).toBeVisible();
  await page.waitForFunction((key) => localStorage.getItem(key)?.includes('# mine'), `marge_file ${path}`);
  await page.reload();
  await expect(page.getByText('# mine')).toBeVisible();

  const now = await read();
  await home.rest('PUT', `/api/config/files/${path}`, { text: `# theirs\n${now.text}`, digest: now.digest });
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Somebody else has saved this file' });
  await expect(dialog.getByText('# theirs')).toBeVisible();
  await picture('settings-files-conflict');
  await dialog.getByRole('button', { name: 'Save mine over it' }).click();
  await expect.poll(async () => (await read()).text).toContain('# mine');
  await expect(page.getByText('Saved, but not in use yet')).toBeVisible();
});

test('health, updates, repairs, restart, network, voice and versions are shown', async ({ page, picture }) => {
  for (const [name, sign] of [
    ['health', 'System information'],
    ['updates', /update|Everything is up to date/],
    ['repairs', /Nothing to repair|Warning|Error/],
    ['restart', 'Left out at the start'],
    ['network', 'Network adapters'],
    ['voice', 'Expose new entities by themselves'],
    ['about', 'Made with'],
  ] as const) {
    await page.goto(`/settings/${name}`);
    await expect(page.getByText(sign).first()).toBeVisible();
    await picture(`settings-${name}`);
    await expectAccessible(page);
  }
});

test('a backup is made, checked and restored', async ({ page, picture, home, problems }) => {
  test.setTimeout(600_000);
  const name = `Before the test ${turn}`;
  problems.allow(/WebSocket|ERR_CONNECTION/);
  await page.goto('/settings/backups');
  await page.getByRole('button', { name: 'Back up now' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Back up now' }).click();
  const row = page.getByRole('row').filter({ hasText: name }).first();
  await expect(row).toBeVisible();
  await picture('settings-backups');
  await expectAccessible(page);

  // It is taken away, deleted here, and brought back.
  await row.click();
  const download = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name: 'Download' }).click();
  const file = test.info().outputPath('backup.tar');
  await (await download).saveAs(file);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row).toBeHidden();
  await page.locator('input[type=file]').setInputFiles(file);
  await expect(row).toBeVisible();

  await home.rest('POST', '/api/config/scene/config/e2e_after_backup', { name: 'After the backup', entities: {} });
  await row.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await picture('settings-restore');
  await page.getByRole('button', { name: 'Check the backup' }).click();
  await expect(page.getByText('The backup is whole')).toBeVisible();
  await page.getByRole('button', { name: 'Restore now' }).click();
  await expect(page.getByText('The home was restored')).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('row').filter({ hasText: name }).first()).toBeVisible();
  expect(await home.rest('GET', '/api/config/scene/config/e2e_after_backup').then(() => 'there', () => 'gone')).toBe('gone');
});

test('Marge restarts, and the page comes back by itself', async ({ page, home, problems }) => {
  test.setTimeout(600_000);
  problems.allow(/WebSocket|ERR_CONNECTION/);
  const started = async () => Date.now() / 1000 - (await home.rest<{ uptime_seconds: number }>('GET', '/api/health')).uptime_seconds;
  const before = await started();
  await page.goto('/settings/restart');
  await page.getByRole('button', { name: 'Check the files' }).click();
  await expect(page.getByText('The files are in order')).toBeVisible();
  await page.getByRole('button', { name: 'Restart', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Restart' }).click();
  const anyway = page.getByRole('button', { name: 'Restart anyway' });
  const waiting = page.getByRole('dialog', { name: 'Marge restarts' });
  await expect(anyway.or(waiting)).toBeVisible();
  if (await anyway.isVisible()) await anyway.click();
  await expect.poll(() => started().catch(() => before), { timeout: 120_000 }).toBeGreaterThan(before + 1);
  await expect(waiting).toBeHidden();
  await expect(page.getByText('Left out at the start')).toBeVisible();
});
