import type { APIRequestContext, Page } from '@playwright/test';
import { axe, expect, test } from '../support/test';

const unique = () => Math.random().toString(36).slice(2, 8);
/** A number that no other test writes to. */
const number = () => `62812${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
const live = (page: Page) => expect(page.getByText('Live', { exact: true })).toBeVisible();

async function phone(api: APIRequestContext, session: string, to: string): Promise<{ text: string; tick: string }[]> {
  const answer = await api.get(`/api/v1/sandbox/${session}/phones/${to}/messages`);
  return answer.ok() ? (await answer.json()).data : [];
}

const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const form = (page: Page) => page.locator('form.split');
const errors = (page: Page) => page.getByRole('region', { name: 'Rows that are not sent' }).locator('tbody tr');
const stat = (page: Page, name: string) =>
  page.locator('.stat').filter({ has: page.getByText(name, { exact: true }) }).locator('dd');

test('sends one, and says where it is @no-js', async ({ page, api, server }) => {
  const to = number();
  await page.goto('/send');
  await expect(page).toHaveTitle('Send · Switchboard');
  await axe(page);
  await form(page).getByLabel('Recipient').fill(to);
  await form(page).getByLabel('Message').fill('Your order is *ready*\nSee you');
  await form(page).getByLabel('Reference').fill('order-1');
  await form(page).getByRole('button', { name: 'Send' }).click();
  await expect(page).toHaveURL(/\/send\?sent=msg_/);
  await expect(page.getByText(/Message \d+ to \+62 .* is in the queue/)).toBeVisible();
  await expect.poll(async () => (await phone(api, server.session, to))[0]?.text).toBe('Your order is *ready*\nSee you');
  await axe(page);
  await page.getByRole('link', { name: /See why|See the message/ }).click();
  await expect(page.getByRole('complementary')).toContainText('order-1');
});

test('a refused form keeps what was typed and the file @no-js', async ({ page, api, server, problems }) => {
  problems.expect(/422/);
  const to = number();
  await page.goto('/send');
  await form(page).getByLabel('Recipient').fill('62812');
  await form(page).getByLabel('Message').fill('Your receipt');
  const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
  await form(page).locator('#file').setInputFiles({ name: 'receipt.pdf', mimeType: 'application/pdf', buffer: pdf });
  await form(page).getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('alert')).toContainText('Phone number is not valid');
  await expect(form(page).getByLabel('Message')).toHaveValue('Your receipt');
  await expect(page.getByText('Send without receipt.pdf')).toBeVisible();
  await axe(page);
  await form(page).getByLabel('Recipient').fill(to);
  await form(page).getByRole('button', { name: 'Send' }).click();
  await expect(page).toHaveURL(/sent=msg_/);
  await expect.poll(async () => (await phone(api, server.session, to))[0]?.text).toBe('Your receipt');
});

test('shows what it will look like and how long it is', async ({ page }) => {
  await page.goto('/send');
  await live(page);
  const seen = page.getByRole('complementary', { name: 'As it will look' });
  await form(page).getByLabel('Message').fill('A *bold* word');
  await expect(seen.locator('strong')).toHaveText('bold');
  await expect(page.getByText('13 / 4,096 characters')).toBeVisible();
  await form(page).getByLabel('Address of a file').fill('https://example.com/a.png');
  await expect(page.getByText('13 / 1,024 characters')).toBeVisible();
  await form(page).getByLabel('Message').fill('x'.repeat(1_030));
  await expect(page.getByText('6 too many')).toBeVisible();
});

test('pressed twice it is sent once', async ({ page, api, server }) => {
  const to = number();
  await page.goto('/send');
  await live(page);
  await form(page).getByLabel('Recipient').fill(to);
  await form(page).getByLabel('Message').fill('Once');
  const posted = await form(page).evaluate(async (form: HTMLFormElement) => {
    const post = () => fetch(form.action, { method: 'POST', body: new FormData(form) }).then((answer) => answer.url);
    return Promise.all([post(), post()]);
  });
  expect(posted[0]).toBe(posted[1]);
  await expect.poll(async () => (await phone(api, server.session, to))[0]?.tick).toBe('read');
  expect((await phone(api, server.session, to)).length).toBe(1);
});

test('a bad list, then a good one, until it is read @no-js', async ({ page, api, server, problems }) => {
  problems.expect(/422/);
  const name = `List ${unique()}`;
  const [first, second] = [number(), number()];
  await page.goto('/send');
  await page.getByRole('link', { name: 'Send many' }).click();
  await expect(page.getByRole('button', { name: 'Look at the list' })).toBeVisible();
  await axe(page);
  await form(page).getByLabel('Name').fill(name);
  await form(page).getByLabel('One text for all').fill('Hello {first}');
  await form(page).locator('#file').setInputFiles(file('bad.csv', 'phone,first\n1,Ayu\n'));
  await form(page).getByRole('button', { name: 'Look at the list' }).click();
  await expect(page.getByRole('alert')).toContainText('There is no column "number". Found: "phone", "first"');
  await expect(form(page).getByLabel('Name')).toHaveValue(name);
  await expect(form(page).getByLabel('One text for all')).toHaveValue('Hello {first}');

  const list = `number;first;note\n${first};Ayu;\n62812;Budi;\n+${second};Citra;\n${first};Ayu;\n6.28E+12;Dewi;\n`;
  await form(page).locator('#file').setInputFiles(file('good.csv', list));
  await form(page).getByRole('button', { name: 'Look at the list' }).click();
  await expect(page).toHaveURL(/\/send\/many\/bat_/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  for (const [word, count] of [['Rows', '5'], ['Will be sent', '2'], ['Said twice', '1'], ['With errors', '2']] as const) {
    await expect(stat(page, word)).toHaveText(count);
  }
  await expect(page.getByText('Columns that go into no message: note.')).toBeVisible();
  await expect(page.locator('.seen-rows .bubble')).toHaveText(['Hello Ayu', 'Hello Citra']);
  await expect(page.getByText('2 of 2 messages take the text for all.')).toBeVisible();
  await expect(page.getByText('With the queue as it is now, the last message leaves about')).toBeVisible();
  await expect(page.locator('.page-head .state')).toHaveText('Not queued yet');
  await expect(errors(page)).toHaveCount(3);
  await expect(errors(page).last()).toContainText('Format the column as text');
  await axe(page);
  expect(await phone(api, server.session, first)).toEqual([]);

  const here = page.url();
  await page.getByRole('button', { name: 'Queue 2 messages' }).click();
  await expect(page).toHaveURL(here);
  const id = here.split('/').pop();
  await expect.poll(async () => (await (await api.get(`/api/v1/batches/${id}`)).json()).counts.read).toBe(2);
  if (test.info().project.use.javaScriptEnabled === false) await page.reload();
  await expect(stat(page, 'Read')).toHaveText('2');
  await expect(page.locator('.page-head .state')).toHaveText('Queued');
  await expect(page.getByText('2 of 2 messages are done.')).toBeVisible();
  await axe(page);
  expect((await phone(api, server.session, second)).map((message) => message.text)).toEqual(['Hello Citra']);
  expect((await phone(api, server.session, first)).length).toBe(1);

  await page.goto('/send/many');
  const row = page.getByRole('region', { name: 'Batches' }).locator('tbody tr').filter({ hasText: name });
  await expect(row).toContainText('Queued');
  await row.getByRole('link', { name }).click();
  await expect(stat(page, 'Read')).toHaveText('2');
});

test('errors and a sample are files', async ({ page, api }) => {
  const rows = [{ number: '=1+1', message: 'a' }];
  const look = await (await api.post('/api/v1/batches', { data: { rows } })).json();
  await page.goto(`/send/many/${look.id}`);
  await expect(page.getByText('No row of this list can be sent.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Queue/ })).toHaveCount(0);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download as CSV' }).click();
  expect((await download).suggestedFilename()).toBe('errors.csv');
  const text = await (await page.request.get(`/send/many/${look.id}/errors.csv`)).text();
  expect(text).toContain('"1","number","\'=1+1",');
  await page.goto('/send/many');
  const sample = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download a sample' }).click();
  expect((await sample).suggestedFilename()).toBe('switchboard-sample.csv');
});

test('a file that is too large is said at once, and refused by the server', async ({ page }) => {
  await page.goto('/send/many');
  await live(page);
  const large = Buffer.alloc(11 << 20, 'a');
  await form(page).locator('#file').setInputFiles({ name: 'large.csv', mimeType: 'text/csv', buffer: large });
  await form(page).getByRole('button', { name: 'Look at the list' }).click();
  await expect(page.getByRole('alert')).toContainText('larger than 10 MB');
  await expect(page).toHaveURL(/\/send\/many$/);
  const posted = await page.request.post('/send/many', {
    multipart: { name: 'x', file: { name: 'large.csv', mimeType: 'text/csv', buffer: large } },
    headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin' },
  });
  expect(posted.status()).toBe(413);
  expect(await posted.text()).toContain('10 MB');
});

test('what waits of a batch is cancelled, and it says how many @no-js', async ({ page, api }) => {
  const made = await api.post('/api/v1/sessions', { data: { name: `Waits ${unique()}` } });
  const session = (await made.json()).id;
  const rows = [number(), number(), number()].map((to) => ({ number: to, message: 'Wait' }));
  const look = await (await api.post('/api/v1/batches', { data: { session, rows } })).json();
  await api.post(`/api/v1/batches/${look.id}/confirm`);
  const counts = async () => (await (await api.get(`/api/v1/batches/${look.id}`)).json()).counts;
  await expect.poll(async () => (await counts()).pending).toBe(3);
  await page.goto(`/send/many/${look.id}`);
  await expect(page.getByRole('link', { name: 'See the queue' })).toHaveAttribute('href', `/queue?session=${session}`);
  await page.getByRole('link', { name: 'Cancel 3 messages' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Cancel 3 messages that wait?');
  await axe(page);
  await dialog.getByRole('button', { name: 'Cancel 3 messages' }).click();
  await expect(stat(page, 'Cancelled')).toHaveText('3');
  await expect(dialog).toBeHidden();
  expect((await counts()).cancelled).toBe(3);
  await page.goto('about:blank');
  await api.delete(`/api/v1/sessions/${session}`);
});

test('nothing scrolls sideways on a phone', async ({ page, api }) => {
  const rows = [
    { number: number(), message: `A long word ${'x'.repeat(200)} and *more*`, reference_id: 'r'.repeat(60) },
    { number: 'x'.repeat(70), message: 'a' },
  ];
  const look = await (await api.post('/api/v1/batches', { data: { name: 'y'.repeat(80), rows } })).json();
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of ['/send', '/send/many', `/send/many/${look.id}`]) {
      await page.goto(path);
      const over = await page.evaluate(() =>
        [...document.querySelectorAll('html, .send, main .scroll')].map((pane) => pane.scrollWidth - pane.clientWidth),
      );
      expect(Math.max(...over), `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
});
