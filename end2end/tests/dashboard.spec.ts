import type { APIRequestContext, Page } from '@playwright/test';
import { axe, expect, test } from '../support/test';

/** The number that stands under a label. */
const stat = (page: Page, label: string) =>
  page.getByRole('region', { name: 'Numbers' }).getByRole('link', { name: new RegExp(`^${label} `) }).locator('.value');

async function send(api: APIRequestContext, message: string): Promise<void> {
  const answer = await api.post('/api/send', { data: { number: '6281234567890', message } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

test('says how things stand, complete without script @no-js', async ({ page, server }) => {
  await page.goto('/');
  await expect(page).toHaveTitle('Dashboard · Switchboard');
  await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
  await expect(page.getByText(/^As of \d\d:\d\d:\d\d$/)).toBeVisible();
  await expect(stat(page, 'Connected')).toContainText('1');
  const chart = page.getByRole('region', { name: 'Messages by date' });
  await expect(chart.getByRole('img')).toBeVisible();
  await chart.getByText('Show as a table').click();
  await expect(chart.getByRole('row')).toHaveCount(8);
  await expect(page.getByText(`curl ${server.baseURL}/api/send`).or(page.getByText('All is well')).first()).toBeVisible();
  await axe(page);
});

test('the numbers move by themselves', async ({ page, api }) => {
  await page.goto('/');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  const before = Number((await stat(page, 'Sent today').innerText()).replace(/\D/g, ''));
  await send(api, 'The dashboard counts this');
  await send(api, 'and this');
  await expect(stat(page, 'Sent today')).toHaveText(String(before + 2));
});

test('a session that is down is the first thing one sees', async ({ page, api }) => {
  const made = await api.post('/api/v1/sessions', { data: { name: 'Outlet Braga' } });
  const { id } = await made.json();
  await api.post(`/api/v1/sandbox/${id}/pair`, { data: {} });
  await expect.poll(async () => (await (await api.get(`/api/v1/sessions/${id}`)).json()).state).toBe('connected');
  await page.goto('/');
  await expect(page.getByText('All is well')).toBeVisible();
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await api.post(`/api/v1/sessions/${id}/log-out`);
  const line = page.getByRole('region', { name: /needs? you/ }).getByRole('link', { name: /Outlet Braga/ });
  await expect(line).toContainText('Logged out');
  await axe(page);
  await line.click();
  await expect(page).toHaveURL(/\/sessions/);
  // Otherwise the page may still ask for what is deleted under it.
  await page.goto('about:blank');
  await api.delete(`/api/v1/sessions/${id}`);
});

test('nothing scrolls sideways on a phone', async ({ page }) => {
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto('/');
    await expect(stat(page, 'Sent today')).toBeVisible();
    const over = await page.evaluate(() => {
      const pane = document.querySelector('main .scroll') as HTMLElement;
      return [document.documentElement, pane].map((one) => one.scrollWidth - one.clientWidth);
    });
    expect(over).toEqual([0, 0]);
  }
});
