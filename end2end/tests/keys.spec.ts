import type { Page } from '@playwright/test';
import { axe, expect, test } from '../support/test';

const unique = (name: string) => `${name} ${Math.random().toString(36).slice(2, 8)}`;
const row = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Table of API keys' }).locator('tbody tr').filter({ hasText: name });
const dialog = (page: Page) => page.getByRole('dialog');

/** Makes a key with all scopes and answers it, as it was shown. */
async function make(page: Page, name: string, only?: string): Promise<string> {
  await page.goto('/keys');
  await page.getByRole('link', { name: 'Make a key' }).first().click();
  await dialog(page).getByLabel('Name').fill(name);
  if (only) {
    for (const box of await dialog(page).getByRole('checkbox').all()) await box.uncheck();
    await dialog(page).getByRole('checkbox', { name: only }).check();
  }
  await dialog(page).getByRole('button', { name: 'Make the key' }).click();
  await expect(page).toHaveURL(/created=key_/);
  return (await page.locator('#api-key').innerText()).trim();
}

test('lists keys by name and first characters @no-js', async ({ page, server }) => {
  await page.goto('/keys');
  await expect(page).toHaveTitle('API keys · Switchboard');
  const first = page.getByRole('region', { name: 'Table of API keys' }).locator('tbody tr').filter({ hasText: server.apiKey.slice(0, 11) });
  await expect(first).toContainText('Active');
  await expect(first).toContainText('Everything');
  await expect(page.getByText(server.apiKey)).toHaveCount(0);
  await axe(page);
});

test('a new key is shown once, with a first message to send @no-js', async ({ page, playwright, server }) => {
  const name = unique('pos-terminal');
  const key = await make(page, name);
  expect(key).toMatch(/^sb_\w{40,}/);
  expect(page.url()).not.toContain(key);
  await expect(page.getByText(`The key ${name} is ready`)).toBeVisible();
  await expect(page.locator('#first-message')).toContainText(`curl ${server.baseURL}/api/send`);
  await expect(page.locator('#first-message')).toContainText(key);
  await axe(page);

  const client = await playwright.request.newContext({ baseURL: server.baseURL, extraHTTPHeaders: { 'X-API-Key': key } });
  const sent = await client.post('/api/send', { data: { number: '6281234567890', message: 'Hello' } });
  expect(sent.ok(), await sent.text()).toBe(true);

  await page.reload();
  await expect(page.getByText('The key was shown once.')).toBeVisible();
  await expect(page.getByText(key)).toHaveCount(0);
  await expect(row(page, name)).toContainText('Active');

  await row(page, name).getByRole('link', { name: `Revoke ${name}…` }).click();
  await expect(dialog(page)).toContainText(`Revoke ${name}?`);
  await axe(page);
  await dialog(page).getByRole('button', { name: `Revoke ${name}` }).click();
  await expect(row(page, name)).toContainText('Revoked');
  const refused = await client.post('/api/send', { data: { number: '6281234567890', message: 'Hello' } });
  expect(refused.status()).toBe(401);
  await client.dispose();
});

test('a key may do what was ticked, and no more @no-js', async ({ page, playwright, server }) => {
  const name = unique('reporter');
  const key = await make(page, name, 'Queue and history: view');
  await expect(row(page, name)).toContainText('1 thing');
  const client = await playwright.request.newContext({ baseURL: server.baseURL, extraHTTPHeaders: { 'X-API-Key': key } });
  expect((await client.get('/api/v1/queue')).status()).toBe(200);
  expect((await client.get('/api/v1/keys')).status()).toBe(403);
  await client.dispose();
});

test('a key without any scope is refused beside the ticks @no-js', async ({ page, problems }) => {
  problems.expect(/422/);
  await page.goto('/keys?add=1');
  await axe(page);
  await dialog(page).getByLabel('Name').fill(unique('useless'));
  for (const box of await dialog(page).getByRole('checkbox').all()) await box.uncheck();
  await dialog(page).getByRole('button', { name: 'Make the key' }).click();
  await expect(dialog(page).getByRole('alert')).toContainText('Tick at least one');
});

test('an expiry shows in the list @no-js', async ({ page }) => {
  const name = unique('for a month');
  await page.goto('/keys?add=1');
  await dialog(page).getByLabel('Name').fill(name);
  await dialog(page).getByLabel('Expires after days').fill('30');
  await dialog(page).getByRole('button', { name: 'Make the key' }).click();
  await expect(row(page, name)).toContainText(/\d{1,2} \w{3} 20\d\d/);
});

test('a dialog takes the keyboard where one goes on, and gives it back', async ({ page }) => {
  const name = unique('focus');
  await make(page, name);
  await page.goto('/keys');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  const opener = page.getByRole('link', { name: 'Make a key' }).first();
  await opener.press('Enter');
  await expect(dialog(page).getByLabel('Name')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(opener).toBeFocused();

  const revoke = row(page, name).getByRole('link', { name: `Revoke ${name}…` });
  await revoke.press('Enter');
  await expect(dialog(page).getByRole('link', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeHidden();
  await expect(revoke).toBeFocused();

  // Opened by its address it does the same.
  await page.goto('/keys?add=1');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await expect(dialog(page).getByLabel('Name')).toBeFocused();
});

test('copies the key', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const key = await make(page, unique('copied'));
  await page.getByRole('button', { name: 'Copy' }).first().click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
});

test('a key that another page made appears by itself', async ({ page, api }) => {
  await page.goto('/keys');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  const name = unique('elsewhere');
  const made = await api.post('/api/v1/keys', { data: { name } });
  expect(made.ok(), await made.text()).toBe(true);
  await expect(row(page, name)).toContainText('Active');
});

test('nothing scrolls sideways on a phone', async ({ page }) => {
  const over = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('html, main > .scroll, dialog[open]')].map(
        (pane) => pane.scrollWidth - pane.clientWidth,
      ),
    );
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await make(page, unique('narrow'));
    expect(Math.max(...(await over())), `the new key at ${width}`).toBeLessThanOrEqual(0);
    for (const path of ['/keys', '/keys?add=1']) {
      await page.goto(path);
      expect(Math.max(...(await over())), `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
});
