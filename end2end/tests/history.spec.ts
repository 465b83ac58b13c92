import { readFile } from 'node:fs/promises';
import type { APIRequestContext, Page } from '@playwright/test';
import { axe, expect, test } from '../support/test';

/** Sends and waits until WhatsApp has it. */
async function sent(api: APIRequestContext, text: string, to = '6281234567890'): Promise<string> {
  const answer = await api.post('/api/v1/messages', { data: { to, text } });
  expect(answer.ok(), await answer.text()).toBe(true);
  const { id } = await answer.json();
  await expect
    .poll(async () => (await (await api.get(`/api/v1/queue/${id}`)).json()).state)
    .toMatch(/sent|delivered|read|failed/);
  return id;
}

const name = (of: string) => `${of} ${Math.random().toString(36).slice(2, 8)}`;
const rows = (page: Page) => page.getByRole('region', { name: 'History' }).locator('tbody tr');
const panel = (page: Page) => page.getByRole('complementary');

/** A day in the organization's time zone, so many days from today. */
function day(offset: number): string {
  const then = new Date(Date.now() + offset * 86_400_000);
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Jakarta' }).format(then);
}

test('shows what left and what became of it, complete without script @no-js', async ({ page, api }) => {
  const text = name('Struk');
  await sent(api, text);
  await page.goto('/history');
  await expect(page).toHaveTitle('History · Switchboard');
  const row = rows(page).filter({ hasText: text });
  await expect(row).toContainText('+62 812-3456-7890');
  await expect(row).toContainText(/Sent|Delivered|Read/);
  await axe(page);
  await row.getByRole('link').click();
  await expect(page).toHaveURL(/\/history\?entry=msg_/);
  await expect(panel(page)).toContainText('To +62 812-3456-7890');
  await expect(panel(page)).toContainText(text);
  await axe(page);
});

test('days and states live in the address, and Back works @no-js', async ({ page, api }) => {
  const text = name('Today');
  await sent(api, text);
  await page.goto('/history');
  await page.getByLabel('From').fill(day(-8));
  await page.getByLabel('Until').fill(day(-7));
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`start=${day(-8)}&end=${day(-7)}`));
  await expect(page.getByText('Nothing fits this filter')).toBeVisible();
  await page.goBack();
  await expect(rows(page).filter({ hasText: text })).toHaveCount(1);
  await expect(page.getByLabel('From')).toHaveValue('');
  await page.getByLabel('From').fill(day(0));
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(rows(page).filter({ hasText: text })).toHaveCount(1);
  const states = page.getByRole('navigation', { name: 'State' });
  await states.getByRole('link', { name: 'Cancelled' }).click();
  await expect(page).toHaveURL(/start=.*state=cancelled/);
  await expect(rows(page).filter({ hasText: text })).toHaveCount(0);
  await page.getByRole('link', { name: 'Every day' }).click();
  await expect(page).toHaveURL('/history?state=cancelled');
});

test('days typed before the page woke up stay, and Back still brings the days back', async ({ page }) => {
  let go = () => {};
  const later = new Promise<void>((done) => (go = done));
  await page.route(/\.wasm/, async (route) => {
    await later;
    await route.continue();
  });
  await page.goto(`/history?start=${day(-3)}`);
  await page.getByLabel('From').fill(day(-2));
  await page.getByLabel('Until').fill(day(-1));
  go();
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await expect(page.getByLabel('From')).toHaveValue(day(-2));
  await expect(page.getByLabel('Until')).toHaveValue(day(-1));
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`start=${day(-2)}&end=${day(-1)}`));
  await page.goBack();
  await expect(page.getByLabel('From')).toHaveValue(day(-3));
  await expect(page.getByLabel('Until')).toHaveValue('');
});

test('an end before the start is refused beside the field @no-js', async ({ page }) => {
  await page.goto(`/history?start=${day(0)}&end=${day(-3)}`);
  await expect(page.getByText('The end date is before the start date').first()).toBeVisible();
  await expect(page.getByLabel('Until')).toHaveValue(day(-3));
  await expect(page.getByLabel('Until')).toHaveAttribute('aria-invalid', 'true');
});

test('a failed message says why, and can be tried again', async ({ page, api, server }) => {
  const to = '6281999000111';
  const fault = await api.post(`/api/v1/sandbox/${server.session}/faults`, { data: { kind: 'fail', count: 1 } });
  expect(fault.ok(), await fault.text()).toBe(true);
  const id = await sent(api, name('Fails'), to);
  await page.goto(`/history?state=failed&entry=${id}`);
  await expect(panel(page)).toContainText('Failed');
  await expect(rows(page).first()).toContainText('Failed');
  await axe(page);
  await panel(page).getByRole('button', { name: 'Try again' }).click();
  await expect(panel(page)).toContainText(/Sent|Delivered|Read/);
});

test('ticks and new rows come by themselves', async ({ page, api }) => {
  await page.goto('/history');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  const text = name('Live');
  await sent(api, text);
  const row = rows(page).filter({ hasText: text });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('Delivered');
});

test('nothing scrolls sideways on a phone', async ({ page, api, server }) => {
  await sent(api, name('A rather long message that would like to be wider than a phone is'));
  const fault = await api.post(`/api/v1/sandbox/${server.session}/faults`, { data: { kind: 'fail', count: 1 } });
  expect(fault.ok(), await fault.text()).toBe(true);
  await sent(api, name('One that fails, with a reason that is long as well'));
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto('/history');
    await expect(rows(page).first()).toBeVisible();
    const over = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('.table-wrap')].map(
        (one) => one.scrollWidth - one.clientWidth,
      ),
    );
    expect(Math.max(...over)).toBe(0);
  }
});

test('what is shown is saved as a file, all of it @no-js', async ({ page, api }) => {
  const text = name('=1+1, "so"');
  await sent(api, text);
  await page.goto(`/history?start=${day(0)}`);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe(`history-${day(0)}.csv`);
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
  expect(lines[0]).toMatch(/^\ufeff"queue_id","id","reference_id","recipient","state","error","text",/);
  const quoted = `"'${text.replaceAll('"', '""')}"`;
  expect(lines.filter((line) => line.includes(quoted))).toHaveLength(1);
  await page.goto(`/history?start=${day(-8)}&end=${day(-7)}`);
  await expect(page.getByText('Nothing fits this filter')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Export CSV' })).toHaveCount(0);
});
