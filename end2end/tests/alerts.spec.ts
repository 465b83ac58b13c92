import type { APIRequestContext, Page } from '@playwright/test';
import { axe, expect, test as base } from '../support/test';

interface Phone {
  id: string;
  name: string;
}

async function state(api: APIRequestContext, id: string): Promise<string> {
  return (await (await api.get(`/api/v1/sessions/${id}`)).json()).state;
}

async function link(api: APIRequestContext, id: string): Promise<void> {
  await expect.poll(() => state(api, id)).toBe('linking');
  const answer = await api.post(`/api/v1/sandbox/${id}/pair`, { data: {} });
  expect(answer.ok(), await answer.text()).toBe(true);
  await expect.poll(() => state(api, id)).toBe('connected');
}

/** A connected sandbox phone of the test's own; with it go its alerts. */
const test = base.extend<{ phone: Phone }>({
  phone: async ({ api, context }, use) => {
    const name = `Outlet ${Math.random().toString(36).slice(2, 8)}`;
    const made = await api.post('/api/v1/sessions', { data: { name } });
    expect(made.ok(), await made.text()).toBe(true);
    const { id } = await made.json();
    await link(api, id);
    await use({ id, name });
    // A page that is open while its session goes away rightly complains.
    for (const page of context.pages()) await page.goto('about:blank');
    await api.delete(`/api/v1/sessions/${id}`);
  },
});

const live = (page: Page) => expect(page.getByText('Live', { exact: true })).toBeVisible();
const row = (page: Page, text: string) =>
  page.getByRole('region', { name: 'List of alerts' }).getByRole('listitem').filter({ hasText: text });
const tab = (page: Page, name: string) => page.getByRole('navigation', { name: 'Status' }).getByRole('link', { name });

async function fault(api: APIRequestContext, id: string, kind: string, more = {}): Promise<void> {
  const answer = await api.post(`/api/v1/sandbox/${id}/faults`, { data: { kind, ...more } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** Waits until an alert about the session stands. */
async function told(api: APIRequestContext, id: string, type: string): Promise<void> {
  const path = `/api/v1/alerts?session=${id}&type=${type}&status=open`;
  await expect.poll(async () => (await (await api.get(path)).json()).data.length).toBe(1);
}

test('a phone that logs out is told at once, and it is over when it is linked again', async ({ page, api, phone }) => {
  await page.goto('/alerts');
  await live(page);
  await fault(api, phone.id, 'logout');
  await expect(page.getByText(`Session logged out. “${phone.name}” was logged out.`)).toBeVisible();
  const alert = row(page, phone.name);
  await expect(alert).toContainText('Critical');
  await expect(alert).toContainText('Link the phone again.');
  const rail = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Alerts/ });
  await expect(rail).toHaveAccessibleName(/[1-9]\d* open alerts/);
  await expect(page).toHaveTitle('Alerts · Switchboard');
  await axe(page);
  await alert.getByRole('link', { name: 'Link it again' }).click();
  await expect(page).toHaveURL(new RegExp(`/sessions\\?id=${phone.id}&pair=${phone.id}`));
  await expect(page.getByRole('dialog')).toBeVisible();

  await page.goto('/alerts');
  await live(page);
  await api.post(`/api/v1/sessions/${phone.id}/start`);
  await link(api, phone.id);
  await expect(alert).toHaveCount(0);
  await tab(page, 'Resolved').click();
  await expect(page).toHaveURL('/alerts?status=resolved');
  await expect(row(page, phone.name).first()).toContainText('Resolved by itself');
  await expect(row(page, phone.name).first()).toContainText('It is connected again.');
});

test('somebody looks after an alert and says when it is over @no-js', async ({ page, api, phone }) => {
  await fault(api, phone.id, 'logout');
  await told(api, phone.id, 'session_logged_out');
  await page.goto('/alerts');
  await row(page, phone.name).getByRole('button', { name: /^Acknowledge/ }).click();
  await expect(row(page, phone.name)).toHaveCount(0);
  await tab(page, 'Acknowledged').click();
  await expect(row(page, phone.name)).toContainText('Acknowledged by owner');
  await axe(page);
  await row(page, phone.name).getByRole('button', { name: /^Resolve/ }).click();
  await expect(row(page, phone.name)).toHaveCount(0);
  await tab(page, 'Resolved').click();
  await expect(row(page, phone.name)).toContainText('Resolved by owner');
  await expect(row(page, phone.name).getByRole('button')).toHaveCount(0);
  await axe(page);
});

test('all that a filter shows is resolved at once @no-js', async ({ page, api, phone }) => {
  await fault(api, phone.id, 'logout');
  await told(api, phone.id, 'session_logged_out');
  await page.goto(`/alerts?session=${phone.id}`);
  await expect(row(page, phone.name)).toHaveCount(1);
  await page.getByRole('button', { name: 'Resolve all shown' }).click();
  await expect(page.getByText('Nothing like this')).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`session=${phone.id}`));
  const { data } = await (await api.get(`/api/v1/alerts?session=${phone.id}`)).json();
  expect(data[0].status).toBe('resolved');
});

