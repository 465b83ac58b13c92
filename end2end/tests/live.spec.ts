import type { APIRequestContext, BrowserContext, Page } from '@playwright/test';
import { anonymous, expect, logIn, test } from '../support/test';

const number = () => `62812${Math.floor(10_000_000 + Math.random() * 89_999_999)}`;
const bubble = (page: Page, text: string) => page.getByRole('log').locator('.message').filter({ hasText: text });
const live = (page: Page) => expect(page.getByText('Live', { exact: true })).toBeVisible();

async function writes(api: APIRequestContext, session: string, from: string, text: string): Promise<void> {
  const answer = await api.post(`/api/v1/sandbox/${session}/incoming`, { data: { from, text } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** The address of the chat that came of it, in the viewer. */
async function viewerOf(api: APIRequestContext, session: string, from: string): Promise<string> {
  const find = async () => (await (await api.get(`/api/v1/chats?session=${session}&search=${from}`)).json()).data[0]?.id;
  await expect.poll(find).toBeTruthy();
  return `/viewer?session=${session}&chat=${await find()}`;
}

/** The streams that the pages of this browser ask for. */
function streams(context: BrowserContext): string[] {
  const asked: string[] = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname === '/live') asked.push(url.search);
  });
  return asked;
}

test('the tabs of a browser share one stream, and nothing is missed when the one that has it closes', async ({
  page,
  context,
  problems,
  api,
  server,
}) => {
  const asked = streams(context);
  const from = number();
  await writes(api, server.session, from, 'First');
  const viewer = await viewerOf(api, server.session, from);
  await page.goto(viewer);
  await live(page);
  const second = await context.newPage();
  problems.watch(second);
  await second.goto(viewer);
  await live(second);
  const third = await context.newPage();
  problems.watch(third);
  await third.goto(viewer);
  await live(third);

  await writes(api, server.session, from, 'To all three');
  for (const tab of [page, second, third]) await expect(bubble(tab, 'To all three')).toBeVisible();
  expect(asked).toHaveLength(1);

  // Said while nobody may be listening.
  const meanwhile = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map((word) => `${word} in between`);
  const said = (async () => {
    for (const text of meanwhile) await writes(api, server.session, from, text);
  })();
  await page.close();
  await said;
  for (const text of meanwhile) {
    await expect(bubble(second, text)).toBeVisible();
    await expect(bubble(third, text)).toBeVisible();
  }
  await live(second);
  expect(asked).toHaveLength(2);
  expect(asked[1]).toMatch(/after=[1-9]/);

  await second.close();
  await writes(api, server.session, from, 'To the last one');
  await expect(bubble(third, 'To the last one')).toBeVisible();
  expect(asked).toHaveLength(3);
});

test('a tab that opens late hears what happened while it was drawn', async ({ page, context, problems, api, server }) => {
  const asked = streams(context);
  const from = number();
  await writes(api, server.session, from, 'First');
  const viewer = await viewerOf(api, server.session, from);
  await page.goto(viewer);
  await live(page);
  const second = await context.newPage();
  problems.watch(second);
  // The page is drawn, but its script comes only after the next message.
  let go = () => {};
  const later = new Promise<void>((done) => (go = done));
  await second.route(/\.wasm/, async (route) => {
    await later;
    await route.continue();
  });
  await second.goto(viewer);
  await writes(api, server.session, from, 'Between drawing and waking');
  await expect(bubble(page, 'Between drawing and waking')).toBeVisible();
  await expect(bubble(second, 'Between drawing and waking')).toHaveCount(0);
  go();
  await expect(bubble(second, 'Between drawing and waking')).toBeVisible();
  await live(second);
  expect(asked).toHaveLength(1);
});

test('without locks every tab has its own stream and tells nobody', async ({ page, context, problems, api, server }) => {
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
    const open = new Set<BroadcastChannel>();
    const Real = BroadcastChannel;
    globalThis.BroadcastChannel = class extends Real {
      constructor(name: string) {
        super(name);
        open.add(this);
      }
      close() {
        open.delete(this);
        super.close();
      }
    };
    Object.assign(globalThis, { openChannels: open });
  });
  const asked = streams(context);
  const from = number();
  await writes(api, server.session, from, 'First');
  const viewer = await viewerOf(api, server.session, from);
  await page.goto(viewer);
  await live(page);
  const second = await context.newPage();
  problems.watch(second);
  await second.goto(viewer);
  await live(second);
  await writes(api, server.session, from, 'To both');
  for (const tab of [page, second]) {
    await expect(bubble(tab, 'To both')).toBeVisible();
    expect(await tab.evaluate('openChannels.size')).toBe(0);
  }
  expect(asked).toHaveLength(2);
});

test('a tab says that it reconnects when it takes over', async ({ page, context, problems, server }) => {
  await page.goto('/queue');
  await live(page);
  const second = await context.newPage();
  problems.watch(second);
  await second.goto('/history');
  await live(second);
  const third = await context.newPage();
  problems.watch(third);
  await third.goto('/sessions');
  await live(third);
  let go = () => {};
  const later = new Promise<void>((done) => (go = done));
  await context.route(/\/live\?/, async (route) => {
    await later;
    await route.continue();
  });
  await page.close();
  for (const tab of [second, third]) await expect(tab.getByText('Reconnecting', { exact: true })).toBeVisible();
  go();
  for (const tab of [second, third]) await live(tab);
});

