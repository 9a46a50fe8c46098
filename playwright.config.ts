// The same specs on both shells. Two workers, each with a stack of its own: most of the time is spent speaking and
// listening in real time, which leaves room for a second kiosk beside the first.
import { defineConfig } from '@playwright/test'
import type { ShellOptions } from './tests/e2e/support/fixtures.ts'

export default defineConfig<ShellOptions>({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  globalSetup: './tests/e2e/support/local-stack.ts',
  workers: 2,
  fullyParallel: false,
  forbidOnly: process.env.CI !== undefined,
  // Nothing waits for these when all is well: they are long enough for a machine that is three times as slow, and end
  // what would never come. What has to happen within a time says so itself.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: 'reports/e2e.json' }]],
  projects: [
    {
      name: 'preview',
      use: { shell: 'preview' },
      testIgnore: ['**/electron-only.spec.ts', '**/packaged.spec.ts']
    },
    {
      // The specs whose sound depends on the transport, where UDP is blocked.
      name: 'websocket',
      use: { shell: 'preview', path: 'websocket' },
      testMatch: ['**/turn.spec.ts', '**/answer-report.spec.ts'],
      grep: /@media/
    },
    {
      name: 'electron',
      use: { shell: 'electron' },
      // Without the specs of the page alone, and of a browser alone.
      grepInvert: /@page/,
      testIgnore: [
        '**/screenshots.spec.ts',
        '**/preview-only.spec.ts',
        '**/packaged.spec.ts',
        '**/networks.spec.ts',
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
      // What npm run package made; the tests of the package make it in npm test.
      name: 'packaged',
      use: { shell: 'packaged' },
      testMatch: ['**/packaged.spec.ts']
    }
  ]
})
