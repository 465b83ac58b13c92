import type { APIRequestContext, Page } from '@playwright/test';
import { axe, expect, test } from '../support/test';

const rows = (page: Page) => page.getByRole('region', { name: 'Request log' }).locator('tbody tr');
const panel = (page: Page) => page.getByRole('complementary');
const mark = () => Math.random().toString(36).slice(2, 8);

/** Waits until the newest call of that path is in the log. */
async function logged(api: APIRequestContext, path: string): Promise<string> {
  const list = `/api/v1/request-log?limit=1&path=${encodeURIComponent(path)}`;
  let id = '';
  await expect
    .poll(async () => (id = (await (await api.get(list)).json()).data[0]?.id ?? ''))
    .toMatch(/^req_/);
  return id;
}

test('shows what was asked and answered, complete without script @no-js', async ({ page, api, server }) => {
  const own = mark();
  const answer = await api.post(`/api/send?try=${own}`, {
    data: { number: '6281100000142', message: `Struk ${own}`, password: 'hunter2' },
  });
  const { queueId } = await answer.json();
  await logged(api, `/api/send?try=${own}`);
  await page.goto(`/request-log?path=/api/send?try=${own}`);
  await expect(page).toHaveTitle('Request log · Switchboard');
  const row = rows(page).first();
  await expect(row).toContainText('POST');
  await expect(row).toContainText('200');
  await expect(row).toContainText(server.apiKey.slice(0, 11));
  await axe(page);

  await row.getByRole('link').click();
  await expect(page).toHaveURL(/request=req_/);
  await expect(panel(page)).toContainText(`POST /api/send?try=${own}`);
  await expect(panel(page)).toContainText(`Struk ${own}`);
  await expect(panel(page)).toContainText('Message queued successfully');
  await expect(panel(page)).toContainText('[masked]');
  await expect(panel(page)).not.toContainText('hunter2');
  const body = await panel(page).locator('.code', { hasText: 'Request body' }).locator('pre').boundingBox();
  expect(body?.height).toBeGreaterThan(60);
  await expect(page.locator('body')).not.toContainText(server.apiKey);
  await axe(page);

  const code = panel(page).locator('#curl');
  await expect(code).toContainText(`curl -X POST '${server.baseURL}/api/send?try=${own}'`);
  await expect(code).toContainText("-H 'X-API-Key: YOUR_API_KEY'");
  await panel(page).getByRole('link', { name: `#${queueId}`, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/queue\\?entry=${queueId}`));
  await expect(panel(page)).toContainText(`Struk ${own}`);
});

test('the filters live in the address, and Back works @no-js', async ({ page, api }) => {
  const own = mark();
  await api.get(`/api/queue?try=${own}`);
  await api.get(`/api/v1/nothing-${own}`);
  await logged(api, `/api/queue?try=${own}`);
  await logged(api, `/api/v1/nothing-${own}`);
  await page.goto('/request-log');
  await page.getByLabel('Path').fill(`/api/v1/nothing-${own}`);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(/path=%2Fapi%2Fv1%2Fnothing/);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText('404');
  const status = page.getByRole('navigation', { name: 'Status' });
  await status.getByRole('link', { name: 'Done' }).click();
  await expect(page).toHaveURL(/status=2xx/);
  await expect(page.getByText('No call fits this filter')).toBeVisible();
  await page.goBack();
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByLabel('Path')).toHaveValue(`/api/v1/nothing-${own}`);
  await page.getByRole('button', { name: 'All methods' }).click();
  await page.getByRole('link', { name: 'DELETE', exact: true }).click();
  await expect(page.getByText('No call fits this filter')).toBeVisible();
  await page.getByRole('link', { name: 'Show everything' }).first().click();
  await expect(page).toHaveURL('/request-log');
  await expect(rows(page)).not.toHaveCount(0);
});

test('an end before the start is refused beside the field @no-js', async ({ page }) => {
  await page.goto('/request-log?from=2026-11-20&to=2026-11-01');
  await expect(page.getByText('The end is before the start').first()).toBeVisible();
  await expect(page.getByLabel('Until')).toHaveAttribute('aria-invalid', 'true');
});

test('how long calls are kept is said here @no-js', async ({ page, api }) => {
  await page.goto('/request-log');
  await page.getByRole('link', { name: 'How long' }).click();
  const dialog = page.getByRole('dialog', { name: 'How long calls are kept' });
  await expect(dialog).toContainText('7 days, as the platform says');
  await axe(page);
  await dialog.getByLabel('Days').fill('30');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL('/request-log');
  const settings = await (await api.get('/api/v1/request-log/settings')).json();
  expect(settings.request_log_days).toBe(30);
  await page.getByRole('link', { name: 'How long' }).click();
  await expect(dialog.getByLabel('Days')).toHaveValue('30');
});

test('reads again when asked, and closes by Escape', async ({ page, api }) => {
  const own = mark();
  await page.goto(`/request-log?path=/api/queue?again=${own}`);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await expect(page.getByText('No call fits this filter')).toBeVisible();
  await api.get(`/api/queue?again=${own}`);
  await logged(api, `/api/queue?again=${own}`);
  await page.getByRole('button', { name: 'Read again' }).click();
  await expect(rows(page)).toHaveCount(1);
  await rows(page).getByRole('link').click();
  await expect(panel(page)).toContainText('GET /api/queue');
  await page.keyboard.press('Escape');
  await expect(panel(page)).toHaveCount(0);
});

test('a call that is not there says so', async ({ page }) => {
  await page.goto('/request-log?request=req_00000000000070008000000000000000');
  await expect(panel(page)).toContainText('Not found');
});

for (const theme of ['light', 'dark'] as const) {
  test(`nothing scrolls sideways on a phone, ${theme}`, async ({ page, api }) => {
    const own = `a-rather-long-address-that-would-like-to-be-wider-than-a-phone-${mark()}`;
    await api.post(`/api/send?try=${own}`, { data: { number: '6281100000142', message: 'x'.repeat(300) } });
    const id = await logged(api, `/api/send?try=${own}`);
    await page.emulateMedia({ colorScheme: theme });
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      for (const path of ['/request-log', `/request-log?request=${id}`]) {
        await page.goto(path);
        await expect(page.locator('tbody tr').first()).toBeAttached();
        if (width === 390) await axe(page);
        const over = await page.evaluate(() =>
          [document.documentElement, ...document.querySelectorAll('.table-wrap, .panel .scroll')].map(
            (one) => one.scrollWidth - one.clientWidth,
          ),
        );
        expect(Math.max(...over), path).toBe(0);
      }
    }
  });
}
