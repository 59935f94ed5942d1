import { expect, expectAccessible, test } from './fixtures.ts';

test('an owner sees what went wrong, searches it, and listens closer', async ({ page, home, picture }) => {
  await home.call('system_log', 'write', { message: 'the e2e test was here', level: 'error', logger: 'e2e.logger' });
  await home.call('system_log', 'write', { message: 'the e2e test was here', level: 'error', logger: 'e2e.logger' });
  await page.goto('/logs');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Logs');
  const problem = page.getByRole('listitem').filter({ hasText: 'the e2e test was here' }).first();
  await expect(problem).toContainText(/\d+ times/);
  // What comes while one looks is shown, too.
  await home.call('system_log', 'write', { message: 'and later again', level: 'warning', logger: 'e2e.later' });
  await expect(page.getByText('and later again').first()).toBeVisible();
  await problem.getByText('the e2e test was here').first().click();
  await expect(problem.getByText('Told by')).toBeVisible();
  await picture('logs');
  await expectAccessible(page);

  await page.getByRole('searchbox', { name: 'Search' }).fill('later again');
  await expect(page.getByText('the e2e test was here')).toHaveCount(0);
  await page.getByRole('tab', { name: 'Lines' }).click();
  await expect(page.getByRole('log').getByText(/and later again/).first()).toBeVisible();
  // They come as they are written.
  await home.call('system_log', 'write', { message: 'later again, and live', level: 'warning', logger: 'e2e.later' });
  await expect(page.getByRole('log').getByText(/later again, and live/).first()).toBeVisible();
  await picture('logs-lines');
  await expectAccessible(page);

  await page.getByRole('tab', { name: 'How much is logged' }).click();
  await page.getByRole('textbox', { name: 'Logger' }).fill('e2e.logger');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await expect(page.getByText('e2e.logger logs now: Everything')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('tab', { name: 'Problems' }).click();
  await page.getByRole('button', { name: 'Clear' }).first().click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByText('The list is empty now')).toBeVisible();
});
