/** End-to-end tests: the real app in Electron, and the local web app in a browser. Build first (`npm run build`). */
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

const at = (place: string): string => fileURLToPath(new URL(place, import.meta.url));

export default defineConfig({
  testDir: at('../e2e'),
  globalTeardown: at('../e2e/fixtures/teardown.ts'),
  outputDir: at('../test-results'),
  // Each test runs a whole app with an analyser; two of them on two cores only wait for each other.
  workers: 1,
  fullyParallel: false,
  // A test that passes only when repeated is a failing test.
  retries: 0,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  projects: [
    { name: 'desktop', testDir: at('../e2e/desktop') },
    { name: 'web', testDir: at('../e2e/web') },
  ],
});
