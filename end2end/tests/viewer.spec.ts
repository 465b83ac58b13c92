import type { APIRequestContext, Page } from '@playwright/test';
import { axe, expect, test } from '../support/test';

/** A number of the test's own. */
const number = () => `62812${Math.floor(10_000_000 + Math.random() * 89_999_999)}`;

const bubble = (page: Page, text: string) => page.getByRole('log').locator('.message').filter({ hasText: text });
const chats = (page: Page) => page.getByRole('list', { name: 'Chats' });
const live = (page: Page) => expect(page.getByText('Live', { exact: true })).toBeVisible();

async function writes(api: APIRequestContext, session: string, from: string, text: string, name?: string): Promise<void> {
  const answer = await api.post(`/api/v1/sandbox/${session}/incoming`, { data: { from, text, name } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** The chat that came of it. */
async function chatWith(api: APIRequestContext, session: string, search: string): Promise<string> {
  const find = async () => (await (await api.get(`/api/v1/chats?session=${session}&search=${search}`)).json()).data[0]?.id;
  await expect.poll(find).toBeTruthy();
  return find();
}

test('shows a chat and its messages, complete without script @no-js', async ({ page, api, server }) => {
  const from = number();
  await writes(api, server.session, from, 'Is this number right?', 'Maya Hartono');
  await chatWith(api, server.session, from);
  await page.goto(`/viewer?session=${server.session}`);
  await expect(page).toHaveTitle('Viewer · Switchboard');
  await axe(page);
  await chats(page).getByRole('link').filter({ hasText: 'Is this number right?' }).click();
  await expect(page).toHaveURL(/chat=cht_/);
  await expect(page.getByRole('heading', { level: 2, name: 'Maya Hartono' })).toBeVisible();
  await expect(bubble(page, 'Is this number right?')).toBeVisible();
  await expect(page.getByRole('log')).toContainText('Today');
  await expect(page.getByText('Looking marks nothing as read.')).toBeVisible();
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await axe(page);
});

test('searching lives in the address @no-js', async ({ page, api, server }) => {
  const from = number();
  await writes(api, server.session, from, 'Find me', `Zara ${from.slice(-4)}`);
  await chatWith(api, server.session, from);
  await page.goto(`/viewer?session=${server.session}`);
  await page.getByRole('searchbox').fill(`zara ${from.slice(-4)}`);
  await page.getByRole('searchbox').press('Enter');
  await expect(page).toHaveURL(/q=zara/);
  await expect(chats(page).getByRole('link')).toHaveCount(1);
  await page.goto(`/viewer?session=${server.session}&q=nobody-is-called-this`);
  await expect(page.getByText('No chat is named so')).toBeVisible();
  await axe(page);
});

test('what the customer writes shows without reload, and so do ticks', async ({ page, context, problems, api, server }) => {
  const from = number();
  await writes(api, server.session, from, 'First');
  const chat = await chatWith(api, server.session, from);
  await page.goto(`/viewer?session=${server.session}&chat=${chat}`);
  await live(page);

  const phone = await context.newPage();
  problems.watch(phone);
  await phone.goto(`/sessions/${server.session}/phone?with=${from}`);
  await expect(phone.getByText('Live', { exact: true })).toBeVisible();
  await phone.getByLabel(/^Write as/).fill('Is anybody there?');
  await phone.getByRole('button', { name: 'Send' }).click();
  await expect(bubble(page, 'Is anybody there?')).toBeVisible();
  await expect(chats(page).getByRole('link').first()).toContainText('Is anybody there?');

  await api.post('/api/v1/messages', { data: { to: from, text: 'We are', session: server.session } });
  await expect(bubble(page, 'We are')).toHaveClass(/ours/);
  await expect(bubble(page, 'We are')).toContainText('Read');
  await expect(bubble(phone, 'We are')).toContainText('Read');
});

test('an attachment is named until it is stored, then shown', async ({ page, api, server }) => {
  const to = number();
  // A red square of 2 by 2.
  const data =
    'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGO4oKAARAwQCgAgjgRBUcmqiQAAAABJRU5ErkJggg==';
  const answer = await api.post('/api/v1/messages', {
    data: { to, text: 'The receipt', session: server.session, media: { data, mime: 'image/png', filename: 'receipt.png' } },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  const chat = await chatWith(api, server.session, to);
  await page.goto(`/viewer?session=${server.session}&chat=${chat}`);
  const image = page.getByRole('img', { name: 'receipt.png' });
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
  await axe(page);
});

test('one pane at a time on a phone, with a way back', async ({ page, api, server }) => {
  const from = number();
  await writes(api, server.session, from, 'On a phone');
  await chatWith(api, server.session, from);
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`/viewer?session=${server.session}`);
    await chats(page).getByRole('link').filter({ hasText: 'On a phone' }).first().click();
    await expect(bubble(page, 'On a phone')).toBeVisible();
    await expect(chats(page)).toBeHidden();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'Back to the chats' }).click();
    await expect(chats(page)).toBeVisible();
  }
});

test('an unknown chat says so', async ({ page, server }) => {
  await page.goto(`/viewer?session=${server.session}&chat=cht_00000000000000000000000000000000`);
  await expect(page.getByRole('alert')).toContainText('Not found');
});
