import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';

/** Commands over a WebSocket of the page's own, in the owner's name. */
async function commands(page: Page, list: Record<string, unknown>[]): Promise<unknown[]> {
  return page.evaluate(
    ([wanted, token]) =>
      new Promise<unknown[]>((resolve, reject) => {
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/websocket`);
        const results: unknown[] = [];
        const next = () => {
          if (results.length === wanted.length) {
            socket.close();
            resolve(results);
          } else socket.send(JSON.stringify({ id: results.length + 1, ...wanted[results.length] }));
        };
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(String(data)) as { type: string; success?: boolean; result?: unknown; error?: unknown };
          if (message.type === 'auth_required') socket.send(JSON.stringify({ type: 'auth', access_token: token }));
          else if (message.type === 'auth_ok') next();
          else if (message.type === 'result') {
            if (!message.success) return reject(new Error(JSON.stringify(message.error)));
            results.push(message.result);
            next();
          } else if (message.type === 'auth_invalid') reject(new Error('not logged in'));
        };
      }),
    [list, process.env.MARGE_ACCESS_TOKEN] as const,
  );
}

/** Hours of a meter that counts up, from so many days ago on, each day some more: no week is as the one before, whatever day it is. */
function meter(id: string, name: string, unit: string, days: number, perHour: (hour: number) => number): Record<string, unknown> {
  const begin = Math.floor(Date.now() / 3_600_000) * 3_600_000 - days * 86_400_000;
  let sum = 0;
  const stats = Array.from({ length: days * 24 }, (_each, at) => {
    const start = new Date(begin + at * 3_600_000);
    sum += perHour((start.getUTCHours() + 17) % 24) * (1 + at / 24 / days);
    return { start: start.toISOString(), sum, state: sum };
  });
  return { type: 'recorder/import_statistics', metadata: { has_mean: false, has_sum: true, name, source: 'test', statistic_id: `test:${id}`, unit_of_measurement: unit }, stats };
}

const sun = (hour: number) => Math.max(0, 3 * Math.sin(((hour - 6) / 12) * Math.PI));

test('an owner names the meters, and sees where the energy went', async ({ page, picture }) => {
  await page.goto('/energy');
  await commands(page, [
    { type: 'energy/save_prefs', energy_sources: [], device_consumption: [] },
    meter('grid_in', 'Electricity meter', 'kWh', 40, (hour) => (hour < 7 || hour > 17 ? 0.6 : 0.1)),
    meter('grid_out', 'Feed-in meter', 'kWh', 40, (hour) => sun(hour) * 0.4),
    meter('solar', 'Roof', 'kWh', 40, sun),
    meter('battery_in', 'Battery charging', 'kWh', 40, (hour) => sun(hour) * 0.2),
    meter('battery_out', 'Battery discharging', 'kWh', 40, (hour) => (hour > 17 && hour < 23 ? 0.5 : 0)),
    meter('water', 'Water meter', 'm³', 40, (hour) => (hour > 6 && hour < 22 ? 0.012 : 0)),
    meter('gas', 'Gas meter', 'm³', 40, (hour) => (hour < 9 ? 0.3 : 0.1)),
    meter('washer', 'Washing machine', 'kWh', 40, (hour) => (hour === 10 ? 0.9 : 0)),
    meter('fridge', 'Fridge', 'kWh', 40, () => 0.05),
  ]);
  await page.reload();
  await expect(page.getByText('See where your energy goes')).toBeVisible();
  await page.getByRole('button', { name: 'Choose the meters' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Set up energy');

  await page.getByRole('button', { name: 'Add a meter of what you buy' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('Choose a meter.')).toBeVisible();
  await dialog.getByRole('combobox', { name: /Meter/ }).fill('Electricity');
  await page.getByRole('option', { name: /Electricity meter/ }).click();
  await dialog.getByRole('button', { name: /What does it cost/ }).click();
  await page.getByRole('option', { name: 'A fixed price' }).click();
  await dialog.getByRole('textbox', { name: /Price/ }).fill('0.31');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Electricity meter', { exact: true })).toBeVisible();
  await expect(page.getByText(/at 0.31/)).toBeVisible();

  const [prefs] = (await commands(page, [{ type: 'energy/get_prefs' }])) as [{ energy_sources: { type: string; flow_from: unknown[] }[] }];
  const grid = prefs.energy_sources[0]!;
  expect(grid.flow_from).toMatchObject([{ stat_energy_from: 'test:grid_in', number_energy_price: 0.31 }]);
  await commands(page, [
    {
      type: 'energy/save_prefs',
      energy_sources: [
        { ...grid, flow_to: [{ stat_energy_to: 'test:grid_out', stat_compensation: null, entity_energy_price: null, number_energy_price: 0.08 }] },
        { type: 'solar', stat_energy_from: 'test:solar', config_entry_solar_forecast: null },
        { type: 'battery', stat_energy_from: 'test:battery_out', stat_energy_to: 'test:battery_in' },
        { type: 'gas', stat_energy_from: 'test:gas', stat_cost: null, entity_energy_price: null, number_energy_price: null },
        { type: 'water', stat_energy_from: 'test:water', stat_cost: null, entity_energy_price: null, number_energy_price: null },
      ],
      device_consumption: [{ stat_consumption: 'test:washer', name: 'Washing machine' }, { stat_consumption: 'test:fridge' }, { stat_consumption: 'sensor.gone_away' }],
    },
  ]);
  await page.reload();
  // What is wrong stands beside what it is about.
  await expect(page.getByText(/does not exist \(any more\)|has no statistics yet/).first()).toBeVisible();
  await picture('energy-setup');

  await page.getByRole('link', { name: 'Back' }).click();
  await expect(page.getByRole('heading', { name: 'Electricity' })).toBeVisible();
  await page.getByRole('button', { name: /Length of time/ }).click();
  await page.getByRole('option', { name: 'Week' }).click();
  await page.getByRole('button', { name: 'Earlier' }).click();
  await expect(page).toHaveURL(/view=week/);
  await expect(page.getByText('Self-sufficiency')).toBeVisible();
  await expect(page.getByRole('img', { name: /The home used .* from the sun to the home/ })).toBeVisible();
  await expect(page.getByText('Washing machine').first()).toBeVisible();
  await page.getByRole('button', { name: 'Compare with the time before' }).click();
  await expect(page.getByText(/(more|less) than the week before/).first()).toBeVisible();
  await picture('energy');
  await expectAccessible(page);
});
