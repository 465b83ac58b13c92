import type { Page } from '@playwright/test';
import { axe, expect, test } from '../support/test';

const palette = (page: Page) => page.getByRole('dialog', { name: 'Search' });
const field = (page: Page) => palette(page).getByRole('combobox');
const results = (page: Page) => palette(page).getByRole('option');
const chosen = (page: Page) => palette(page).getByRole('option', { selected: true });
const button = (page: Page) => page.getByRole('banner').getByRole('button', { name: 'Search', exact: true });
const help = (page: Page) => page.getByRole('dialog', { name: 'Keyboard shortcuts' });

async function open(page: Page, path = '/') {
  await page.goto(path);
  await expect(page.getByText('Live', { exact: true })).toBeAttached();
}

test('opens by key and by button, and gives the keyboard back', async ({ page }) => {
  await open(page);
  await button(page).click();
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await expect(button(page)).toBeFocused();

  const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Queue' });
  await link.focus();
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(palette(page)).toBeHidden();
  await expect(link).toBeFocused();
});

test('filters, and goes to a page by keyboard', async ({ page, server }) => {
  await open(page);
  await page.keyboard.press('Control+k');
  await expect(results(page).filter({ hasText: 'Sandbox phone' }).first()).toBeVisible();
  for (const word of ['Dashboard', 'Viewer', 'Sessions', 'Queue', 'History', 'API keys', 'Settings', 'Profile']) {
    await expect(results(page).filter({ hasText: word }).first()).toBeVisible();
  }
  await expect(chosen(page)).toHaveText('Dashboard');

  await page.keyboard.type('nothing of the kind');
  await expect(results(page)).toHaveCount(0);
  await expect(palette(page).getByText('Nothing is called that.')).toBeVisible();

  await field(page).fill(server.sessionNumber);
  await expect(results(page)).not.toHaveCount(0);
  await field(page).fill('KEY');
  await expect(results(page)).toHaveText([/^API keys/, /^Keyboard shortcuts/]);
  await page.keyboard.press('ArrowDown');
  await expect(chosen(page)).toHaveText(/^Keyboard shortcuts/);
  await page.keyboard.press('ArrowDown');
  await expect(chosen(page)).toHaveText(/^API keys/);
  const id = await chosen(page).getAttribute('id');
  await expect(field(page)).toHaveAttribute('aria-activedescendant', id ?? '');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/keys$/);
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible();
  await expect(palette(page)).toBeHidden();

  // The last word is forgotten.
  await page.keyboard.press('Control+k');
  await expect(field(page)).toHaveValue('');
});

test('leads to a session and to its phone by mouse', async ({ page, api, server }) => {
  const { data } = await (await api.get('/api/v1/sessions')).json();
  const { name } = data.find((session: { id: string }) => session.id === server.session);
  await open(page);
  await button(page).click();
  await field(page).fill(name);
  await results(page).filter({ hasText: 'Sandbox phone' }).first().click();
  await expect(page).toHaveURL(new RegExp(`/sessions/${server.session}/phone$`));
  await expect(palette(page)).toBeHidden();

  await button(page).click();
  await field(page).fill(name);
  await results(page).filter({ hasText: '+' }).first().click();
  await expect(page).toHaveURL(new RegExp(`/sessions\\?id=${server.session}$`));
  await expect(palette(page)).toBeHidden();
});

test('a queue number and a message id lead to the entry', async ({ page, api }) => {
  const made = await api.post('/api/v1/messages', { data: { to: '628110000142', text: 'Find me' } });
  expect(made.ok(), await made.text()).toBe(true);
  const { id, queue_id } = await made.json();
  await open(page);
  for (const typed of [`#${queue_id}`, String(queue_id), id]) {
    await page.keyboard.press('Control+k');
    await field(page).fill(typed);
    await expect(chosen(page)).toContainText(typed);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`/queue\\?entry=${typed.replace('#', '')}$`));
    await expect(page.getByRole('complementary').getByText(`#${queue_id}`).first()).toBeVisible();
  }
  // What lies below stays as it is when the search is closed.
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await expect(page).toHaveURL(/entry=/);
});

for (const theme of ['light', 'dark'] as const) {
  test(`has no findings and stays within a phone, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    for (const width of [1440, 390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      await open(page);
      await axe(page);
      await button(page).click();
      await expect(results(page).filter({ hasText: 'Sandbox phone' }).first()).toBeVisible();
      await axe(page);
      const over = await page.evaluate(() =>
        [...document.querySelectorAll('html, dialog[open], .found, .topbar')].map(
          (pane) => pane.scrollWidth - pane.clientWidth,
        ),
      );
      expect(Math.max(...over), `at ${width}`).toBeLessThanOrEqual(0);
      const box = await palette(page).boundingBox();
      const narrow = width < 768;
      await expect(palette(page).getByRole('button', { name: 'Close' })).toBeVisible({ visible: narrow });
      expect(box && box.x >= 0 && box.x + box.width <= width && box.y + box.height <= 844).toBe(true);
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await expect(help(page)).toBeVisible();
      await axe(page);
      await page.keyboard.press('Escape');
    }
  });
}

test('? lists the shortcuts, and can be switched off', async ({ page }) => {
  await open(page, '/queue');
  await page.keyboard.press('?');
  await expect(help(page).getByText('Search, from anywhere')).toBeVisible();
  const single = help(page).getByRole('switch', { name: 'Single-key shortcuts' });
  await expect(single).toBeChecked();
  await single.press('Space');
  await expect(single).not.toBeChecked();
  await help(page).getByRole('button', { name: 'Close' }).click();
  await expect(help(page)).toBeHidden();
  await page.keyboard.press('?');
  await expect(help(page)).toBeHidden();

  // The browser remembers it, and the search still leads to the switch.
  await open(page, '/queue');
  await page.keyboard.press('?');
  await expect(help(page)).toBeHidden();
  await button(page).click();
  await page.keyboard.type('shortcuts');
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeHidden();
  await expect(single).not.toBeChecked();
  await single.click();
  await page.keyboard.press('Escape');
  await expect(help(page)).toBeHidden();
  await expect(button(page)).toBeFocused();
  await page.keyboard.press('?');
  await expect(help(page)).toBeVisible();
  await page.keyboard.press('Escape');

  // Who writes a question mark means a question mark.
  await button(page).click();
  await page.keyboard.type('?');
  await expect(field(page)).toHaveValue('?');
  await expect(help(page)).toBeHidden();
});

test('without script there is no search, and the page is whole @no-js', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  if (test.info().project.use.javaScriptEnabled === false) {
    await expect(button(page)).toHaveCount(0);
  } else {
    await expect(button(page)).toBeVisible();
  }
});
