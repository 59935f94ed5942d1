import { expect, expectAccessible, type Home, test } from './fixtures.ts';

interface Step {
  flow_id: string;
  type: string;
  result?: { entry_id: string };
}

/** An integration's entry without questions but its name; gives how to remove it. */
async function added(home: Home, handler: string, values: Record<string, unknown>): Promise<() => Promise<unknown>> {
  const left = await home.rest<{ entry_id: string; title: string }[]>('GET', `/api/config/config_entries/entry?domain=${handler}`);
  for (const entry of left) if (entry.title.startsWith('Spec ')) await home.rest('DELETE', `/api/config/config_entries/entry/${entry.entry_id}`);
  const step = await home.rest<Step>('POST', '/api/config/config_entries/flow', { handler });
  const done = await home.rest<Step>('POST', `/api/config/config_entries/flow/${step.flow_id}`, values);
  expect(done.type).toBe('create_entry');
  return () => home.rest('DELETE', `/api/config/config_entries/entry/${done.result!.entry_id}`);
}

test('the dialog of one entity of each kind keeps nobody out', async ({ page, home }) => {
  test.setTimeout(600_000);
  const states = await home.rest<{ entity_id: string; state: string }[]>('GET', '/api/states');
  const first = new Map<string, string>();
  for (const { entity_id: id, state } of states) if (state !== 'unavailable' && !first.has(id.split('.')[0]!)) first.set(id.split('.')[0]!, id);
  for (const id of first.values()) {
    await page.goto(`/entities/${id}`);
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('tab', { name: 'Now' })).toBeVisible();
    await expect(dialog.getByRole('tabpanel')).not.toBeEmpty();
    await expectAccessible(page);
  }
});

test('a to-do list: written, ticked, changed, cleared', async ({ page, home, picture }) => {
  const remove = await added(home, 'local_todo', { todo_list_name: 'Spec errands' });
  await home.until('todo.spec_errands', '0');
  await page.goto('/entities/todo.spec_errands');
  const dialog = page.getByRole('dialog').first();
  await expect(dialog.getByText('Nothing to do')).toBeVisible();
  for (const item of ['Milk', 'Bread', 'Nails']) {
    await dialog.getByLabel('New item').fill(item);
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('button', { name: item, exact: true })).toBeVisible();
  }
  await home.until('todo.spec_errands', '3');
  await dialog.getByRole('checkbox', { name: 'Bread is done' }).focus();
  await page.keyboard.press('Space');
  await home.until('todo.spec_errands', '2');
  await expect(dialog.getByText('Done (1)')).toBeVisible();
  await dialog.getByRole('button', { name: 'Move Nails up' }).click();
  await expect(dialog.getByRole('listitem').first()).toContainText('Nails');
  await picture('entity-todo');
  await dialog.getByRole('button', { name: 'Milk', exact: true }).click();
  const editor = page.getByRole('dialog').filter({ hasText: 'Change the item' });
  await editor.getByLabel(/^Item/).fill('Oat milk');
  await expectAccessible(page);
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('button', { name: 'Oat milk', exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Remove what is done' }).click();
  await expect(dialog.getByText('Bread')).toHaveCount(0);
  await remove();
});

test('a calendar: an event is made, changed and deleted', async ({ page, home, picture }) => {
  const remove = await added(home, 'local_calendar', { calendar_name: 'Spec family' });
  await home.until('calendar.spec_family', 'off');
  await page.goto('/entities/calendar.spec_family');
  const dialog = page.getByRole('dialog').first();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const editor = page.getByRole('dialog').last();
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(editor.getByText('Fill this in').first()).toBeVisible();
  await editor.getByLabel(/^What/).fill('Spec supper');
  await editor.getByRole('switch', { name: 'All day' }).focus();
  await page.keyboard.press('Space');
  // The browser's day, or the next one late in the evening, is not always the home's.
  await editor.getByLabel('From').fill(await home.day());
  await editor.getByLabel('Until').fill(await home.day(1));
  await expectAccessible(page);
  await picture('entity-calendar-event');
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('button', { name: /Spec supper/ })).toBeVisible();
  await home.until('calendar.spec_family', 'on');
  await dialog.getByRole('button', { name: /Spec supper/ }).click();
  await page.getByRole('dialog').last().getByLabel('Where').fill('At home');
  await page.getByRole('dialog').last().getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('At home')).toBeVisible();
  await dialog.getByRole('button', { name: /Spec supper/ }).click();
  await page.getByRole('dialog').last().getByRole('button', { name: 'Delete' }).click();
  await expect(dialog.getByText('Nothing this month')).toBeVisible();
  await remove();
});
