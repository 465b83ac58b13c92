import type { Page } from '@playwright/test';
import { axe, expect, test } from '../support/test';

const unique = (name: string) => `${name} ${Math.random().toString(36).slice(2, 8)}`;
const live = (page: Page) => expect(page.locator('.live-word')).toHaveText('Live');
const sample = (page: Page) => page.locator('#sample');

const field = (page: Page, name: string) => page.getByRole('textbox', { name: new RegExp(`^${name}\\b`) });

/** The form of sending one message, awake. */
async function open(page: Page, op = 'post-send'): Promise<void> {
  await page.goto(`/docs?op=${op}`);
  await live(page);
}

test('the first page says where the API is and how one comes in @no-js', async ({ page, server }) => {
  await page.goto('/docs');
  await expect(page).toHaveTitle('API docs & tester · Switchboard');
  await expect(page.locator('#base-url')).toHaveText(server.baseURL);
  await expect(page.getByText('X-API-Key').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Errors' })).toBeVisible();
  await axe(page);
});

test('every endpoint of the description is listed, and reads without script @no-js', async ({ page, api }) => {
  const description = await (await api.get('/openapi.json')).json();
  const ids = Object.values<Record<string, { operationId: string }>>(description.paths)
    .flatMap((path) => Object.values(path))
    .map((operation) => operation.operationId);
  expect(ids.length).toBeGreaterThan(30);
  await page.goto('/docs');
  const listed = await page
    .getByRole('navigation', { name: 'Endpoints' })
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).searchParams.get('op')));
  expect(listed.filter(Boolean).sort()).toEqual(ids.sort());

  await page.getByRole('navigation', { name: 'Endpoints' }).getByRole('link', { name: '/api/send-bulk' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Send many messages');
  const parameters = page.getByRole('region', { name: 'Parameters' });
  await expect(parameters.getByRole('row').filter({ hasText: 'messages' }).first()).toContainText('1 to 10,000');
  const errors = page.getByRole('region', { name: 'Errors' });
  for (const code of ['INVALID_JSON', 'UNAUTHORIZED', 'FORBIDDEN', 'IDEMPOTENCY_KEY_REUSED', 'RECIPIENT_NOT_ALLOWED']) {
    await expect(errors.getByRole('row').filter({ hasText: code })).toBeVisible();
  }
  await expect(page.getByText('messages:send')).toBeVisible();
  await axe(page);
});

test('a sample in every language @no-js', async ({ page, server }) => {
  await page.goto('/docs?op=post-send');
  const parts: Record<string, string> = {
    curl: 'curl -X POST',
    PHP: 'curl_setopt_array',
    fetch: 'JSON.stringify',
    axios: 'require("axios")',
    Python: 'import requests',
    'C#': 'new HttpClient()',
    'Dart dio': 'package:dio/dio.dart',
    'Dart http': 'package:http/http.dart',
  };
  for (const [lang, part] of Object.entries(parts)) {
    await page.getByRole('navigation', { name: 'Language' }).getByRole('link', { name: lang, exact: true }).click();
    await expect(sample(page)).toContainText(part);
    await expect(sample(page)).toContainText(`${server.baseURL}/api/send`);
    await expect(sample(page)).toContainText('YOUR_API_KEY');
  }
  expect(page.url()).toContain('op=post-send');
});

test('the form fills the sample, and what was typed stays from language to language', async ({ page, server }) => {
  await open(page);
  await field(page, 'message').fill('It\'s "ready" \\ $5');
  await field(page, 'number').fill('6281234567000');
  await expect(sample(page)).toContainText('"message": "It\'\\\'\'s \\"ready\\" \\\\ $5"');
  await expect(sample(page)).toContainText(server.session);
  await page.getByRole('link', { name: 'PHP', exact: true }).click();
  await expect(sample(page)).toContainText("'message' => 'It\\'s \"ready\" \\\\ $5'");
  await expect(sample(page)).toContainText('6281234567000');
  await expect(page.locator('#request')).toContainText('POST /api/send HTTP/1.1');

  await page.getByText('More fields').click();
  await field(page, 'mediaUrl').fill('https://example.com/a.pdf');
  await page.getByRole('combobox', { name: 'mediaType' }).selectOption('document');
  await expect(sample(page)).toContainText("'mediaType' => 'document'");
  await field(page, 'Idempotency-Key').fill('abc');
  await expect(sample(page)).toContainText('Idempotency-Key: abc');

  await page.getByLabel('API key').fill(server.apiKey);
  await expect(sample(page)).not.toContainText(server.apiKey);
  await page.getByLabel('Write the key into the sample').check();
  await expect(sample(page)).toContainText(server.apiKey);
  expect(page.url()).not.toContain(server.apiKey);
});

test('sends to the sandbox, and leads to the queue entry', async ({ page, server }) => {
  await open(page);
  const text = unique('From the tester');
  await page.getByLabel('API key').fill(server.apiKey);
  await field(page, 'message').fill(text);
  await page.getByRole('button', { name: 'Send to the sandbox' }).click();
  const answer = page.locator('.answer');
  await expect(answer).toContainText('200 OK');
  await expect(answer).toContainText(/\d+ ms/);
  await expect(page.locator('#answer')).toContainText('"queueId"');
  await expect(page.getByText(/^req_[0-9a-f]{32}$/)).toBeVisible();
  await page.getByText('Headers', { exact: true }).click();
  await expect(page.getByRole('region', { name: 'Headers' })).toContainText('content-type: application/json');
  await axe(page);
  await page.getByRole('link', { name: /^Queue entry \d+$/ }).click();
  await expect(page).toHaveURL(/\/queue\?entry=\d+/);
  await expect(page.getByText(text).first()).toBeVisible();
  // The key is gone with the page that held it.
  await page.goBack();
  await expect(page.getByLabel('API key')).toHaveValue('');
});

test('what is missing is said beside its field, and what is refused is shown', async ({ page, problems }) => {
  problems.expect(/401/);
  await open(page);
  await field(page, 'message').fill('');
  await page.getByRole('button', { name: 'Send to the sandbox' }).click();
  await expect(page.getByText('Paste a key, or make a fresh one')).toBeVisible();
  await expect(page.getByText('Fill this in')).toBeVisible();
  await axe(page);
  await field(page, 'message').fill('Hello');
  await page.getByLabel('API key').fill('sb_nobodys_key');
  await page.getByRole('button', { name: 'Send to the sandbox' }).click();
  await expect(page.locator('.answer')).toContainText('401 Unauthorized');
  await expect(page.locator('#answer')).toContainText('Invalid API key');
});

test('an endpoint with an id in its path is tried', async ({ page, server, api }) => {
  const made = await (await api.post('/api/v1/messages', { data: { to: '6281234567890', text: unique('By id') } })).json();
  await open(page, 'get-v1-queue-id');
  await page.getByLabel('API key').fill(server.apiKey);
  await field(page, 'id').fill(made.id);
  await expect(sample(page)).toContainText(`/api/v1/queue/${made.id}`);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.locator('#answer')).toContainText(made.id);
});

test('an endpoint that does not exist is not found @no-js', async ({ page, problems }) => {
  problems.expect(/404/);
  await page.goto('/docs?op=post-nothing');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not found');
});

test('nothing scrolls sideways on a phone', async ({ page }) => {
  const over = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('html, main, main > .docs')].map((pane) => pane.scrollWidth - pane.clientWidth),
    );
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of ['/docs', '/docs?op=post-send', '/docs?op=post-send-message&lang=csharp', '/docs?op=get-v1-queue-id']) {
      await page.goto(path);
      await live(page);
      expect(Math.max(...(await over())), `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
});
