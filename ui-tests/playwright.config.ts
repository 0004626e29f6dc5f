import { defineConfig } from '@playwright/test';

/**
 * One worker: two cores carry one browser, one JupyterLab and its kernels.
 * The environment that JupyterLab runs from is named by LAB_ENVIRONMENT.
 */
export default defineConfig({
  testDir: '.',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  retries: process.env.CI ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    viewport: { width: 1400, height: 900 },
    video: 'off',
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  },
  projects: [
    { name: 'stories', testDir: 'stories' },
    { name: 'clean', testDir: 'wheel', testMatch: 'clean.spec.ts' },
    { name: 'oldest', testDir: 'wheel', testMatch: 'oldest.spec.ts' },
    { name: 'pictures', testDir: 'pictures' },
    { name: 'bench', testDir: 'bench' }
  ]
});
