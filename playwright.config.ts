// Runs the end-to-end specs on all shells. Two workers, each with its own stack: speech in real time leaves room for a
// second kiosk.
import { defineConfig } from '@playwright/test'
import type { ShellOptions } from './tests/e2e/support/fixtures.ts'

export default defineConfig<ShellOptions>({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  globalSetup: './tests/e2e/support/local-stack.ts',
  workers: 2,
  fullyParallel: false,
  // Chromium's fake microphone loses blocks while other programs use the processor. `npm test` prints each second attempt
  // and allows only a few.
  retries: 1,
  forbidOnly: process.env.CI !== undefined,
  // Limits for a machine that is three times as slow; a passing test waits for none of them.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: 'reports/e2e.json' }]],
  projects: [
    {
      name: 'preview',
      use: { shell: 'preview' },
      testIgnore: [
        '**/electron-only.spec.ts',
        '**/hostile-page.spec.ts',
        '**/company-network.spec.ts',
        '**/packaged.spec.ts'
      ]
    },
    {
      // The turns again over a WebSocket, as in a network without UDP.
      name: 'websocket',
      use: { shell: 'preview', path: 'websocket' },
      testMatch: ['**/turn.spec.ts'],
      grep: /@media/
    },
    {
      name: 'electron',
      use: { shell: 'electron' },
      // Leaves out specs of the page alone, which the preview runs, and of the browser.
      grepInvert: /@page/,
      testIgnore: [
        '**/screenshots.spec.ts',
        '**/preview-only.spec.ts',
        '**/packaged.spec.ts',
        '**/networks.spec.ts',
        '**/failures.spec.ts',
        '**/maintenance.spec.ts',
        '**/fallback.spec.ts',
        '**/talk-controls.spec.ts',
        '**/devices.spec.ts',
        '**/hands-free.spec.ts',
        '**/idle-call.spec.ts',
        '**/tail.spec.ts',
        '**/rating.spec.ts',
        '**/answer-report.spec.ts'
      ]
    },
    {
      // The result of `npm run package`; in `npm test` the package tests make it.
      name: 'packaged',
      use: { shell: 'packaged' },
      testMatch: ['**/packaged.spec.ts']
    }
  ]
})
