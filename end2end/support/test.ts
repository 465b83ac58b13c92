import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base, type APIRequestContext, type BrowserContext, type Page } from '@playwright/test';
import { startServer, type Server } from './server';

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

/** What went wrong inside a page. Whatever a test did not expect fails it. */
export interface Problems {
  /** Says that this may happen, such as the 422 of a form that is refused. */
  expect(pattern: RegExp): void;
  /** Watches one more page, such as a second tab. */
  watch(page: Page): void;
}

interface ForTest {
  /** The HTTP interface with the organization's key, for arranging and for looking behind the page. */
  api: APIRequestContext;
  problems: Problems;
}

interface ForWorker {
  server: Server;
  login: StorageState;
}

/** For a test by somebody who is not logged in: `test.use(anonymous)`. */
export const anonymous = { storageState: { cookies: [], origins: [] } };

/**
 * Every test gets `page`, logged in as the owner, on a server that the tests of
 * one worker share. So a test must not rely on lists being empty, and makes
 * names of its own.
 */
export const test = base.extend<ForTest, ForWorker>({
  server: [
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  // Logging in works without scripts, and does not have to wait for them here.
  login: [
    async ({ browser, server }, use) => {
      const context = await browser.newContext({ baseURL: server.baseURL, javaScriptEnabled: false });
      const page = await context.newPage();
      await logIn(page, server);
      const state = await context.storageState();
      await context.close();
      await use(state);
    },
    { scope: 'worker', timeout: 30_000 },
  ],

  baseURL: ({ server }, use) => use(server.baseURL),
  storageState: ({ login }, use) => use(login),

  api: async ({ playwright, server }, use) => {
    const api = await playwright.request.newContext({
      baseURL: server.baseURL,
      extraHTTPHeaders: { 'X-API-Key': server.apiKey },
    });
    await use(api);
    await api.dispose();
  },

  problems: async ({}, use) => {
    const found: string[] = [];
    const expected: RegExp[] = [];
    await use({
      expect: (pattern) => void expected.push(pattern),
      watch(page) {
        page.on('pageerror', (error) => found.push(`error: ${error.message}`));
        page.on('console', (message) => {
          const hydration = message.type() === 'warning' && /hydrat/i.test(message.text());
          if (message.type() === 'error' || hydration) {
            found.push(`${message.type()}: ${message.text()} (${message.location().url})`);
          }
        });
      },
    });
    const unexpected = found.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
    expect(unexpected, 'the page reported problems').toEqual([]);
  },

  page: async ({ page, problems }, use) => {
    problems.watch(page);
    await use(page);
  },
});

export { expect };

/** Fills in the login form and waits until it let us in. */
export async function logIn(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(who.email);
  await page.getByLabel('Password', { exact: true }).fill(who.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page).not.toHaveURL(/\/login/);
}

/** Asserts that the page has no accessibility findings. Needs scripts, so it passes without them. */
export async function axe(page: Page): Promise<void> {
  if (test.info().project.use.javaScriptEnabled === false) return;
  const { violations } = await new AxeBuilder({ page }).analyze();
  const findings = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}`),
  );
  expect(findings, 'accessibility findings').toEqual([]);
}