test('the filters live in the address, and Back works @no-js', async ({ page, api, phone }) => {
  await fault(api, phone.id, 'logout');
  await told(api, phone.id, 'session_logged_out');
  await page.goto(`/alerts?session=${phone.id}`);
  const severities = page.getByRole('navigation', { name: 'Severity' });
  await severities.getByRole('link', { name: 'Info' }).click();
  await expect(page).toHaveURL(/severity=info/);
  await expect(page.getByText('Nothing like this')).toBeVisible();
  await axe(page);
  await page.goBack();
  await expect(row(page, phone.name)).toHaveCount(1);
  await page.getByRole('button', { name: 'All types' }).click();
  await page.getByRole('link', { name: 'Session logged out' }).click();
  await expect(page).toHaveURL(/type=session_logged_out/);
  await expect(row(page, phone.name)).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Session logged out' })).toBeVisible();
});

test('messages that fail one after the other show on the dashboard', async ({ page, api, phone }) => {
  await page.goto('/');
  await live(page);
  await fault(api, phone.id, 'fail', { count: 5 });
  const send = (text: string) =>
    api.post('/api/v1/messages', { data: { to: '6281234567890', text, session: phone.id } });
  for (let n = 0; n < 5; n++) await send(`Refused ${n}`);
  const line = page.getByRole('region', { name: /needs? you/ }).getByRole('link', { name: new RegExp(phone.name) });
  await expect(line).toContainText(`The last 5 messages through “${phone.name}” all failed.`);
  await expect(line).toContainText('Warning');
  await axe(page);
  await line.click();
  await expect(page).toHaveURL(`/history?state=failed&session=${phone.id}`);
  await page.goto(`/alerts?session=${phone.id}`);
  await live(page);
  await expect(row(page, 'Messages fail')).toHaveCount(1);
  await send('This one arrives');
  await expect(row(page, 'Messages fail')).toHaveCount(0, { timeout: 10_000 });
});

test('a limit that is reached is told, and raising it ends that', async ({ page, api, phone }) => {
  const limits = (data: object) => api.patch(`/api/v1/sessions/${phone.id}/limits`, { data });
  expect((await limits({ daily_limit: 2, delay_min_ms: 0, delay_max_ms: 0 })).ok()).toBe(true);
  await page.goto(`/alerts?session=${phone.id}`);
  await live(page);
  for (let n = 0; n < 3; n++) {
    const to = `62812${Math.floor(10_000_000 + Math.random() * 89_999_999)}`;
    await api.post('/api/v1/messages', { data: { to, text: `Order ${n}`, session: phone.id } });
  }
  const reached = row(page, `The daily limit of “${phone.name}” is used up: 2 of 2.`);
  await expect(reached).toHaveCount(1);
  await expect(reached).toContainText('Limit reached');
  await axe(page);
  await page.goto('/');
  const line = page.getByRole('region', { name: /needs? you/ }).getByRole('link', { name: new RegExp(phone.name) });
  await line.click();
  await expect(page).toHaveURL(`/settings?session=${phone.id}`);
  await page.goto(`/alerts?session=${phone.id}`);
  await live(page);
  await expect(reached).toHaveCount(1);
  expect((await limits({ daily_limit: 1000 })).ok()).toBe(true);
  await expect(reached).toHaveCount(0, { timeout: 10_000 });
});

test('nothing scrolls sideways on a phone', async ({ page, api, phone }) => {
  await fault(api, phone.id, 'logout');
  await told(api, phone.id, 'session_logged_out');
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto('/alerts');
    await expect(row(page, phone.name)).toBeVisible();
    await axe(page);
    const over = await page.evaluate(() =>
      [...document.querySelectorAll('html, .alerts, .alerts > .scroll, .toolbar')].map(
        (pane) => pane.scrollWidth - pane.clientWidth,
      ),
    );
    expect(Math.max(...over), `${over} at ${width}`).toBeLessThanOrEqual(0);
  }
});
