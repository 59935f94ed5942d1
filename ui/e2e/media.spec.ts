import { expect, expectAccessible, test } from './fixtures.ts';

/** A second of silence. */
function sound(): Buffer {
  const samples = Buffer.alloc(8000, 128);
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

test('media are uploaded, looked at, listened to and deleted', async ({ page, picture }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Media', exact: true }).click();
  await page.getByRole('button', { name: 'My media' }).click();
  // What an earlier walk left is replaced.
  await page.getByLabel('Files to upload').setInputFiles([
    { name: 'walk picture.png', mimeType: 'image/png', buffer: PICTURE },
    { name: 'walk sound.wav', mimeType: 'audio/wav', buffer: sound() },
    { name: 'walk note.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
  ]);
  await expect(page.getByText('walk note.txt: only pictures, sounds and films can be kept here.')).toBeVisible();
  const shown = page.getByRole('button', { name: 'walk picture.png', exact: true });
  await expect(shown.locator('img')).toBeVisible();
  await expect(shown.locator('img')).toHaveAttribute('src', /^\/api\/media_thumbnail\/local\/walk%20picture\.png\?/);
  await expectAccessible(page);
  await picture('media');

  await shown.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('img', { name: 'walk picture.png' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Next' }).click();
  await expect.poll(() => dialog.locator('audio').evaluate((audio: HTMLAudioElement) => audio.duration)).toBe(1);
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  // the way to the folder is in the address
  await page.reload();
  for (const name of ['walk picture.png', 'walk sound.wav']) {
    await page.getByRole('button', { name: `More for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByRole('button', { name, exact: true })).toBeHidden();
  }
});
