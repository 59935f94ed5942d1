import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const browser = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));
export const STORAGE = join(process.env.MARGE_E2E_TMP ?? tmpdir(), 'marge-e2e-login.json');

/** Against the server at MARGE_URL, in the browser that the system has; nothing is downloaded. */
export default defineConfig({
  testDir: './e2e',
  outputDir: process.env.MARGE_E2E_RESULTS ?? './test-results',
  globalSetup: './e2e/login.ts',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  // Patience for a busy machine; nothing here is about speed.
  timeout: 600_000,
  expect: { timeout: 90_000 },
  reporter: [['line']],
  use: {
    baseURL: process.env.MARGE_URL ?? 'http://127.0.0.1:8123',
    storageState: STORAGE,
    viewport: { width: 1366, height: 900 },
    locale: 'en-US',
    serviceWorkers: 'block',
    actionTimeout: 90_000,
    trace: process.env.MARGE_E2E_TRACE ? 'retain-on-failure' : 'off',
    launchOptions: { ...(browser ? { executablePath: browser } : {}), args: ['--no-sandbox', '--disable-dev-shm-usage'] },
  },
});
