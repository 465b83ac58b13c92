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
  await panel(page).getByRole('button', { name: 'Cancel this message' }).click();
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

test('an entry that is not there says so', async ({ page }) => {
  await page.goto('/queue?entry=999999');
  await expect(panel(page)).toContainText('Not found');
});

waiting('nothing scrolls sideways on a phone', async ({ page, api, session }) => {
  const id = await queue(api, session.id, 'A rather long message that would like to be wider than a phone is');
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of ['/queue', `/queue?entry=${id}`]) {
      await page.goto(path);
      await expect(page.locator('tbody tr').first()).toBeAttached();
      const over = await page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll('.table-wrap, .panel .scroll')].map(
          (one) => one.scrollWidth - one.clientWidth,
        ),
      );
      expect(Math.max(...over), path).toBe(0);
    }
  }
});
