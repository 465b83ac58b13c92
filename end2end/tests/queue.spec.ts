import type { APIRequestContext, Page } from '@playwright/test';
import { axe, expect, test } from '../support/test';

/** A session without a phone: what is sent through it waits for as long as a test likes. */
const waiting = test.extend<{ session: { id: string; name: string } }>({
  session: async ({ api }, use) => {
    const name = `Waits ${Math.random().toString(36).slice(2, 8)}`;
    const made = await api.post('/api/v1/sessions', { data: { name } });
    expect(made.ok(), await made.text()).toBe(true);
    const { id } = await made.json();
    await use({ id, name });
    const { data } = await (await api.get(`/api/v1/queue?session=${id}&limit=1000`)).json();
    for (const entry of data) await api.post(`/api/v1/queue/${entry.id}/cancel`);
    await api.delete(`/api/v1/sessions/${id}`);
  },
});

async function queue(api: APIRequestContext, session: string, text: string, more = {}): Promise<string> {
  const answer = await api.post('/api/v1/messages', { data: { to: '6281100000142', text, session, ...more } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()).id;
}

/** A linked sandbox phone of the test's own, whose limits disturb nobody else. */
const paced = waiting.extend<{ phone: { id: string; name: string } }>({
  phone: async ({ api }, use) => {
    const name = `Paced ${Math.random().toString(36).slice(2, 8)}`;
    const { id } = await (await api.post('/api/v1/sessions', { data: { name } })).json();
    const paired = await api.post(`/api/v1/sandbox/${id}/pair`, { data: {} });
    expect(paired.ok(), await paired.text()).toBe(true);
    await expect.poll(async () => (await (await api.get(`/api/v1/sessions/${id}`)).json()).state).toBe('connected');
    await use({ id, name });
    await api.post('/api/v1/queue/cancel', { data: { session: id } });
    await api.delete(`/api/v1/sessions/${id}`);
  },
});

async function limits(api: APIRequestContext, session: string, data: object) {
  const answer = await api.patch(`/api/v1/sessions/${session}/limits`, { data });
  expect(answer.ok(), await answer.text()).toBe(true);
}

const state = async (api: APIRequestContext, id: string) =>
  (await (await api.get(`/api/v1/queue/${id}`)).json()).state;

/** One message that left, and one behind it that the limits hold. */
async function oneLeftOneHeld(api: APIRequestContext, session: string, to = stranger()): Promise<string> {
  const first = await queue(api, session, 'The first one leaves', { to });
  await expect.poll(() => state(api, first), { timeout: 10_000 }).toMatch(/sent|delivered|read/);
  return queue(api, session, 'The second one waits', { to });
}

/** Somebody to whom no other test has written: the gap to a recipient holds for every session. */
function stranger(): string {
  return `62812${Math.floor(10_000_000 + Math.random() * 89_999_999)}`;
}

/** A window of the organization's day that is closed now and opens within the next day. */
function closedWindow(): string {
  const hour = (new Date().getUTCHours() + 7) % 24;
  return hour < 12 ? '20:00-21:00' : '03:00-04:00';
}

const lane = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Lanes' }).getByRole('listitem').filter({ hasText: name });

const rows = (page: Page) => page.getByRole('region', { name: 'Queue' }).locator('tbody tr');
const panel = (page: Page) => page.getByRole('complementary');

waiting('shows what waits and why, complete without script @no-js', async ({ page, api, session }) => {
  await queue(api, session.id, 'Pesanan 10498 siap diambil', { reference_id: 'pos-10498' });
  await page.goto(`/queue?session=${session.id}`);
  await expect(page).toHaveTitle('Queue · Switchboard');
  const row = rows(page).filter({ hasText: 'Pesanan 10498' });
  await expect(row).toContainText('+62 811-0000-0142');
  await expect(row).toContainText('Phone to link');
  await expect(row).toContainText('unknown');
  await axe(page);

  await row.getByRole('link').click();
  await expect(page).toHaveURL(/entry=msg_/);
  await expect(panel(page)).toContainText('To +62 811-0000-0142');
  await expect(panel(page).getByRole('row', { name: /Shut Session/ })).toContainText('waits for a phone');
  await expect(panel(page)).toContainText('pos-10498');
  await expect(panel(page)).toContainText('Accepted');
  await axe(page);
  await panel(page).getByRole('link', { name: 'Close' }).click();
  await expect(panel(page)).toHaveCount(0);
});

waiting('cancels one entry @no-js', async ({ page, api, session }) => {
  const id = await queue(api, session.id, 'Not wanted after all');
  await page.goto(`/queue?session=${session.id}&entry=${id}`);
  await panel(page).getByRole('link', { name: 'Cancel this message' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel this message?' });
  await expect(dialog).toContainText('To +62');
  await axe(page);
  await dialog.getByRole('button', { name: 'Cancel this message' }).click();
  await expect(panel(page)).toContainText('Cancelled by a member');
  await expect(rows(page)).toHaveCount(0);
  expect((await (await api.get(`/api/v1/queue/${id}`)).json()).state).toBe('cancelled');
});

waiting('cancels everything that waits for a session, and says how many @no-js', async ({ page, api, session }) => {
  const ids = [];
  for (const text of ['one', 'two', 'three']) ids.push(await queue(api, session.id, text));
  await page.goto(`/queue?session=${session.id}`);
  await page.getByRole('link', { name: 'Cancel all 3 pending messages' }).click();
  await expect(page).toHaveURL(/cancel=all/);
  const dialog = page.getByRole('dialog', { name: 'Cancel 3 pending messages?' });
  await expect(dialog).toContainText(session.name);
  await axe(page);
  await dialog.getByRole('button', { name: 'Cancel all 3 pending messages' }).click();
  await expect(page.getByText('Nothing like this waits')).toBeVisible();
  await expect(page).not.toHaveURL(/cancel=all/);
  for (const id of ids) expect((await (await api.get(`/api/v1/queue/${id}`)).json()).state).toBe('cancelled');
});

waiting('the filters live in the address, and Back works @no-js', async ({ page, api, session }) => {
  await queue(api, session.id, 'Filter me');
  await page.goto('/queue');
  const states = page.getByRole('navigation', { name: 'State' });
  await states.getByRole('link', { name: 'Pending' }).click();
  await expect(page).toHaveURL('/queue?state=pending');
  await expect(rows(page).filter({ hasText: 'Filter me' })).toHaveCount(1);
  await states.getByRole('link', { name: 'Uncertain' }).click();
  await expect(page).toHaveURL('/queue?state=uncertain');
  await expect(page.getByText('Nothing like this waits')).toBeVisible();
  await page.goBack();
  await expect(states.getByRole('link', { name: 'Pending' })).toHaveAttribute('aria-current', 'page');
  await expect(rows(page).filter({ hasText: 'Filter me' })).toHaveCount(1);
  await page.getByRole('button', { name: 'All sessions' }).click();
  await page.getByRole('link', { name: session.name }).click();
  await expect(page).toHaveURL(new RegExp(`session=${session.id}`));
  await expect(rows(page)).toHaveCount(1);
});

waiting('rows come, change and go by themselves', async ({ page, api, session }) => {
  await page.goto(`/queue?session=${session.id}`);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await expect(page.getByText('Nothing like this waits')).toBeVisible();
  const id = await queue(api, session.id, 'Look, no reload');
  const row = rows(page).filter({ hasText: 'Look, no reload' });
  await expect(row).toContainText('Phone to link');
  await row.getByRole('link').click();
  await expect(panel(page)).toContainText('Pending');
  await api.post(`/api/v1/queue/${id}/cancel`);
  await expect(row).toHaveCount(0);
  await expect(panel(page)).toContainText('Cancelled by an API client');
  await page.keyboard.press('Escape');
  await expect(panel(page)).toHaveCount(0);
});

waiting('pages by cursor', async ({ page, api, session }) => {
  const messages = Array.from({ length: 60 }, (_, n) => ({ number: '6281100000142', message: `Page ${n}` }));
  const answer = await api.post('/api/send-bulk', { data: { messages, sessionId: session.id } });
  expect(answer.ok(), await answer.text()).toBe(true);
  const mine = page.getByRole('navigation', { name: 'Pages of the queue' });
  await page.goto(`/queue?session=${session.id}`);
  await expect(rows(page)).toHaveCount(50);
  await mine.getByRole('link', { name: 'Next' }).click();
  await expect(rows(page)).toHaveCount(10);
  await mine.getByRole('link', { name: 'First page' }).click();
  await expect(rows(page)).toHaveCount(50);
});

waiting('the original request stands with its entry @no-js', async ({ page, api, session }) => {
  const text = 'x'.repeat(4_060);
  const answer = await api.post('/api/send', {
    data: { number: '6281100000142', message: `Pesanan <b>${text}`, sessionId: session.id.replace('ses_', '') },
    headers: { 'x-order': '10498' },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  const { id } = await answer.json();
  const shown = panel(page).locator('.original');
  await expect
    .poll(async () => {
      await page.goto(`/queue?session=${session.id}&entry=${id}`);
      return shown.count();
    })
    .toBe(1);
  await expect(shown).toContainText('POST /api/send');
  await expect(shown).toContainText('200');
  const parts = panel(page).locator('.original-parts');
  await parts.locator('summary').click();
  await expect(parts).toContainText('x-order');
  await expect(parts).toContainText('10498');
  await expect(parts).toContainText('"message": "Pesanan <b>xxx');
  await expect(parts).toContainText('[masked]');
  await expect(parts).toContainText('Only the beginning of the body is shown here.');
  await axe(page);
  await shown.getByRole('link').click();
  await expect(page).toHaveURL(new RegExp(`/request-log\\?queue=\\d+&request=req_`));
  await expect(panel(page)).toContainText('POST /api/send');
});

test('an entry that is not there says so', async ({ page }) => {
  await page.goto('/queue?entry=999999');
  await expect(panel(page)).toContainText('Not found');
});

waiting('nothing scrolls sideways on a phone', async ({ page, api, session }) => {
  const id = await queue(api, session.id, 'A rather long message that would like to be wider than a phone is');
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    const paths = ['/queue', `/queue?entry=${id}`, '/queue?view=lanes', '/balancer'];
    for (const path of paths) {
      await page.goto(path);
      await expect(page.locator('tbody tr, .what-if').first()).toBeAttached();
      const over = await page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll('.table-wrap, .panel .scroll')].map(
          (one) => one.scrollWidth - one.clientWidth,
        ),
      );
      expect(Math.max(...over), path).toBe(0);
    }
  }
});

const gates = [
  { gate: 'Hourly limit', set: { hourly_limit: 1 }, lane: '1 / 1' },
  { gate: 'Daily limit', set: { daily_limit: 1 }, lane: '1 / 1' },
  { gate: 'Pause', set: { pause_after: 1, pause_ms: 3_600_000 }, lane: 'in a row before a pause' },
  { gate: 'Recipient gap', set: { recipient_gap_ms: 3_600_000 }, lane: '1 waiting' },
];
for (const one of gates) {
  paced(`${one.gate}: the entry and the lane say it and when it opens @no-js`, async ({ page, api, phone }) => {
    await limits(api, phone.id, one.set);
    const id = await oneLeftOneHeld(api, phone.id);
    const { gates: told } = await (await api.get(`/api/v1/queue/${id}`)).json();
    const shut = told.find((gate: { gate: string }) => gate.gate === one.gate.toLowerCase().replace(' ', '_'));
    expect(shut).toMatchObject({ open: false });
    await page.goto(`/queue?session=${phone.id}`);
    await expect(lane(page, phone.name)).toContainText(one.lane);
    if (one.gate !== 'Recipient gap') {
      await expect(lane(page, phone.name)).toContainText(one.gate);
      await expect(rows(page).first()).toContainText(one.gate);
    }
    await rows(page).first().getByRole('link').click();
    const row = panel(page).getByRole('row', { name: new RegExp(`Shut ${one.gate}`) });
    await expect(row).toContainText(/opens .*\d\d:\d\d:\d\d/);
    await expect(panel(page)).toContainText('Leaves at');
    await expect(panel(page)).toContainText(/\d+ open gates/);
  });
}

paced('Sending window: closed until it opens @no-js', async ({ page, api, phone }) => {
  await limits(api, phone.id, { window: closedWindow() });
  const id = await queue(api, phone.id, 'Not in the night');
  await page.goto(`/queue?session=${phone.id}`);
  await expect(lane(page, phone.name)).toContainText('Sending window');
  await expect(lane(page, phone.name)).toContainText(closedWindow().slice(0, 5));
  await page.goto(`/queue?session=${phone.id}&entry=${id}`);
  await expect(panel(page).getByRole('row', { name: /Shut Sending window/ })).toContainText(
    `${closedWindow().slice(0, 5)}:00`,
  );
  await axe(page);
});

paced('sends now: names what it passes, writes it down, and it arrives @no-js', async ({ page, api, phone }) => {
  await limits(api, phone.id, { hourly_limit: 1 });
  const to = stranger();
  const id = await oneLeftOneHeld(api, phone.id, to);
  await page.goto(`/queue?session=${phone.id}&entry=${id}`);
  await panel(page).getByRole('link', { name: 'Send now' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send this message now?' });
  await expect(dialog).toContainText('Hourly limit');
  await expect(dialog).toContainText('written down');
  await axe(page);
  await dialog.getByRole('button', { name: 'Send it now' }).click();
  await expect(panel(page)).toContainText('It passes: Hourly limit');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect.poll(() => state(api, id), { timeout: 10_000 }).toMatch(/delivered|read/);
  const screen = await (await api.get(`/api/v1/sandbox/${phone.id}/phones/${to}/messages`)).json();
  expect(JSON.stringify(screen.data)).toContain('The second one waits');
});

paced('reassigns to a session that can send @no-js', async ({ page, api, session, phone }) => {
  const id = await queue(api, session.id, 'The other one, please');
  await page.goto(`/queue?entry=${id}`);
  await panel(page).getByRole('link', { name: 'Reassign' }).click();
  const dialog = page.getByRole('dialog', { name: 'Which session sends it?' });
  await expect(dialog.getByLabel('Session')).toHaveValue(session.id);
  await dialog.getByLabel('Session').selectOption(phone.name);
  await dialog.getByRole('button', { name: 'Reassign' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect.poll(() => state(api, id), { timeout: 10_000 }).toMatch(/delivered|read/);
  const { session: through } = await (await api.get(`/api/v1/queue/${id}`)).json();
  expect(through).toBe(phone.id);
});

paced('what if: another limit, and when the queue would end @no-js', async ({ page, api, phone, problems }) => {
  await limits(api, phone.id, { hourly_limit: 1 });
  await oneLeftOneHeld(api, phone.id);
  await page.goto('/queue');
  await page.getByRole('navigation', { name: 'View' }).getByRole('link', { name: 'Lanes' }).click();
  await expect(lane(page, phone.name)).toContainText('1 waiting');
  const panel = page.getByRole('region', { name: 'What if?' });
  await panel.getByLabel('Of', { exact: true }).selectOption(phone.name);
  await panel.getByLabel('Limit', { exact: true }).selectOption('Messages in 60 minutes');
  await panel.getByLabel('Value').fill('50');
  await panel.getByRole('button', { name: 'Work it out' }).click();
  await expect(panel.getByRole('status')).toContainText(/\d+ min sooner/);
  await expect(page).toHaveURL(/limit=hourly_limit&value=50/);
  await axe(page);
  problems.expect(/422/);
  await panel.getByLabel('Value').fill('many');
  await panel.getByRole('button', { name: 'Work it out' }).click();
  await expect(panel).toContainText('whole number');
});

paced('an uncertain message is settled by hand @no-js', async ({ page, api, phone }) => {
  await api.post(`/api/v1/sandbox/${phone.id}/faults`, { data: { kind: 'ambiguous', count: 1, delay_ms: 0 } });
  const id = await queue(api, phone.id, 'Did it arrive?');
  await expect.poll(() => state(api, id), { intervals: [30] }).toBe('uncertain');
  await api.post(`/api/v1/sessions/${phone.id}/stop`, { data: {} });
  await page.goto('/queue');
  await page.getByRole('navigation', { name: 'State' }).getByRole('link', { name: 'Uncertain 1' }).click();
  await expect(page.getByText('None of them is sent twice')).toBeVisible();
  await rows(page).first().getByRole('link').click();
  await expect(panel(page)).toContainText(`WhatsApp cannot be asked for it now: ${phone.name} is not connected (Stopped).`);
  await axe(page);
  await panel(page).getByRole('button', { name: 'It did not arrive' }).click();
  await expect(panel(page)).toContainText('A member settled it by hand');
  expect(await state(api, id)).toBe('failed');
});

paced('tries everything that failed again, and says how many @no-js', async ({ page, api, phone }) => {
  await api.post(`/api/v1/sandbox/${phone.id}/faults`, { data: { kind: 'fail', count: 2 } });
  const ids = [await queue(api, phone.id, 'one'), await queue(api, phone.id, 'two')];
  for (const id of ids) await expect.poll(() => state(api, id), { timeout: 10_000 }).toBe('failed');
  await page.goto(`/history?state=failed&session=${phone.id}`);
  await page.getByRole('link', { name: 'Try all 2 failed messages again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Try 2 failed messages again?' });
  await dialog.getByRole('button', { name: 'Try all 2 failed messages again' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  for (const id of ids) await expect.poll(() => state(api, id), { timeout: 10_000 }).toMatch(/delivered|read/);
});

paced('the balancer shows every number and how it adds up @no-js', async ({ page, api, phone }) => {
  const id = await queue(api, phone.id, 'Counted');
  await expect.poll(() => state(api, id), { timeout: 10_000 }).toMatch(/delivered|read/);
  await page.goto('/balancer');
  await expect(page).toHaveTitle('Balancer · Switchboard');
  const row = page.getByRole('row').filter({ hasText: phone.name });
  await expect(row).toContainText('1 × 1.0 × 1.5 + 0 × 30 + 0 = 1.5');
  await expect(row).toContainText('Connected');
  await axe(page);
});

paced('lanes and the balancer in the dark', async ({ page, api, phone }) => {
  // Four pages, each searched whole for what cannot be read.
  test.setTimeout(90_000);
  await limits(api, phone.id, { hourly_limit: 1 });
  const id = await oneLeftOneHeld(api, phone.id);
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const path of ['/queue', `/queue?entry=${id}`, '/queue?view=lanes', '/balancer']) {
    await page.goto(path);
    await expect(page.getByText(phone.name).first()).toBeAttached();
    await axe(page);
  }
});
