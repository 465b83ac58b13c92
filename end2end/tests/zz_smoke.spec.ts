import { test, expect, axe, anonymous } from '../support/test';
import { startServer } from '../support/server';
test('logged in', { tag: '@no-js' }, async ({ page, api }) => {
  await page.goto('/'); await expect(page.getByText('Welcome')).toBeVisible(); await axe(page);
  expect((await (await api.get('/key')).json()).k).toBe('sb_k');
});
test('console error fails', async ({ page }) => { await page.goto('/bad'); });
test('console error expected', async ({ page, problems }) => { problems.expect(/boom/); await page.goto('/bad'); });
test('axe finds', async ({ page, problems }) => { problems.expect(/boom/); await page.goto('/bad'); await axe(page); });
test.describe('anonymous', () => { test.use(anonymous);
  test('nobody', async ({ page }) => { await page.goto('/'); await expect(page.getByText('Who?')).toBeVisible(); }); });
test('first run and kill', async () => { const s = await startServer({ init: false });
  await s.printed(/set-up\?token=(\w+)/); await s.kill(); await s.start(); await s.stop(); });
