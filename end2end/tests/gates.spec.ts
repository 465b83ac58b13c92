import type { APIRequestContext, Page } from '@playwright/test';
import { expect, test } from '../support/test';

/**
 * Each rule once with a sandbox phone: what the entry's page and `GET /api/v1/queue/{id}` say holds
 * it, and that what they say is what then happens.
 */
const OPEN = {
  delay_min_ms: 0, delay_max_ms: 0, hourly_limit: 0, daily_limit: 0, window: 0, recipient_gap_ms: 0, pause_after: 0,
  warm_up: 0, cold_daily_limit: 0, typing_ms_per_character: 0, repeated_text_after: 0,
};

class Phone {
  constructor(
    private readonly api: APIRequestContext,
    readonly id: string,
  ) {}

  async limits(data: object): Promise<void> {
    const answer = await this.api.patch(`/api/v1/sessions/${this.id}/limits`, { data });
    expect(answer.ok(), await answer.text()).toBe(true);
  }

  async send(text: string, to = stranger()): Promise<string> {
    const answer = await this.api.post('/api/v1/messages', { data: { to, text, session: this.id } });
    expect(answer.ok(), await answer.text()).toBe(true);
    return (await answer.json()).id;
  }

  async entry(id: string) {
    return (await this.api.get(`/api/v1/queue/${id}`)).json();
  }

  /** Waits until it has left; answers when. */
  async left(id: string): Promise<number> {
    const sent = async () => (await this.entry(id)).sent_at ?? '';
    await expect.poll(sent, { timeout: 20_000, intervals: [100] }).not.toBe('');
    return Date.parse(await sent());
  }

  async fault(kind: string, delay_ms?: number): Promise<void> {
    const answer = await this.api.post(`/api/v1/sandbox/${this.id}/faults`, { data: { kind, count: 1, delay_ms } });
    expect(answer.ok(), await answer.text()).toBe(true);
  }

  /** What holds that entry, once it does. */
  async shut(id: string, gate: string): Promise<{ opens_at: string | null; why: string }> {
    const of = async () =>
      (await this.entry(id)).gates.find((one: { gate: string; open: boolean }) => one.gate === gate && !one.open);
    await expect.poll(async () => (await of()) !== undefined, { intervals: [50] }).toBe(true);
    return of();
  }
}

const paced = test.extend<{ phone: Phone }>({
  phone: async ({ api }, use) => {
    const name = `Rule ${Math.random().toString(36).slice(2, 8)}`;
    const { id } = await (await api.post('/api/v1/sessions', { data: { name } })).json();
    expect((await api.post(`/api/v1/sandbox/${id}/pair`, { data: {} })).ok()).toBe(true);
    await expect.poll(async () => (await (await api.get(`/api/v1/sessions/${id}`)).json()).state).toBe('connected');
    const phone = new Phone(api, id);
    await phone.limits(OPEN);
    await use(phone);
    await api.post('/api/v1/queue/cancel', { data: { session: id } });
    await api.delete(`/api/v1/sessions/${id}`);
  },
});

/** Somebody to whom no other test has written: the gap to a recipient holds for every session. */
const stranger = () => `62813${Math.floor(10_000_000 + Math.random() * 89_999_999)}`;

