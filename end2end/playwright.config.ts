import { defineConfig } from '@playwright/test';

// `cargo xtask test` and `cargo xtask browser` build everything and say through
// the environment where it lies. Every worker starts a server of its own, see
// support/server.ts.
export default defineConfig({
  testDir: './tests',
  fullyParallel: true,
  workers: 2,
  // On a shared build machine a page may be slower than a test's patience; what needed a second try is named.
  retries: process.env.CI ? 1 : 0,
  timeout: 30_000,
  expect: { timeout: 5_000 },
  forbidOnly: !!process.env.CI,
  reporter: [
    ['line'],
    ['json', { outputFile: process.env.SWITCHBOARD_RESULTS ?? 'test-results/results.json' }],
  ],
  use: {
    browserName: 'chromium',
    headless: true,
    locale: 'en-GB',
    // Another zone than the organization's: a page that mixes them up shows it.
    timezoneId: 'Europe/Lisbon',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.SWITCHBOARD_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'hydrated' },
    // Pages must read, open and submit before any script has loaded. A test
    // that shows it carries the tag @no-js and runs in both projects.
    { name: 'no-js', grep: /@no-js/, use: { javaScriptEnabled: false } },
  ],
});
