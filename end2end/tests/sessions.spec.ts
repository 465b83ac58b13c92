import type { APIRequestContext, Page } from '@playwright/test';
import { axe, expect, test as base } from '../support/test';

interface Made {
  id: string;
  name: string;
}

const unique = (name: string) => `${name} ${Math.random().toString(36).slice(2, 8)}`;

/** A session of the test's own that no phone is linked to. */
const test = base.extend<{ unlinked: Made }>({
  unlinked: async ({ api, context }, use) => {
    const name = unique('Outlet');
    const made = await api.post('/api/v1/sessions', { data: { name } });
    expect(made.ok(), await made.text()).toBe(true);
    const { id } = await made.json();
    await use({ id, name });
    // A page that is open while its session goes away rightly complains.
    for (const page of context.pages()) await page.goto('about:blank');
    await api.delete(`/api/v1/sessions/${id}`);
  },
});

const row = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Table of sessions' }).locator('tbody tr').filter({ hasText: name });
const dialog = (page: Page) => page.getByRole('dialog');
const live = (page: Page) => expect(page.getByText('Live', { exact: true })).toBeVisible();

async function state(api: APIRequestContext, id: string): Promise<string> {
  return (await (await api.get(`/api/v1/sessions/${id}`)).json()).state;
}

/** Links it without a page. */
async function link(api: APIRequestContext, id: string): Promise<void> {
  const answer = await api.post(`/api/v1/sandbox/${id}/pair`, { data: {} });
  expect(answer.ok(), await answer.text()).toBe(true);
  await expect.poll(() => state(api, id)).toBe('connected');
}

test('says of each number how it is and why @no-js', async ({ page, server, unlinked }) => {
  await page.goto('/sessions');
  await expect(page).toHaveTitle('Sessions · Switchboard');
  await expect(page.getByText(/\d+ numbers, \d+ connected/)).toBeVisible();
  await expect(row(page, 'Sandbox').first()).toContainText('Connected');
  await expect(row(page, unlinked.name)).toContainText('Waiting for a phone');
  await expect(row(page, unlinked.name)).toContainText('Scan the QR code');
  await axe(page);

  await row(page, unlinked.name).getByRole('link', { name: unlinked.name }).click();
  await expect(page).toHaveURL(new RegExp(`id=${unlinked.id}`));
  const panel = page.getByRole('complementary', { name: `Details of ${unlinked.name}` });
  await expect(panel).toContainText('no phone linked');
  await expect(panel.getByRole('listitem').first()).toContainText('Waiting for a phone');
  await axe(page);
  expect(server.session).toMatch(/^ses_/);
});

test('adds a sandbox phone and shows its QR code @no-js', async ({ page, api }) => {
  const name = unique('Night desk');
  await page.goto('/sessions');
  await page.getByRole('link', { name: 'Add sandbox phone' }).first().click();
  await expect(dialog(page)).toBeVisible();
  await axe(page);
  await dialog(page).getByLabel('Name').fill(name);
  await dialog(page).getByRole('button', { name: 'Add and link' }).click();
  await expect(page).toHaveURL(/pair=ses_/);
  await expect(dialog(page).getByRole('img', { name: `QR code for linking ${name}` })).toBeVisible();
  await expect(dialog(page).getByRole('timer')).toHaveText(/^[01]:\d\d$/);
  await axe(page);
  await dialog(page).getByRole('link', { name: 'Close' }).click();
  await expect(page).not.toHaveURL(/pair=/);
  await expect(row(page, name)).toContainText('Waiting for a phone');
  const id = new URL(page.url()).searchParams.get('id');
  await page.goto('about:blank');
  await api.delete(`/api/v1/sessions/${id}`);
});

test('a name of blanks is refused beside its field @no-js', async ({ page, problems }) => {
  problems.expect(/422/);
  await page.goto('/sessions?add=1');
  await dialog(page).getByLabel('Name').fill('   ');
  await dialog(page).getByRole('button', { name: 'Add and link' }).click();
  await expect(dialog(page).getByRole('alert')).toBeVisible();
});

test('the dialog closes by itself when the code is scanned', async ({ page, context, problems, api, unlinked }) => {
  await page.goto('/sessions');
  await live(page);
  await row(page, unlinked.name).getByRole('link', { name: 'Link a phone' }).click();
  await expect(dialog(page).getByRole('img', { name: /QR code/ })).toBeVisible();
  const [phone] = await Promise.all([
    context.waitForEvent('page'),
    dialog(page).getByRole('link', { name: 'Open the sandbox phone' }).click(),
  ]);
  problems.watch(phone);
  await phone.getByRole('button', { name: 'Scan the QR code shown now' }).click();
  await expect(phone.getByText('Connected', { exact: true })).toBeVisible();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByText(`${unlinked.name} is connected`)).toBeVisible();
  await expect(row(page, unlinked.name)).toContainText('Connected');
  expect(await state(api, unlinked.id)).toBe('connected');
});

