import type { APIRequestContext, Page } from '@playwright/test';
import { axe, expect, test } from '../support/test';

/** The number that stands under a label. */
const stat = (page: Page, label: string) =>
  page.getByRole('region', { name: 'Numbers' }).getByRole('link', { name: new RegExp(`^${label} [\\d–]`) }).locator('.value');

const count = async (page: Page, label: string) => Number((await stat(page, label).innerText()).replace(/\D/g, ''));

/** A day of the organization, which is not where the browser is. */
const day = (back: number) =>
  new Date(Date.now() - back * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'Asia/Jakarta' });

async function send(api: APIRequestContext, message: string, more = {}): Promise<void> {
  const answer = await api.post('/api/send', { data: { number: '6281234567890', message, ...more } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** A connected sandbox session of its own. */
async function phone(api: APIRequestContext, name: string): Promise<string> {
  const { id } = await (await api.post('/api/v1/sessions', { data: { name } })).json();
  await api.post(`/api/v1/sandbox/${id}/pair`, { data: {} });
  await expect.poll(async () => (await (await api.get(`/api/v1/sessions/${id}`)).json()).state).toBe('connected');
  return id;
}

test('says how things stand, complete without script @no-js', async ({ page, server }) => {
  await page.goto('/');
  await expect(page).toHaveTitle('Dashboard · Switchboard');
  await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
  await expect(page.getByText(/^As of \d\d:\d\d:\d\d$/)).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Period' }).locator('[aria-current]')).toHaveText('7 days');
  for (const label of ['Sessions', 'Connected', 'Sent', 'In queue', 'Received', 'Delivered', 'Read', 'Failed', 'Sent ever', 'Engagement']) {
    await expect(stat(page, label), label).toBeVisible();
  }
  const chart = page.getByRole('region', { name: 'Messages by date' });
  await expect(chart.getByRole('img')).toBeVisible();
  await chart.getByText('Show as a table').click();
  await expect(chart.getByRole('row')).toHaveCount(8);
  const limits = page.getByRole('region', { name: 'Sent today, by session' });
  await limits.getByText('Show as a table').click();
  await expect(limits.getByRole('columnheader', { name: 'Daily limit' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Recent activity' })).toBeVisible();
  for (const [word, to] of [
    ['Send a message', '/send'],
    ['Send many', '/send/many'],
    ['Add a sandbox phone', '/sessions?add=1'],
    ['New API key', '/keys?add=1'],
    ['See the queue', '/queue'],
    ['API docs and tester', '/docs'],
  ] as const) {
    const link = page.getByRole('navigation', { name: 'Quick actions' }).getByRole('link', { name: word });
    await expect(link).toHaveAttribute('href', to);
  }
  await expect(page.getByText(`curl ${server.baseURL}/api/send`).or(page.getByRole('region', { name: /^State$|needs? you/ })).first()).toBeVisible();
  await axe(page);
});

test('shows the days that are asked for, and keeps them in the address @no-js', async ({ page }) => {
  await page.goto('/');
  const periods = page.getByRole('navigation', { name: 'Period' });
  const shown = page.getByRole('region', { name: 'Sent, by session' }).locator('header .meta');
  await expect(shown).toHaveText('last 7 days');
  await periods.getByRole('link', { name: '30 days' }).click();
  await expect(page).toHaveURL('/?period=30d');
  await expect(shown).toHaveText('last 30 days');
  await periods.getByRole('link', { name: 'Today' }).click();
  await expect(page).toHaveURL('/?period=today');
  await expect(stat(page, 'Sent today')).toBeVisible();
  await expect(shown).toHaveText('today');

  await periods.getByRole('link', { name: 'Custom…' }).click();
  const days = page.getByRole('region', { name: 'Days' });
  await days.getByLabel('From').fill(day(9));
  await days.getByLabel('Until').fill(day(3));
  await days.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(new RegExp(`[?]from=${day(9)}&until=${day(3)}`));
  await expect(shown).toHaveText(/ – \d+ [A-Z][a-z]{2} \d{4}$/);
  await expect(periods.locator('[aria-current]')).toHaveText('Custom…');
  await expect(stat(page, 'Sent')).toBeVisible();
  await expect(page.getByText('only for periods that end today')).toBeVisible();
  await page.goBack();
  await expect(shown).toHaveText('last 7 days');
});

test('days that cannot be say which and why, and break nothing else @no-js', async ({ page }) => {
  const days = page.getByRole('region', { name: 'Days' });
  for (const [query, field, why] of [
    ['from=2026-02-30', 'From', /no such day/],
    [`from=${day(1)}&until=${day(5)}`, 'Until', /before the first one/],
    [`from=${day(1)}&until=${day(-2)}`, 'Until', /has not come yet/],
    ['from=2024-01-01', 'From', /At most 366 days/],
  ] as const) {
    await page.goto(`/?${query}`);
    await expect(days.getByRole('alert'), query).toHaveText(why);
    await expect(days.getByLabel(field)).toHaveAttribute('aria-invalid', 'true');
    await expect(days.getByText('Meanwhile the last 7 days are shown.')).toBeVisible();
    await expect(stat(page, 'Sent')).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Quick actions' })).toBeVisible();
  }
  await axe(page);
  await page.goto('/?period=fortnight');
  await expect(days.getByRole('alert')).toContainText('Write today, 7d or 30d');
});

test('the numbers move by themselves', async ({ page, api, server }) => {
  await page.goto('/?period=today');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  const [sent, received] = [await count(page, 'Sent today'), await count(page, 'Received')];
  await send(api, 'The dashboard counts this');
  await send(api, 'and this');
  await expect(stat(page, 'Sent today')).toHaveText(String(sent + 2));
  const incoming = { from: '6281234567890', text: 'I saw the dashboard' };
  await api.post(`/api/v1/sandbox/${server.session}/incoming`, { data: incoming });
  await expect(stat(page, 'Received')).toHaveText(String(received + 1));
  const line = page.getByRole('region', { name: 'Recent activity' }).getByRole('listitem');
  await expect(line.filter({ hasText: 'wrote “I saw the dashboard”' })).toBeVisible();

  const told = await (await api.get('/api/v1/dashboard?period=today')).json();
  expect(told.numbers).toMatchObject({ sent: sent + 2, received: received + 1 });
  expect((await api.get('/api/v1/dashboard?from=2026-02-30')).status()).toBe(422);
});

test('a limit that is nearly used up stands out', async ({ page, api }) => {
  const id = await phone(api, 'Warm-up 2');
  await api.patch(`/api/v1/sessions/${id}/limits`, { data: { daily_limit: 5 } });
  for (const text of ['one', 'two', 'three', 'four']) await send(api, `Near the limit: ${text}`, { sessionId: id });
  await page.goto('/?period=today');
  const line = page.getByRole('region', { name: 'Sent today, by session' }).getByRole('listitem').filter({ hasText: 'Warm-up 2' });
  await expect(line).toContainText('4 / 5');
  await expect(line).toContainText('Near limit');
  await axe(page);
  await page.goto('about:blank');
  await api.delete(`/api/v1/sessions/${id}`);
  await api.post('/api/v1/alerts/resolve', { data: {} });
});

test('a session that is down is the first thing one sees', async ({ page, api }) => {
  const id = await phone(api, 'Outlet Braga');
  await page.goto('/');
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
    for (const path of ['/', '/?from=2026-02-30']) {
      await page.goto(path);
      await expect(stat(page, 'Sent')).toBeVisible();
      const over = await page.evaluate(() => {
        const pane = document.querySelector('main .scroll') as HTMLElement;
        return [document.documentElement, pane].map((one) => one.scrollWidth - one.clientWidth);
      });
      expect(over, path).toEqual([0, 0]);
    }
  }
});
