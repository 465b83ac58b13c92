import type { APIRequestContext, Page } from '@playwright/test';
import { axe, expect, test as base } from '../support/test';

const unique = (name: string) => `${name} ${Math.random().toString(36).slice(2, 8)}`;

interface Made {
  id: string;
  name: string;
}

/** A session of the test's own, linked to its sandbox phone. */
const test = base.extend<{ linked: Made }>({
  linked: async ({ api, context }, use) => {
    const name = unique('Limited');
    const made = await api.post('/api/v1/sessions', { data: { name } });
    expect(made.ok(), await made.text()).toBe(true);
    const { id } = await made.json();
    const paired = await api.post(`/api/v1/sandbox/${id}/pair`, { data: {} });
    expect(paired.ok(), await paired.text()).toBe(true);
    await expect.poll(async () => (await (await api.get(`/api/v1/sessions/${id}`)).json()).state).toBe('connected');
    await use({ id, name });
    for (const page of context.pages()) await page.goto('about:blank');
    const { data } = await (await api.get(`/api/v1/queue?session=${id}&limit=1000`)).json();
    for (const entry of data) await api.post(`/api/v1/queue/${entry.id}/cancel`);
    await api.delete(`/api/v1/sessions/${id}`);
  },
});

/** The organization belongs to every test of the worker, which runs them one after the other. */
test.afterEach(async ({ api }) => {
  const blank = ['hourly_limit', 'daily_limit', 'recipient_gap_ms', 'window', 'warm_up', 'delay_min_ms', 'delay_max_ms'];
  const data = Object.fromEntries(blank.map((name) => [name, null]));
  const answer = await api.patch('/api/v1/settings', {
    data: { ...data, allow_list: ['*'], opt_outs: [], main_number: null, time_zone: 'Asia/Jakarta' },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
});

const settings = async (api: APIRequestContext) => (await api.get('/api/v1/settings')).json();
const limits = (page: Page) => page.locator('form.limits-form');
const save = (page: Page) => limits(page).getByRole('button', { name: 'Save' }).click();

async function send(api: APIRequestContext, session: string, text: string): Promise<void> {
  const answer = await api.post('/api/v1/messages', { data: { to: '6281100000142', text, session } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

test('every limit stands there with its unit, range, default and what it inherits @no-js', async ({ page, api }) => {
  await page.goto('/settings');
  await expect(page).toHaveTitle('Settings · Switchboard');
  for (const group of ['Pace', 'Limits', 'Hours', 'Recipients', 'Protection']) {
    await expect(limits(page).getByRole('heading', { name: group, exact: true })).toBeVisible();
  }
  const about = limits(page).locator('#hourly_limit-foot');
  await expect(about).toContainText('within the last 60 minutes');
  await expect(about).toContainText('0: no limit.');
  await expect(about).toContainText('Default 100 messages.');
  await expect(about).toContainText('Left empty: no limit, from the platform.');
  await expect(limits(page).getByLabel('Messages an hour')).toHaveValue('');
  await expect(limits(page).getByText('0 to 3,600 seconds').first()).toBeVisible();
  const names = Object.keys(await settings(api)).filter((name) => name.startsWith('platform_'));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) await expect(page.locator(`[id="${name.slice('platform_'.length)}"]`)).toHaveCount(1);
  await axe(page);
});

test('a change is saved and says what changed @no-js', async ({ page, api }) => {
  await page.goto('/settings');
  await limits(page).getByLabel('Messages an hour').fill('5000');
  await limits(page).getByLabel('Between two messages to one recipient').fill('90 s');
  await save(page);
  const note = page.getByRole('status').filter({ hasText: 'Saved.' });
  await expect(note).toContainText('Messages an hour: inherits → 5,000 messages');
  await expect(note).toContainText('Between two messages to one recipient: inherits → 1 min 30 s');
  // With script it stays as it was typed.
  await expect(limits(page).getByLabel('Messages an hour')).toHaveValue(/^5,?000$/);
  await expect(limits(page).getByLabel('Between two messages to one recipient')).toHaveValue('90 s');
  expect(await settings(api)).toMatchObject({ hourly_limit: 5000, recipient_gap_ms: 90_000, daily_limit: null });
  await axe(page);

  await page.reload();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toHaveCount(0);
  await limits(page).getByLabel('Messages an hour').fill('');
  await save(page);
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toContainText('5,000 messages → inherits');
  expect((await settings(api)).hourly_limit).toBe(null);
});

test('the random delay is typed in seconds and says what it comes to @no-js', async ({ page, api }) => {
  await page.goto('/settings');
  await limits(page).getByLabel('Least delay').fill('0.5');
  await limits(page).getByLabel('Greatest delay').fill('1.5');
  await save(page);
  await expect(limits(page).getByText('With 0.5–1.5 s about 3,600 an hour at most.')).toBeVisible();
  expect(await settings(api)).toMatchObject({ delay_min_ms: 500, delay_max_ms: 1500 });
});

test('what is absurd is refused beside its field, and nothing typed is lost @no-js', async ({ page, api, problems }) => {
  problems.expect(/422/);
  await page.goto('/settings');
  await limits(page).getByLabel('Messages an hour').fill('-1');
  await limits(page).getByLabel('Messages a day', { exact: false }).first().fill('99999999999999999999');
  await limits(page).getByLabel('Least delay').fill('9');
  await limits(page).getByLabel('Length of the pause').fill('a while');
  await limits(page).getByLabel('Only in these hours').check();
  await limits(page).getByLabel('From', { exact: true }).fill('10:00');
  await limits(page).getByLabel('To', { exact: true }).fill('10:00');
  await save(page);
  await expect(page.locator('#hourly_limit-foot').getByRole('alert')).toContainText('from 0 to 1,000,000');
  await expect(page.locator('#daily_limit-foot').getByRole('alert')).toContainText('from 0 to 10,000,000');
  await expect(page.locator('#pause_ms-foot').getByRole('alert')).toContainText('0 to 86,400 seconds');
  await expect(page.locator('#window-foot').getByRole('alert')).toContainText('never opens');
  await expect(limits(page).getByLabel('Messages an hour')).toHaveValue('-1');
  await expect(limits(page).getByLabel('Least delay')).toHaveValue('9');
  await expect(limits(page).getByLabel('Length of the pause')).toHaveValue('a while');
  await expect(limits(page).getByLabel('Only in these hours')).toBeChecked();
  await expect(limits(page).getByLabel('From', { exact: true })).toHaveValue('10:00');
  await axe(page);
  expect(await settings(api)).toMatchObject({ hourly_limit: null, delay_min_ms: null, window: null });

  // In range each, but not together: the platform's greatest delay is 0 here.
  await page.goto('/settings');
  await limits(page).getByLabel('Least delay').fill('9');
  await save(page);
  await expect(page.locator('#delay_min_ms-foot').getByRole('alert')).toContainText('must not be greater');
});

test('a window is two times and days @no-js', async ({ page, api }) => {
  await page.goto('/settings');
  await limits(page).getByLabel('Only in these hours').check();
  await limits(page).getByLabel('From', { exact: true }).fill('00:00');
  await limits(page).getByLabel('To', { exact: true }).fill('23:30');
  for (const day of ['Sat', 'Sun']) await limits(page).getByLabel(day, { exact: true }).check();
  await save(page);
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toContainText('inherits → 00:00–23:30');
  await expect(limits(page).getByText('Open 164 h 30 min a week.')).toBeVisible();
  expect((await settings(api)).window).toBe('00:00-23:30');
  await limits(page).getByLabel('At any time', { exact: true }).check();
  await save(page);
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' }).first()).toContainText('→ at any time');
  expect((await settings(api)).window).toBe(0);
});

test('what others changed meanwhile stays', async ({ page, api }) => {
  await page.goto('/settings');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await api.patch('/api/v1/settings', { data: { daily_limit: 7_777, opt_outs: ['6281100000999'] } });
  await limits(page).getByLabel('Messages an hour').fill('5001');
  await save(page);
  await expect(page.getByRole('status').filter({ hasText: 'Messages an hour' })).toBeVisible();
  await expect(limits(page).getByLabel('Messages a day', { exact: false }).first()).toHaveValue('7777');
  await page.getByLabel('Opted out').fill('6281100000998');
  await page.locator('#opt_outs').locator('xpath=ancestor::form').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Opted out' })).toBeVisible();
  await expect(page.getByLabel('Opted out')).toHaveValue('6281100000998\n6281100000999');
  await expect(page.getByRole('button', { name: 'Save' }).first()).toBeFocused();
  expect(await settings(api)).toMatchObject({
    daily_limit: 7_777,
    hourly_limit: 5_001,
    opt_outs: ['6281100000998', '6281100000999'],
  });
});

test('lists, main number and time zone, with what a new clock means @no-js', async ({ page, api, problems }) => {
  problems.expect(/422/);
  const form = page.locator('#allow_list').locator('xpath=ancestor::form');
  const keep = () => form.getByRole('button', { name: 'Save' }).click();
  await page.goto('/settings');
  await page.getByLabel('Allow-list').fill('');
  await page.getByLabel('Main number').fill('+62 811-0000-0142');
  await keep();
  await expect(form.getByRole('alert')).toContainText('write * to allow everyone');
  await expect(page.getByLabel('Allow-list')).toHaveValue('');
  await expect(page.getByLabel('Main number')).toHaveValue('+62 811-0000-0142');
  await page.getByLabel('Allow-list').fill('6281100000142\n+62 811-0000-0143');
  await page.getByLabel('Time zone').selectOption('Europe/Lisbon');
  await keep();
  const note = page.getByRole('status').filter({ hasText: 'Saved.' });
  await expect(note).toContainText('Allow-list: everyone → 2 entries');
  await expect(note).toContainText('Time zone: Asia/Jakarta → Europe/Lisbon');
  await expect(note).toContainText('Days now begin at midnight in Europe/Lisbon');
  expect(await settings(api)).toMatchObject({
    allow_list: ['6281100000142', '6281100000143'],
    main_number: '6281100000142',
    time_zone: 'Europe/Lisbon',
  });
});

test('a session has limits of its own, over those of the organization @no-js', async ({ page, api, linked }) => {
  await api.patch('/api/v1/settings', { data: { hourly_limit: 4_000 } });
  await page.goto(`/sessions?id=${linked.id}`);
  await page.getByRole('complementary').getByRole('link', { name: 'Limits', exact: true }).click();
  await expect(page).toHaveURL(`/settings?session=${linked.id}`);
  await expect(page.getByRole('heading', { name: linked.name })).toBeVisible();
  await expect(page.locator('#hourly_limit-foot')).toContainText('Left empty: 4,000 messages, from the organization.');
  await expect(page.locator('#daily_limit-foot')).toContainText('Left empty: no limit, from the platform.');
  await expect(page.locator('#daily_limit-foot')).toContainText('Advised for this number (0 days old): 60–80 a day.');
  await expect(page.locator('#organization_daily_limit')).toHaveCount(0);
  await limits(page).getByLabel('Messages an hour').fill('3000');
  await limits(page).getByLabel('Warm up new numbers').selectOption('On');
  await save(page);
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toContainText('inherits → 3,000 messages');
  await expect(page).toHaveURL(`/settings?session=${linked.id}`);
  await axe(page);
  expect((await settings(api)).hourly_limit).toBe(4_000);

  // What was typed for one session is not there for the next.
  await page.getByRole('button', { name: 'Choose a session' }).click();
  await page.getByRole('link', { name: 'Sandbox', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sandbox', exact: true })).toBeVisible();
  await expect(limits(page).getByLabel('Messages an hour')).toHaveValue('');
});

test('two of two within the hour, in the table and without a reload', async ({ page, api, linked }) => {
  await page.goto(`/settings?session=${linked.id}`);
  await limits(page).getByLabel('Messages an hour').fill('2');
  await limits(page).getByLabel('Messages a day').fill('60');
  await save(page);
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('/sessions');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  const row = page
    .getByRole('region', { name: 'Table of sessions' })
    .locator('tbody tr')
    .filter({ hasText: linked.name });
  await expect(row).toContainText('0 / 2');
  await expect(row).toContainText('advised 60–80 a day');
  for (const text of ['one', 'two', 'three']) await send(api, linked.id, text);
  await expect(row).toContainText('2 / 2');
  await expect(row).toContainText('2 / 60');
  await axe(page);
});

test('a what-if tells when the queue would end, and saves nothing @no-js', async ({ page, api, linked }) => {
  await page.goto(`/settings?session=${linked.id}`);
  await limits(page).getByRole('button', { name: 'What if?' }).click();
  await expect(page.getByText(/Nothing waits now|waiting\)/)).toBeVisible();
  await limits(page).getByLabel('Messages an hour').fill('1');
  await save(page);
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  for (const text of ['one', 'two', 'three']) await send(api, linked.id, text);
  await limits(page).getByLabel('Messages an hour').fill('100');
  await limits(page).getByRole('button', { name: 'What if?' }).click();
  await expect(page).toHaveURL(/ask=1/);
  await expect(page.getByText(/ends about .* instead of .* sooner/)).toBeVisible();
  await expect(limits(page).getByLabel('Messages an hour')).toHaveValue('100');
  const own = await (await api.get(`/api/v1/sessions/${linked.id}/limits`)).json();
  expect(own.hourly_limit ?? own.limits?.hourly_limit).toBe(1);
  await axe(page);

  await limits(page).getByLabel('Messages an hour').fill('-4');
  await limits(page).getByRole('button', { name: 'What if?' }).click();
  await expect(page.locator('#hourly_limit-foot').getByRole('alert')).toContainText('from 0 to');
  await expect(limits(page).getByLabel('Messages an hour')).toHaveValue('-4');
});

test('the platform has a tab of its own for super admins @no-js', async ({ page, problems }) => {
  problems.expect(/404/);
  await page.goto('/settings');
  await page.getByRole('navigation', { name: 'Whose settings' }).getByRole('link', { name: 'Platform' }).click();
  await expect(page).toHaveURL('/settings?level=platform');
  await expect(limits(page).getByLabel('Messages an hour')).toHaveValue('0');
  await expect(page.locator('#hourly_limit-foot')).toContainText('Left empty: no limit.');
  await expect(page.locator('#allow_list')).toHaveCount(0);
  await axe(page);
  const answer = await page.goto('/settings?level=galaxy');
  expect(answer?.status()).toBe(404);
  const gone = await page.goto('/settings?session=ses_nobody');
  expect(gone?.status()).toBe(404);
});

test('it fits a phone, and the dark', async ({ page, linked }) => {
  const over = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('html, main > .scroll')].map((pane) => pane.scrollWidth - pane.clientWidth),
    );
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of ['/settings', `/settings?session=${linked.id}`, '/settings?level=platform', '/sessions']) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
      expect(Math.max(...(await over())), `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
  await page.goto('/settings');
  await axe(page);
});
