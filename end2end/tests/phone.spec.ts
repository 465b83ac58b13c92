import type { APIRequestContext, Page } from '@playwright/test';
import { axe, expect, test as base } from '../support/test';

interface Phone {
  id: string;
  path: string;
}

/** A linked sandbox phone of the test's own: faults on it disturb nobody else. */
const test = base.extend<{ phone: Phone }>({
  phone: async ({ api, context }, use) => {
    const made = await api.post('/api/v1/sessions', { data: { name: `Phone ${Math.random().toString(36).slice(2, 8)}` } });
    expect(made.ok(), await made.text()).toBe(true);
    const { id } = await made.json();
    const paired = await api.post(`/api/v1/sandbox/${id}/pair`, { data: {} });
    expect(paired.ok(), await paired.text()).toBe(true);
    await expect.poll(() => state(api, id)).toBe('connected');
    await use({ id, path: `/sessions/${id}/phone` });
    // A page that is open while its phone goes away rightly complains.
    for (const page of context.pages()) await page.goto('about:blank');
    await api.delete(`/api/v1/sessions/${id}`);
  },
});

const CUSTOMER = '6281234567890';

async function state(api: APIRequestContext, id: string): Promise<string> {
  return (await (await api.get(`/api/v1/sessions/${id}`)).json()).state;
}

