import type { Page } from '@playwright/test';
import { dragKey, expect, expectAccessible, pickUp, test } from './fixtures.ts';
import { finger } from './touch.ts';

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

test('an owner arranges cards with mouse and keyboard, edits one as YAML, and goes back to automatic', async ({ page, home, picture }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^Edit:/ })).toBeVisible();
  await picture('home-editor');
  await expectAccessible(page);

  // a view of one's own
  await page.getByRole('button', { name: 'Add a view' }).click();
  await page.getByLabel('Title').fill('Mine');
  await page.getByRole('button', { name: 'Apply' }).click();
  for (const [type, field] of [['Text', 'Text *'], ['Value', '']] as const) {
    await page.getByRole('button', { name: 'Add a card' }).first().click();
    await page.getByRole('button', { name: new RegExp(`^${type} `) }).click();
    if (field) await page.getByLabel(field).fill('Lights on: {{ states.light | selectattr("state", "eq", "on") | list | count }}');
    await page.getByRole('button', { name: 'Apply' }).click();
  }

  // the keyboard moves the second card before the first
  const handles = page.locator('button[aria-roledescription="sortable"]');
  await expect(handles).toHaveCount(2);
  const second = await handles.nth(1).getAttribute('aria-label');
  await handles.nth(1).focus();
  await pickUp(page);
  await dragKey(page, 'ArrowUp');
  await page.keyboard.press('Space');
  await expect(handles.nth(0)).toHaveAttribute('aria-label', second!);

  // and the mouse moves it back
  await handles.nth(0).hover(); // waits until nothing moves any more
  await page.mouse.down();
  const to = (await handles.nth(1).boundingBox())!;
  await page.mouse.move(to.x + 15, to.y + 30, { steps: 12 });
  await page.mouse.move(to.x + 15, to.y + 40, { steps: 4 });
  await expect(page.getByRole('status').filter({ hasText: /^At the place of (Text|the end)/ })).toBeAttached();
  await page.mouse.up();
  await expect(handles.nth(1)).toHaveAttribute('aria-label', second!);

  // YAML beside the form: a mistake is marked, a change is seen in the form
  await page.getByRole('button', { name: /^Edit (?!this)/ }).nth(1).click();
  const editor = page.getByRole('textbox', { name: 'As YAML' });
  await editor.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('type: entity\nentity: [light');
  await expect(page.getByRole('alert').filter({ hasText: /flow sequence/i })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Apply' })).toBeDisabled();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('type: entity\nentity: light.kitchen\nname: The kitchen');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('The kitchen');
  await picture('home-card');
  await page.getByRole('button', { name: 'Apply' }).click();

  // a reload loses nothing
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await page.getByRole('button', { name: 'Go on editing' }).click();
  await page.getByRole('button', { name: 'Mine', exact: true }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The dashboard is saved')).toBeVisible();
  await page.getByRole('link', { name: 'Mine' }).click();
  await expect(page.getByText('The kitchen')).toBeVisible();
  await home.call('light', 'turn_on', { entity_id: 'light.kitchen' });
  await expect(page.getByText(/^Lights on: [1-9]/)).toBeVisible();
  await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });

  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('button', { name: 'More for this dashboard' }).click();
  await page.getByRole('menuitem', { name: 'Back to automatic' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Back to automatic' }).click();
  await expect(page.getByRole('link', { name: 'Mine' })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Kitchen' })).toBeVisible();
});

/** Store a dashboard as the default one; null: it makes itself again. */
async function keep(page: Page, config: unknown): Promise<void> {
  await page.evaluate(async (wanted) => {
    const { access_token } = JSON.parse(localStorage.getItem('marge_tokens') ?? '{}') as { access_token: string };
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/websocket`);
    const ask = wanted === null ? { type: 'lovelace/config/delete', url_path: null } : { type: 'lovelace/config/save', url_path: null, config: wanted };
    await new Promise<void>((done) => {
      socket.onmessage = ({ data }) => {
        const { type } = JSON.parse(String(data)) as { type: string };
        if (type === 'auth_required') socket.send(JSON.stringify({ type: 'auth', access_token }));
        else if (type === 'auth_ok') socket.send(JSON.stringify({ id: 1, ...ask }));
        else done();
      };
    });
    socket.close();
  }, config);
}

test('a light is dimmed by key and mouse; a map shows who is where', async ({ page, home, picture }) => {
  const brightness = async () => Number((await home.state('light.kitchen')).attributes.brightness ?? 0);
  await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });
  await page.goto('/');
  await keep(page, {
    views: [{
      title: 'Walk',
      cards: [
        { type: 'tile', entity: 'light.kitchen', name: 'The kitchen', features: [{ type: 'light-brightness' }] },
        { type: 'map', title: 'Where we are', entities: ['person.resident', 'zone.work'] },
        { type: 'picture', image: 'https://example.org/house.png' },
      ],
    }],
  });
  try {
    await page.reload();
    const slider = page.getByRole('slider', { name: /^Brightness of / });
    await slider.press('End');
    await expect.poll(brightness).toBe(255);
    await expect(slider).toHaveAttribute('aria-valuenow', '100');
    await slider.click({ position: { x: 4, y: 12 } });
    await expect.poll(brightness).toBeLessThan(30);
    await slider.press('Home');
    await home.until('light.kitchen', 'off');

    const map = page.getByRole('application', { name: 'Where we are' });
    await expect(map.getByRole('button', { name: 'Resident: Home' })).toBeVisible();
    await map.press('+');
    await map.press('ArrowLeft');
    await page.getByRole('button', { name: 'Show everything' }).click();
    await expect(page.getByRole('button', { name: 'Show everything' })).toBeHidden();
    await page.getByText('As a list').click();
    await expect(page.getByRole('button', { name: /^Work/ })).toBeVisible();
    await expect(page.getByText(/^Pictures of other servers are not shown/)).toBeVisible();
    await expectAccessible(page);
    await picture('home-map');
  } finally {
    await keep(page, null);
  }
});

test.describe('by touch', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('a slider is scrolled over without a change, slid and tapped; on a tile as in the dialog', async ({ page, home }) => {
    const told: number[] = [];
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        const level = /"brightness_pct":(\d+)/.exec(String(payload))?.[1];
        if (level) told.push(Number(level));
      });
    });
    await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });
    await page.goto('/');
    const hand = await finger(page);
    const box = async (of: ReturnType<Page['locator']>) => {
      await of.scrollIntoViewIfNeeded();
      // Until nothing moves any more.
      await of.evaluate((element) => new Promise<void>((done) => {
        const look = (last?: number) => {
          const now = element.getBoundingClientRect().y;
          if (now === last) done();
          else setTimeout(() => look(now), 150);
        };
        look();
      }));
      const { x, y, width, height } = (await of.boundingBox())!;
      return { at: (share: number): [number, number] => [x + width * share, y + height / 2], middle: y + height / 2 };
    };
    const tile = page.getByRole('slider', { name: /^Brightness of .*kitchen/i }).first();
    await expect(tile).toBeVisible();
    let place = await box(tile);
    const before = await page.evaluate(() => window.scrollY);
    await hand.drag(place.at(0.5), [place.at(0.5)[0] + 3, place.middle - 160]);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(before);
    place = await box(tile);
    await hand.drag(place.at(0.2), place.at(0.8));
    await expect.poll(() => told.length).toBe(1); // scrolling over it told nothing
    expect(told[0]).toBeGreaterThan(65);
    await home.until('light.kitchen', 'on');

    await page.goto('/entities/light.kitchen');
    const track = page.getByRole('dialog').getByRole('group', { name: 'Brightness' }).locator('[class*="sliderTrack"]');
    await expect(track).toBeVisible();
    place = await box(track);
    await hand.drag(place.at(0.9), [place.at(0.9)[0], place.middle - 120]);
    place = await box(track);
    await hand.tap(place.at(0.3));
    await expect.poll(() => told.length).toBe(2);
    expect(told[1]).toBeLessThan(45);
    await home.call('light', 'turn_off', { entity_id: 'light.kitchen' });
  });
});