test('a tab that hears nothing from the leading one helps itself until it does', async ({
  page,
  context,
  problems,
  api,
  server,
}) => {
  await context.addInitScript(() => {
    const all: EventSource[] = [];
    const Real = EventSource;
    globalThis.EventSource = class extends Real {
      constructor(url: string) {
        super(url);
        all.push(this);
      }
    };
    Object.assign(globalThis, { states: () => all.map((one) => one.readyState) });
  });
  const from = number();
  await writes(api, server.session, from, 'First');
  const viewer = await viewerOf(api, server.session, from);
  await page.goto(viewer);
  await live(page);
  const second = await context.newPage();
  problems.watch(second);
  await second.clock.install();
  await second.goto(viewer);
  await live(second);
  const states = () => second.evaluate('states()');
  // Asked now and then, the leading tab answers; its clock runs no faster for that.
  for (let look = 0; look < 12; look++) {
    await second.clock.runFor(10_000);
    await page.waitForTimeout(100);
  }
  expect(await states()).toEqual([]);

  // The leading tab sleeps, and keeps its lock.
  await page.evaluate(() => {
    const real = BroadcastChannel.prototype.postMessage;
    BroadcastChannel.prototype.postMessage = () => {};
    Object.assign(globalThis, { wake: () => (BroadcastChannel.prototype.postMessage = real) });
  });
  await writes(api, server.session, from, 'While it sleeps');
  await expect(bubble(page, 'While it sleeps')).toBeVisible();
  await second.clock.runFor(10_000);
  expect(await states()).toEqual([]);
  await second.clock.runFor(40_000);
  await expect.poll(states).toEqual([1]);
  await second.clock.runFor(5_000);
  await expect(bubble(second, 'While it sleeps')).toBeVisible();

  await page.evaluate('wake()');
  await writes(api, server.session, from, 'Awake again');
  await expect.poll(states).toEqual([2]);
  await second.clock.runFor(5_000);
  await expect(bubble(second, 'Awake again')).toBeVisible();
  await live(second);
});

test('a page that is read slowly still moves under a steady stream of events', async ({ page, api, server }) => {
  const from = number();
  await writes(api, server.session, from, 'First');
  await page.goto(await viewerOf(api, server.session, from));
  await live(page);
  let reading = 0;
  let most = 0;
  await page.route(/\/fn\/load_thread/, async (route) => {
    most = Math.max(most, ++reading);
    await new Promise((done) => setTimeout(done, 700));
    reading--;
    await route.continue();
  });
  let steady = true;
  const stream = (async () => {
    for (let count = 0; steady; count++) {
      await writes(api, server.session, from, `Steady ${count}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  })();
  await expect(bubble(page, 'Steady 5')).toBeVisible();
  await expect(bubble(page, 'Steady 12')).toBeVisible();
  steady = false;
  await stream;
  expect(most).toBe(1);
  await page.unrouteAll({ behavior: 'wait' });
});

test('tabs begin anew once the login has gone over to another organization', async ({
  page,
  context,
  problems,
  server,
}) => {
  problems.expect(/ERR_|Failed to load/);
  await page.goto('/queue');
  await live(page);
  const second = await context.newPage();
  problems.watch(second);
  await second.goto('/history');
  await live(second);
  const loaded: Page[] = [];
  for (const tab of [page, second]) tab.on('load', () => loaded.push(tab));
  await context.route('**/fn/frame', async (route) => {
    const answer = await route.fetch();
    const frame = await answer.json();
    frame.viewer.organization.id = `org_${'0'.repeat(32)}`;
    await route.fulfill({ response: answer, json: frame });
  });
  // Whose pages they are is asked when a stream that broke is there again.
  await server.kill();
  await server.start();
  await expect.poll(() => new Set(loaded).size, { timeout: 15_000 }).toBe(2);
  await live(page);
  await live(second);
  expect(loaded).toHaveLength(2);
});

/** Lets the server say, beginning with the answer of that number, that these pages are of another organization. */
async function goesOver(page: Page, first: number): Promise<() => number> {
  let asked = 0;
  await page.route('**/fn/frame', async (route) => {
    if (++asked < first) return route.abort();
    const answer = await route.fetch();
    const frame = await answer.json();
    frame.viewer.organization.id = `org_${'0'.repeat(32)}`;
    await route.fulfill({ response: answer, json: frame });
  });
  return () => asked;
}

test('a page that comes back asks whose it is, and again until there is an answer', async ({ page, problems }) => {
  problems.expect(/ERR_FAILED/);
  await page.goto('/queue');
  await live(page);
  const asked = await goesOver(page, 3);
  const loaded = page.waitForEvent('load');
  await page.evaluate(() => {
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  });
  await loaded;
  expect(asked()).toBe(3);
  await live(page);
});

test('a page that waited long for its first stream asks whose it is', async ({ page }) => {
  const asked = await goesOver(page, 1);
  await page.goto('/queue');
  await live(page);
  expect(asked()).toBe(0);
  await page.addInitScript(() => {
    const now = performance.now.bind(performance);
    // Once only: the page that comes then is young.
    if (!sessionStorage.getItem('old')) performance.now = () => now() + 11_000;
    sessionStorage.setItem('old', 'yes');
  });
  let loads = 0;
  page.on('load', () => loads++);
  await page.goto('/history');
  await expect.poll(() => loads).toBe(2);
  await live(page);
  expect(asked()).toBe(1);
});

test('ending the login ends every tab', async ({ browser, server, problems }) => {
  problems.expect(/401/);
  const context = await browser.newContext({ baseURL: server.baseURL, ...anonymous });
  const first = await context.newPage();
  await logIn(first, server);
  await live(first);
  const second = await context.newPage();
  await second.goto('/queue');
  await live(second);
  await first.getByRole('button', { name: /^Profile of/ }).click();
  await first.getByRole('button', { name: 'Log out' }).click();
  await expect(second).toHaveURL('/login?next=%2Fqueue', { timeout: 15_000 });
  await context.close();
});