test('a pairing code links the phone it was asked for @no-js', async ({ page, api, unlinked }) => {
  await page.goto(`/sessions?pair=${unlinked.id}`);
  await dialog(page).getByRole('link', { name: 'Pairing code' }).click();
  const { number } = await (await api.get(`/api/v1/sandbox/${unlinked.id}/phone`)).json();
  await expect(dialog(page).getByLabel('Number of the phone')).toHaveValue(number);
  await dialog(page).getByRole('button', { name: 'Get a code' }).click();
  const code = dialog(page).locator('output');
  await expect(code).toHaveText(/^\s*[0-9A-Z]{4}\s*[0-9A-Z]{4}\s*$/);
  await axe(page);
  const typed = (await code.innerText()).replace(/\s/g, '').toLowerCase();

  await page.goto(`/sessions/${unlinked.id}/phone`);
  await page.getByLabel('Pairing code').fill(typed);
  await page.getByRole('button', { name: 'Link with the code' }).click();
  await expect(page.getByText('Connected', { exact: true })).toBeVisible();
  expect(await state(api, unlinked.id)).toBe('connected');
});

test('a code for another number is refused with the remedy @no-js', async ({ page, problems, unlinked }) => {
  problems.expect(/422/);
  await page.goto(`/sessions?pair=${unlinked.id}&way=code`);
  await dialog(page).getByLabel('Number of the phone').fill('+49 151 1234567');
  await dialog(page).getByRole('button', { name: 'Get a code' }).click();
  await expect(dialog(page).getByRole('alert')).toContainText('alone');
});

test('refreshing shows another QR code @no-js', async ({ page, unlinked }) => {
  await page.goto(`/sessions?pair=${unlinked.id}`);
  const drawn = () => dialog(page).locator('.qr-paper path').getAttribute('d');
  const before = await drawn();
  await dialog(page).getByRole('button', { name: 'Refresh' }).click();
  await expect.poll(drawn).not.toBe(before);
});

test('stops, starts and logs out, each said at once @no-js', async ({ page, api, unlinked }) => {
  await link(api, unlinked.id);
  await page.goto(`/sessions?id=${unlinked.id}`);
  const panel = page.getByRole('complementary', { name: `Details of ${unlinked.name}` });
  await panel.getByRole('button', { name: 'Stop' }).click();
  await expect(panel.locator('header')).toContainText('Stopped');
  await panel.getByRole('button', { name: 'Start' }).click();
  await expect(panel.locator('header')).toContainText('Connected');
  await panel.getByRole('link', { name: 'Log out…' }).click();
  await expect(dialog(page)).toContainText(`Log out ${unlinked.name}?`);
  await axe(page);
  await dialog(page).getByRole('button', { name: `Log out ${unlinked.name}` }).click();
  await expect(panel.locator('header')).toContainText('Logged out');
  await panel.getByRole('link', { name: 'Link a phone' }).click();
  await dialog(page).getByRole('button', { name: 'Show a code' }).click();
  await expect(dialog(page).getByRole('img', { name: /QR code/ })).toBeVisible();
});

test('deleting names the number first @no-js', async ({ page, unlinked }) => {
  await page.goto('/sessions');
  await row(page, unlinked.name).getByRole('button', { name: `Actions for ${unlinked.name}` }).click();
  await page.getByRole('link', { name: 'Delete…' }).click();
  await expect(dialog(page)).toContainText(`Delete ${unlinked.name}?`);
  await axe(page);
  await dialog(page).getByRole('button', { name: `Delete ${unlinked.name}` }).click();
  await expect(row(page, unlinked.name)).toHaveCount(0);
  await expect(dialog(page)).toHaveCount(0);
});

test('states and numbers move by themselves', async ({ page, api, unlinked }) => {
  await page.goto('/sessions');
  await live(page);
  await link(api, unlinked.id);
  await expect(row(page, unlinked.name)).toContainText('Connected');
  await api.post('/api/v1/messages', { data: { to: '6281234567890', text: 'Counted', session: unlinked.id } });
  await expect(row(page, unlinked.name).locator('td').nth(2)).toHaveText('1');
});

test('an unknown session says so', async ({ page }) => {
  await page.goto('/sessions?id=ses_00000000000000000000000000000000');
  await expect(page.getByRole('alert')).toContainText('Not found');
});

test('nothing scrolls sideways on a phone', async ({ page, unlinked }) => {
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of ['/sessions', `/sessions?id=${unlinked.id}`, `/sessions?pair=${unlinked.id}`]) {
      await page.goto(path);
      const over = await page.evaluate(() =>
        [...document.querySelectorAll('html, dialog[open], .health, .health > .scroll')].map(
          (pane) => pane.scrollWidth - pane.clientWidth,
        ),
      );
      expect(Math.max(...over), `${path} at ${width}: ${over}`).toBeLessThanOrEqual(0);
    }
  }
});
