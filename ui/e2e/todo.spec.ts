import { expect, expectAccessible, type Home, test } from './fixtures.ts';

/** The first list of a home that can be written to; made when there is none. */
async function list(home: Home): Promise<string> {
  const find = async () => (await home.rest<{ entity_id: string }[]>('GET', '/api/states')).find((each) => each.entity_id === 'todo.groceries')?.entity_id;
  if (!(await find())) {
    const flow = await home.rest<{ flow_id: string }>('POST', '/api/config/config_entries/flow', { handler: 'local_todo' });
    await home.rest('POST', `/api/config/config_entries/flow/${flow.flow_id}`, { todo_list_name: 'Groceries' });
  }
  await expect.poll(find).toBe('todo.groceries');
  return 'todo.groceries';
}

test('a family keeps its list', async ({ page, home, picture }) => {
  const entityId = await list(home);
  await page.goto(`/todo/${entityId}`);
  await expect(page.getByRole('heading', { name: 'Groceries' })).toBeVisible();
  const field = page.getByRole('textbox', { name: 'What is to be done?' });
  for (const name of ['Milk', 'Bread', 'Apples']) {
    await field.fill(name);
    await field.press('Enter');
    await expect(page.getByRole('list', { name: 'To be done' }).getByText(name, { exact: true }).first()).toBeVisible();
    await expect(field).toHaveValue('');
  }
  // Somebody else writes at the same time.
  await home.call('todo', 'add_item', { entity_id: entityId, item: 'Cheese', due_date: '2020-01-01' });
  await expect(page.getByText('Cheese').first()).toBeVisible();
  await page.getByRole('checkbox', { name: 'Milk' }).first().click({ force: true });
  await expect(page.getByText(/\d+ done/).first()).toBeVisible();

  await page.getByRole('button', { name: 'Bread' }).last().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /What/ }).fill('Rye bread');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Rye bread').first()).toBeVisible();
  await expect(dialog).toBeHidden();
  await picture('todo');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Rye bread' }).last().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('“Rye bread” was removed')).toBeVisible();
  await page.getByRole('button', { name: 'Clear what is done' }).click();
  await expect(page.getByText(/^\d+ done$/)).toHaveCount(0);
});
