import { startServer } from '../support/server';
import { anonymous, expect, logIn, test } from '../support/test';

/** What only the page's own reading asks the database. */
const reads = (session: string): [string, RegExp][] => [
  ['/', /SELECT day, CAST\(SUM\(sent/g],
  ['/queue', /SELECT m\.id, m\.queue_id, m\.reference_id/g],
  ['/history', /SELECT m\.id, m\.queue_id, m\.reference_id/g],
  ['/viewer', /SELECT id, session_id, jid/g],
  ['/sessions', /SELECT s\.id, s\.name, s\.channel/g],
  [`/sessions/${session}/phone`, /WITH RECURSIVE chats \(number\)/g],
  ['/send/many', /SELECT id, name, file_name, made_by/g],
  ['/keys', /SELECT id, session_id, name/g],
  ['/profile', /SELECT id, ip, user_agent/g],
];
const FRAME = /SELECT CAST\(COALESCE\(MAX\(seq\)/g;
const LOADS = 5;

test('a page reads what it shows once', async ({ browser }) => {
  test.setTimeout(60_000);
  const server = await startServer({ log: 'sqlx=debug' });
  const context = await browser.newContext({ baseURL: server.baseURL, ...anonymous, javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await logIn(page, server);
    for (const [path, own] of reads(server.session)) {
      const before = server.output().length;
      for (let load = 0; load < LOADS; load++) expect((await page.request.get(path)).status(), path).toBe(200);
      // A second reading that nobody waits for comes late.
      await page.waitForTimeout(300);
      const statements = server.output().slice(before).match(/db\.statement=.*/g)?.join('\n') ?? '';
      expect(statements.match(own)?.length, `how often ${path} reads`).toBe(LOADS);
      expect(statements.match(FRAME)?.length, `how often the frame of ${path} reads`).toBe(LOADS);
    }
  } finally {
    await context.close();
    await server.stop();
  }
});