async function send(api: APIRequestContext, session: string, text: string): Promise<string> {
  const answer = await api.post('/api/v1/messages', { data: { to: CUSTOMER, text, session } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()).id;
}

const bubble = (page: Page, text: string) => page.getByRole('log').locator('.message').filter({ hasText: text });
const live = (page: Page) => expect(page.getByText('Live', { exact: true })).toBeVisible();

/** Arms from the drawer. */
async function arm(page: Page, kind: string, count = '1', delay = ''): Promise<void> {
  await page.getByRole('radio', { name: new RegExp(`^${kind}`) }).check();
  await page.getByLabel('How many').fill(count);
  await page.getByLabel('Delay').fill(delay);
  await page.getByRole('button', { name: 'Arm', exact: true }).click();
}

test('shows what arrived with its ticks @no-js', async ({ page, api, phone }) => {
  await send(api, phone.id, 'Your order is ready');
  await expect
    .poll(async () => (await (await api.get(`/api/v1/sandbox/${phone.id}/phones/${CUSTOMER}/messages`)).json()).data[0]?.tick)
    .toMatch(/delivered|read/);
  await page.goto(phone.path);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Phone');
  await expect(page.getByRole('list', { name: 'Customers' }).getByRole('link')).toContainText('+62 812-3456-7890');
  await expect(bubble(page, 'Your order is ready')).toContainText(/Delivered|Read/);
  await axe(page);
});

test('a message and its ticks appear by themselves', async ({ page, api, phone }) => {
  await page.goto(`${phone.path}?with=${CUSTOMER}`);
  await live(page);
  await send(api, phone.id, 'Ticks come back');
  await expect(bubble(page, 'Ticks come back')).toContainText('Delivered');
  await expect(bubble(page, 'Ticks come back')).toContainText('Read');
});

test('adds a customer and writes as they would @no-js', async ({ page, api, phone }) => {
  await page.goto(phone.path);
  await page.getByRole('link', { name: 'Add a customer' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Number').fill('+49 151 1234-5678');
  await dialog.getByLabel('Name').fill('Jonas Weber');
  await axe(page);
  await dialog.getByRole('button', { name: 'Hold this phone' }).click();
  await expect(page).toHaveURL(/with=4915112345678/);
  await page.getByLabel('Write as +49 151-1234-5678').fill('Do you deliver?');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(bubble(page, 'Do you deliver?')).toHaveClass(/ours/);
  await expect(page.getByLabel('Write as +49 151-1234-5678')).toHaveValue('');
  await expect
    .poll(async () => (await (await api.get(`/api/v1/chats?session=${phone.id}`)).json()).data[0]?.name)
    .toBe('Jonas Weber');
});

test('a number that is none is refused beside its field @no-js', async ({ page, problems, phone }) => {
  problems.expect(/422/);
  await page.goto(`${phone.path}?add=1`);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Number').fill('Budi');
  await dialog.getByRole('button', { name: 'Hold this phone' }).click();
  await expect(dialog.getByRole('alert')).toContainText('country code');
});

test('the linked phone may write itself @no-js', async ({ page, phone }) => {
  await page.goto(`${phone.path}?with=${CUSTOMER}`);
  await page.getByRole('navigation', { name: 'Whose phone you hold' }).getByRole('link', { name: 'The linked phone' }).click();
  await expect(page).toHaveURL(/as=me/);
  await page.getByLabel(/^Write as Phone/).fill('Typed by hand');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(bubble(page, 'Typed by hand')).toHaveClass(/ours/);
  await expect(bubble(page, 'Typed by hand')).toContainText('typed on the linked phone');
});

test('every fault can be armed, listed and cleared @no-js', async ({ page, phone }) => {
  await page.goto(phone.path);
  const drawer = page.getByRole('complementary', { name: 'What happens next' });
  const kinds = ['Fail', 'Get lost', 'Answer late', 'Delivered late', 'Read late', 'Lose the answer', 'Double receipts',
    'Refuse for now', 'Ask to wait', 'New chats used up'];
  await expect(drawer.getByRole('radio')).toHaveCount(kinds.length);
  for (const [place, kind] of kinds.entries()) {
    await arm(page, kind, String(place + 2), kind === 'Answer late' ? '1.5' : '');
    await expect(drawer.locator('.armed li')).toHaveCount(place + 1);
    await expect(drawer.locator('.armed')).toContainText(`${place + 2} messages`);
  }
  await expect(drawer.locator('.armed')).toContainText('1.5 s late');
  await expect(drawer.locator('.armed')).toContainText('never comes');
  await axe(page);
  await drawer.getByRole('button', { name: 'Clear all' }).click();
  await expect(drawer.locator('.armed li')).toHaveCount(0);
  await expect(drawer).toContainText('Nothing is armed');
});

test('a delay that says nothing is refused beside its field @no-js', async ({ page, problems, phone }) => {
  problems.expect(/422/);
  await page.goto(phone.path);
  await arm(page, 'Answer late');
  await expect(page.getByRole('complementary').getByRole('alert')).toContainText('seconds');
});

test('a refused message never shows; an unread one is read on demand', async ({ page, api, phone }) => {
  await page.goto(`${phone.path}?with=${CUSTOMER}`);
  await live(page);
  await arm(page, 'Fail');
  await expect(page.locator('.armed li')).toHaveCount(1);
  const refused = await send(api, phone.id, 'Refused');
  await expect.poll(async () => (await (await api.get(`/api/v1/queue/${refused}`)).json()).state).toBe('failed');
  await arm(page, 'Read late');
  await expect(page.locator('.armed')).toContainText('Read late');
  await send(api, phone.id, 'Unread');
  await expect(bubble(page, 'Unread')).toContainText('Delivered');
  await expect(bubble(page, 'Refused')).toHaveCount(0);
  await page.waitForTimeout(1_500);
  await expect(bubble(page, 'Unread')).toContainText('Delivered');
  await page.getByRole('button', { name: 'Read everything now' }).click();
  await expect(bubble(page, 'Unread')).toContainText('Read');
});

test('the phone logs out, and is linked again by scanning @no-js', async ({ page, api, phone }) => {
  await page.goto(phone.path);
  await page.getByRole('button', { name: 'Log out', exact: true }).last().click();
  await expect(page.getByRole('heading', { name: 'Link a device' })).toBeVisible();
  await expect(page.getByText('Logged out', { exact: true })).toBeVisible();
  await axe(page);
  await api.post(`/api/v1/sessions/${phone.id}/start`);
  await expect.poll(() => state(api, phone.id)).toBe('linking');
  await page.reload();
  await page.getByRole('button', { name: 'Scan the QR code shown now' }).click();
  await expect(page.getByText('Connected', { exact: true })).toBeVisible();
});

test('scanning where nothing is shown says what to do @no-js', async ({ page, problems, api, phone }) => {
  problems.expect(/409|422/);
  await api.post(`/api/v1/sessions/${phone.id}/log-out`);
  await page.goto(phone.path);
  await page.getByRole('button', { name: 'Scan the QR code shown now' }).click();
  await expect(page.getByRole('alert')).toContainText('Press Start');
});

test('a restriction shows with its state @no-js', async ({ page, phone }) => {
  await page.goto(phone.path);
  await page.getByRole('textbox', { name: 'Seconds' }).fill('2');
  await page.getByRole('button', { name: 'Restrict' }).click();
  await expect(page.getByText('Restricted', { exact: true })).toBeVisible();
});

test('one phone at a time where there is no room for two', async ({ page, api, phone }) => {
  await send(api, phone.id, 'Narrow');
  await expect
    .poll(async () => (await (await api.get(`/api/v1/sandbox/${phone.id}/chats`)).json()).data.length)
    .toBe(1);
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto(phone.path);
    await expect(page.getByRole('log')).toBeHidden();
    await page.getByRole('list', { name: 'Customers' }).getByRole('link').click();
    await expect(bubble(page, 'Narrow')).toBeVisible();
    const over = await page.evaluate(() =>
      ['html', '.bench', '.stage'].map((one) => {
        const pane = document.querySelector(one) as HTMLElement;
        return pane.scrollWidth - pane.clientWidth;
      }),
    );
    expect(Math.max(...over), `${over} at ${width}`).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'Back to the customers' }).click();
    await expect(page.getByRole('list', { name: 'Customers' })).toBeVisible();
  }
});
