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

test('a search typed before the page woke up stays, and follows the address afterwards', async ({ page, server }) => {
  let go = () => {};
  const later = new Promise<void>((done) => (go = done));
  await page.route(/\.wasm/, async (route) => {
    await later;
    await route.continue();
  });
  await page.goto(`/viewer?session=${server.session}`);
  const search = page.getByRole('searchbox');
  await search.fill('nobody at all');
  go();
  await live(page);
  await expect(search).toHaveValue('nobody at all');
  await search.press('Enter');
  await expect(page.getByText('No chat is named so')).toBeVisible();
  await page.goBack();
  await expect(chats(page)).toBeVisible();
  await expect(search).toHaveValue('');
});

test('text is marked up as WhatsApp does it, and nothing in it is HTML @no-js', async ({ page, api, server }) => {
  const from = number();
  const text = '*Bold* _italic_ ~struck~ ```mono``` 2*3*4\nhttps://example.com/a_b_c. <b>javascript:alert(1)</b>';
  await writes(api, server.session, from, text);
  const chat = await chatWith(api, server.session, from);
  for (const [address, log] of [
    [`/viewer?session=${server.session}&chat=${chat}`, 'viewer'],
    [`/sessions/${server.session}/phone?with=${from}`, 'phone'],
  ]) {
    await page.goto(address);
    const said = bubble(page, 'italic').locator('.bubble');
    await expect(said.locator('strong'), log).toHaveText('Bold');
    await expect(said.locator('em')).toHaveText('italic');
    await expect(said.locator('s')).toHaveText('struck');
    await expect(said.locator('code')).toHaveText('mono');
    const link = said.getByRole('link');
    await expect(link).toHaveText('https://example.com/a_b_c');
    await expect(link).toHaveAttribute('href', 'https://example.com/a_b_c');
    await expect(link).toHaveAttribute('dir', 'ltr');
    await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow');
    await expect(link).toHaveAttribute('target', '_blank');
    await expect(said).toHaveText(
      'Bold italic struck mono 2*3*4\nhttps://example.com/a_b_c. <b>javascript:alert(1)</b>',
      { useInnerText: true },
    );
    await axe(page);
  }
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

test('an attachment that is gone is named, never a broken picture', async ({ page, problems, api, server }) => {
  problems.expect(/404/);
  const data =
    'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGO4oKAARAwQCgAgjgRBUcmqiQAAAABJRU5ErkJggg==';
  const to = number();
  const answer = await api.post('/api/v1/messages', {
    data: { to, text: 'Lost', session: server.session, media: { data, mime: 'image/png', filename: 'lost.png' } },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  const chat = await chatWith(api, server.session, to);
  await page.route(/\/media\//, (route) => route.fulfill({ status: 404 }));
  await page.goto(`/viewer?session=${server.session}&chat=${chat}`);
  await expect(bubble(page, 'lost.png')).toContainText('lost.png no longer stored here');
  await expect(page.getByRole('log').locator('img')).toHaveCount(0);
  await axe(page);
});

test('what a browser cannot play is a file to save, and tried again after a break of the line', async ({
  page,
  problems,
  api,
  server,
}) => {
  problems.expect(/ERR_|Failed to load/);
  const to = number();
  const data = Buffer.from('#!AMR\nnothing that a browser plays').toString('base64');
  const answer = await api.post('/api/v1/messages', {
    data: { to, text: 'Listen', session: server.session, media: { data, mime: 'audio/amr', filename: 'voice.amr' } },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  const chat = await chatWith(api, server.session, to);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (/\/media\//.test(request.url())) asked.push(request.method());
  });
  await page.goto(`/viewer?session=${server.session}&chat=${chat}`);
  const said = bubble(page, 'Listen');
  await expect(said.getByRole('link')).toHaveText(/^voice\.amr\s+This browser cannot play it\.$/);
  await expect(said.getByRole('link')).toHaveAttribute('href', /^\/media\//);
  await expect(said.getByRole('link')).toHaveAttribute('download', 'voice.amr');
  await expect(said.locator('audio')).toHaveCount(0);
  await axe(page);
  const heads = () => asked.filter((method) => method === 'HEAD').length;
  expect(heads()).toBe(1);
  await writes(api, server.session, to, 'Another');
  await expect(bubble(page, 'Another')).toBeVisible();
  expect(heads()).toBe(1);

  await live(page);
  await server.kill();
  await expect(page.getByText('Reconnecting', { exact: true })).toBeVisible();
  await server.start();
  await expect.poll(heads, { timeout: 15_000 }).toBe(2);
  await expect(said.getByRole('link')).toContainText('This browser cannot play it.');
});

test('what could not be loaded is not called gone', async ({ page, problems, api, server }) => {
  problems.expect(/ERR_|503/);
  const data =
    'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGO4oKAARAwQCgAgjgRBUcmqiQAAAABJRU5ErkJggg==';
  const to = number();
  const answer = await api.post('/api/v1/messages', {
    data: { to, text: 'Slow', session: server.session, media: { data, mime: 'image/png', filename: 'slow.png' } },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  const chat = await chatWith(api, server.session, to);
  await page.route(/\/media\//, (route) =>
    route.request().method() === 'HEAD' ? route.fulfill({ status: 503 }) : route.abort(),
  );
  await page.goto(`/viewer?session=${server.session}&chat=${chat}`);
  const link = bubble(page, 'Slow').getByRole('link');
  await expect(link).toHaveAttribute('download', 'slow.png');
  await expect(link).toHaveText(/^slow\.png\s*$/);
});

test('an attachment that has not come yet is named, then shown by itself', async ({ page, api, server }) => {
  const data =
    'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGO4oKAARAwQCgAgjgRBUcmqiQAAAABJRU5ErkJggg==';
  const to = number();
  const answer = await api.post('/api/v1/messages', {
    data: { to, text: 'It comes', session: server.session, media: { data, mime: 'image/png', filename: 'late.png' } },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  const chat = await chatWith(api, server.session, to);
  await page.goto(`/viewer?session=${server.session}`);
  await live(page);
  // The sandbox hands over text and file together; a phone announces the file first.
  let arrived = false;
  await page.route(/\/fn\/load_thread/, async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    if (!arrived) {
      for (const message of json.messages.data) Object.assign(message, { media: null, media_kind: 'image' });
    }
    await route.fulfill({ response, json });
  });
  await page.locator(`a.chat[href*="${chat}"]`).click();
  await expect(bubble(page, 'It comes')).toContainText('Picture not stored here yet');
  await expect(page.getByRole('log').locator('img')).toHaveCount(0);
  await axe(page);
  arrived = true;
  await writes(api, server.session, to, 'I see it now');
  const image = page.getByRole('img', { name: 'late.png' });
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
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