async function settings(api: APIRequestContext, data: object): Promise<void> {
  const answer = await api.patch('/api/v1/settings', { data });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** The page of the entry names the same gate as shut. */
async function shows(page: Page, id: string, label: string): Promise<void> {
  await page.goto(`/queue?entry=${id}`);
  const row = page.getByRole('complementary').getByRole('row', { name: new RegExp(`Shut ${label}`) });
  await expect(row).toHaveCount(1);
}

/** Rules that time alone opens, in seconds: it leaves when it was said to, and not before. */
const timed = [
  { gate: 'delay', label: 'Random delay', set: { delay_min_ms: 6_000, delay_max_ms: 6_000 } },
  { gate: 'pause', label: 'Pause', set: { pause_after: 1, pause_ms: 6_000 } },
  { gate: 'recipient_gap', label: 'Recipient gap', set: { recipient_gap_ms: 6_000 } },
  { gate: 'repeated_text', label: 'Repeated text', set: { repeated_text_after: 1, repeated_text_pause_ms: 6_000 } },
];
for (const one of timed) {
  paced(`${one.label}: it leaves when the page said`, async ({ page, phone }) => {
    await phone.limits(one.set);
    const to = stranger();
    await phone.left(await phone.send('The same words', to));
    const id = await phone.send('The same words', one.gate === 'recipient_gap' ? to : stranger());
    const told = await phone.shut(id, one.gate);
    const { leaves_at } = await phone.entry(id);
    expect(leaves_at).toBe(told.opens_at);
    await shows(page, id, one.label);
    const late = (await phone.left(id)) - Date.parse(leaves_at);
    expect(late, 'milliseconds after the moment that was told').toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(1_500);
    // The open page has heard of it by itself.
    await expect(page.getByRole('complementary')).toContainText('Sent');
  });
}

/** Rules that wait for longer than a test can: shown, and open as soon as the limit is raised. */
const long = [
  { gate: 'hourly_limit', label: 'Hourly limit', set: { hourly_limit: 1 } },
  { gate: 'daily_limit', label: 'Daily limit', set: { daily_limit: 1 } },
];
for (const one of long) {
  paced(`${one.label}: held until it is raised`, async ({ page, phone }) => {
    await phone.limits(one.set);
    await phone.left(await phone.send('One'));
    const id = await phone.send('Two');
    const told = await phone.shut(id, one.gate);
    expect(Date.parse(told.opens_at ?? ''), told.why).toBeGreaterThan(Date.now());
    await shows(page, id, one.label);
    await phone.limits(OPEN);
    await phone.left(id);
  });
}

paced('Warm-up: the 61st message of the first day waits for the second', async ({ page, phone }) => {
  await phone.limits({ warm_up: 1 });
  let last = '';
  for (let n = 0; n < 61; n++) last = await phone.send(`Number ${n}`);
  const told = await phone.shut(last, 'daily_limit');
  expect(told.why).toContain('warm');
  await shows(page, last, 'Daily limit');
  await phone.limits(OPEN);
  await phone.left(last);
});

paced('Sending window: held until it opens', async ({ page, phone }) => {
  const hour = (new Date().getUTCHours() + 7) % 24;
  await phone.limits({ window: hour < 12 ? '20:00-21:00' : '03:00-04:00' });
  const id = await phone.send('Not now');
  await phone.shut(id, 'window');
  await shows(page, id, 'Sending window');
  await phone.limits(OPEN);
  await phone.left(id);
});

paced('New chats: strangers wait, and who writes to us does not', async ({ page, api, phone }) => {
  await phone.limits({ cold_daily_limit: 1 });
  await phone.left(await phone.send('The first stranger'));
  const to = stranger();
  const id = await phone.send('The second', to);
  await phone.shut(id, 'cold_limit');
  await shows(page, id, 'New chats');
  await api.post(`/api/v1/sandbox/${phone.id}/incoming`, { data: { from: to, text: 'Hello?' } });
  await phone.left(id);
});

paced('Organization’s day: one limit for all its sessions', async ({ page, api, phone }) => {
  await phone.left(await phone.send('Counted'));
  await settings(api, { organization_daily_limit: 1 });
  try {
    const id = await phone.send('Tomorrow, then');
    const told = await phone.shut(id, 'organization_limit');
    expect(Date.parse(told.opens_at ?? ''), told.why).toBeGreaterThan(Date.now());
    await shows(page, id, 'Organization’s day');
    await settings(api, { organization_daily_limit: 0 });
    await phone.left(id);
  } finally {
    await settings(api, { organization_daily_limit: null });
  }
});

const lists = [
  { gate: 'opt_out', label: 'Opt-out', set: (to: string) => ({ opt_outs: [to] }), free: { opt_outs: [] } },
  { gate: 'allow_list', label: 'Allow-list', set: () => ({ allow_list: [stranger()] }), free: { allow_list: ['*'] } },
];
for (const one of lists) {
  paced(`${one.label}: what waits is held until the list changes`, async ({ page, api, phone }) => {
    await phone.limits({ hourly_limit: 1 });
    await phone.left(await phone.send('One'));
    const to = stranger();
    const id = await phone.send('Two', to);
    await settings(api, one.set(to));
    try {
      const told = await phone.shut(id, one.gate);
      expect(told.opens_at ?? null, 'time alone does not open it').toBeNull();
      await shows(page, id, one.label);
      await phone.limits(OPEN);
      await phone.shut(id, one.gate);
    } finally {
      await settings(api, one.free);
    }
    await phone.left(id);
  });
}

paced('WhatsApp’s request: the lane waits, and no message is burned', async ({ page, phone }) => {
  await phone.fault('rate_limit', 6_000);
  const id = await phone.send('Too fast, it says');
  const told = await phone.shut(id, 'restriction');
  await shows(page, id, 'WhatsApp’s request');
  const late = (await phone.left(id)) - Date.parse(told.opens_at ?? '');
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(1_500);
});

paced('Next try and order: the one that was refused goes first', async ({ page, phone }) => {
  await phone.fault('try_later');
  const to = stranger();
  const first = await phone.send('Refused once', to);
  const told = await phone.shut(first, 'retry');
  const second = await phone.send('Behind it', to);
  await phone.shut(second, 'order');
  await shows(page, first, 'Next try');
  await shows(page, second, 'Order');
  const left = await phone.left(first);
  expect(left).toBeGreaterThanOrEqual(Date.parse(told.opens_at ?? ''));
  expect(await phone.left(second)).toBeGreaterThanOrEqual(left);
});

paced('Session: stopped holds it, started lets it go', async ({ page, api, phone }) => {
  await api.post(`/api/v1/sessions/${phone.id}/stop`, { data: {} });
  const id = await phone.send('Wait for me');
  await phone.shut(id, 'session');
  await shows(page, id, 'Session');
  await api.post(`/api/v1/sessions/${phone.id}/start`, { data: {} });
  await phone.left(id);
});
