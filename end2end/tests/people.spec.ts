import type { Page } from '@playwright/test';
import { anonymous, axe, expect, logIn, test } from '../support/test';
import { startServer } from '../support/server';

/** Without scripts a page never says that it is live; with them the test waits for it. */
async function awake(page: Page): Promise<void> {
  if (test.info().project.use.javaScriptEnabled === false) return;
  await expect(page.locator('.live')).toHaveText('Live');
}

async function openProfile(page: Page): Promise<void> {
  await page.goto('/profile');
  await awake(page);
}

test.describe('the door', () => {
  test.use(anonymous);

  test('a page asks who it is and comes back afterwards @no-js', async ({ page, server }) => {
    await page.goto('/queue?state=failed');
    await expect(page).toHaveURL('/login?next=%2Fqueue%3Fstate%3Dfailed');
    await expect(page).toHaveTitle('Log in · Switchboard');
    await axe(page);
    await page.getByLabel('E-mail').fill(server.email);
    await page.getByLabel('Password', { exact: true }).fill(server.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page).toHaveURL('/queue?state=failed');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Queue');
  });

  test('a wrong password is told, and the e-mail stays @no-js', async ({ page, problems, server }) => {
    problems.expect(/401/);
    await page.goto('/login');
    await page.getByLabel('E-mail').fill(server.email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('alert')).toContainText('E-mail and password do not match.');
    await expect(page.getByLabel('E-mail')).toHaveValue(server.email);
    expect(page.url()).not.toContain('not%20the');
    await axe(page);
  });

  test('logging in leads nowhere else @no-js', async ({ page, server }) => {
    await page.goto('/login?next=%2F%2Fevil.example%2F');
    await page.getByLabel('E-mail').fill(server.email);
    await page.getByLabel('Password', { exact: true }).fill(server.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page).toHaveURL('/');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dashboard');
  });

  test('logging out takes the pages away @no-js', async ({ page, server }) => {
    await logIn(page, server);
    await page.goto('/');
    await awake(page);
    await page.getByRole('button', { name: /^Profile of/ }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page).toHaveURL('/login');
    await page.goto('/profile');
    await expect(page).toHaveURL('/login?next=%2Fprofile');
  });

  test('a login that ends elsewhere ends here by itself', async ({ browser, page, problems, server }) => {
    problems.expect(/401/);
    await logIn(page, server);
    await page.goto('/history');
    await awake(page);
    const other = await browser.newContext({ baseURL: server.baseURL, javaScriptEnabled: false });
    const there = await other.newPage();
    await logIn(there, server);
    await there.goto('/profile');
    // Newest first: our own login stands at the top, the one to end is below it.
    const mine = there.locator('.logins li').filter({ has: there.getByRole('button') }).first();
    await mine.getByRole('button').click();
    await expect(page).toHaveURL('/login?next=%2Fhistory', { timeout: 15_000 });
    await other.close();
  });

  test('an unknown page says so @no-js', async ({ page, problems }) => {
    problems.expect(/404/);
    const answer = await page.goto('/no-such-page');
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not found');
    await axe(page);
  });
});

test.describe('the first run', () => {
  test.use(anonymous);

  test('from the printed link to a first message @no-js', async ({ page, playwright, problems }) => {
    problems.expect(/422/);
    const server = await startServer({ init: false });
    const [link] = await server.printed(/http\S+\/set-up\?token=\w+/);
    await page.goto(`${server.baseURL}/login`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('This Switchboard is new');

    await page.goto(link);
    await axe(page);
    await page.locator('#name').fill('Sari Wulandari');
    await page.locator('#email').fill('sari@example.org');
    await page.locator('#password').fill('correct horse battery');
    await page.locator('#organization').fill(' ');
    await page.getByRole('button', { name: 'Create and open' }).click();
    await expect(page.locator('#organization-foot')).toContainText('1 to 80 characters');
    await expect(page.locator('#name')).toHaveValue('Sari Wulandari');
    await expect(page.locator('#email')).toHaveValue('sari@example.org');

    await page.locator('#organization').fill('Kopi Lestari');
    await page.locator('#password').fill('correct horse battery');
    await page.locator('#time_zone').selectOption('Asia/Jakarta');
    await page.getByRole('button', { name: 'Create and open' }).click();
    await expect(page).toHaveURL(`${server.baseURL}/set-up/done`);
    await axe(page);
    const key = (await page.locator('#api-key').innerText()).trim();
    await expect(page.locator('#first-message')).toContainText(key);

    const client = await playwright.request.newContext({ extraHTTPHeaders: { 'X-API-Key': key } });
    const sent = await client.post(`${server.baseURL}/api/send`, { data: { number: '6281234567890', message: 'Hello' } });
    expect(sent.ok(), await sent.text()).toBe(true);
    await client.dispose();

    await page.getByRole('link', { name: 'Open the dashboard' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dashboard');
    await page.goto(`${server.baseURL}/set-up/done`);
    await expect(page.getByText('The key was shown once')).toBeVisible();
    await page.goto(link);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Switchboard is set up already');
    // A page that is still waking up would miss the parts of its program.
    await page.close();
    await server.stop();
  });
});

test('a name is kept, and a bad one is told beside its field @no-js', async ({ page, problems }) => {
  problems.expect(/422/);
  await openProfile(page);
  await axe(page);
  const name = `Sari ${Math.random().toString(36).slice(2, 8)}`;
  await page.getByLabel('Name').fill(' ');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('#name-foot')).toContainText('1 to 80 characters');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: `Profile of ${name}` })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Name')).toHaveValue(name);
});

test('dark stays dark @no-js', async ({ page }) => {
  await openProfile(page);
  await page.getByText('Dark', { exact: true }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await openProfile(page);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await axe(page);
  await page.getByText('As the device', { exact: true }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'system');
});

test('the present password is asked for before a new one @no-js', async ({ page, problems }) => {
  problems.expect(/422/);
  await openProfile(page);
  await page.getByLabel('Current password').fill('not the password');
  await page.getByLabel('New password').fill('another good password');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.locator('#current-foot')).toContainText('not your present password');
});

test('the frame fits a phone @no-js', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await openProfile(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth).catch(() => 0);
  expect(overflow).toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: 'More' }).click();
  await page.locator('#rail').getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('History');
  await expect(page.locator('#rail')).toBeHidden();
});
