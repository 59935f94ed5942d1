import { expect, expectAccessible, type Home, test } from './fixtures.ts';

async function calendar(home: Home): Promise<void> {
  const find = async () => (await home.rest<{ entity_id: string }[]>('GET', '/api/calendars')).some((each) => each.entity_id === 'calendar.family');
  if (!(await find())) {
    const flow = await home.rest<{ flow_id: string }>('POST', '/api/config/config_entries/flow', { handler: 'local_calendar' });
    const step = await home.rest<{ type: string; flow_id: string }>('POST', `/api/config/config_entries/flow/${flow.flow_id}`, { calendar_name: 'Family', import: 'create_empty' });
    expect(step.type).toBe('create_entry');
  }
  await expect.poll(find).toBe(true);
}

test('a family writes down what is coming up', async ({ page, home, picture }) => {
  await calendar(home);
  await page.goto('/calendar');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Calendar');
  await page.getByRole('button', { name: 'Add event' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('Say what it is.')).toBeVisible();
  await dialog.getByRole('textbox', { name: /What/ }).fill('Piano lesson');
  const where = dialog.getByRole('button', { name: /^Calendar|Calendar$/ });
  if (await where.count()) {
    await where.first().click();
    await page.getByRole('option', { name: 'Family' }).click();
  }
  await dialog.getByRole('button', { name: /Repeats/ }).click();
  await page.getByRole('option', { name: 'By weeks' }).click();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The event is saved').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /Piano lesson/ }).first()).toBeVisible();
  await picture('calendar');
  // Its name is there as a whole, below the time where both do not fit.
  const name = page.getByRole('button', { name: /Piano lesson/ }).first().getByText('Piano lesson');
  expect(await name.evaluate((each) => each.scrollWidth - each.clientWidth)).toBe(0);
  await expectAccessible(page);

  await page.getByRole('button', { name: /View/ }).click();
  await page.getByRole('option', { name: 'List' }).click();
  await expect(page.getByRole('button', { name: /Piano lesson/ }).nth(3)).toBeVisible();
  await picture('calendar-list');
  // Only one of the series goes.
  await page.getByRole('button', { name: /Piano lesson/ }).nth(1).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Only this one' }).click();
  await expect(page.getByText('“Piano lesson” is deleted')).toBeVisible();
  await page.getByRole('button', { name: /Piano lesson/ }).first().click();
  await dialog.getByRole('textbox', { name: /What/ }).fill('Cello lesson');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'All of them' }).click();
  await expect(page.getByRole('button', { name: /Cello lesson/ }).first()).toBeVisible();

  await page.getByRole('button', { name: /View/ }).click();
  await page.getByRole('option', { name: 'Week' }).click();
  await expect(page.getByRole('button', { name: /Cello lesson/ }).first()).toBeVisible();
  await picture('calendar-week');
  await expectAccessible(page);
  await page.getByRole('button', { name: /Cello lesson/ }).first().click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'All of them' }).click();
  await expect(page.getByRole('button', { name: /Cello lesson/ })).toHaveCount(0);
});
