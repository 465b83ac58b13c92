import { expect, test } from '../support/test';

test('a page whose part is gone is loaded as a whole', async ({ page, problems }) => {
  problems.expect(/panicked|load callback|404|unreachable|RuntimeError|not ok/);
  await page.goto('/');
  await expect(page.locator('.live-word', { hasText: /^Live$/ })).toBeVisible();
  // What is missing right after the page began would be missing again.
  await page.waitForTimeout(3_100);
  let refused = 0;
  await page.route(/split_settings.*\.wasm/, async (route) => {
    if (refused++ > 0) await route.continue();
    else await route.fulfill({ status: 404, body: '' });
  });
  const begun = page.waitForEvent('framenavigated');
  await page.getByRole('link', { name: 'API keys' }).click();
  await begun;
  await expect(page).toHaveURL(/\/keys$/);
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible();
  await expect(page.locator('.live-word', { hasText: /^Live$/ })).toBeVisible();
  expect(refused).toBeGreaterThan(0);
});
