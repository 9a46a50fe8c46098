// Configures one project per kind of test: unit, contract, fidelity (official clients), backend (embedded Postgres) and
// package.
import { defineConfig } from 'vitest/config'
import { COMPILE_CACHE_DIR } from './dev/paths.ts'
import { EVENTUALLY_MS } from './tests/eventually.ts'
import { LongestFirstSequencer } from './tests/longest-first-sequencer.ts'

/** Limits for a machine that is several times as slow; a passing test waits for none of them. */
const LIMITS = {
  environment: 'node' as const,
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: EVENTUALLY_MS } }
}

/** These tests mostly wait for processes and databases: three fit on two cores. */
const PATIENT = { ...LIMITS, maxWorkers: 3, sequence: { groupOrder: 0 } }
/** Pure tests share a process: its start takes longer than most files. */
const PURE = { ...PATIENT, testTimeout: 60_000, isolate: false }
/**
 * Audio runs in real time: one file per core, and no other project beside them. Chromium's fake microphone loses blocks
 * while other programs use the processor: `npm test` prints each second attempt and allows only a few.
 */
const REAL_TIME = { ...LIMITS, retry: 1, maxWorkers: 2, sequence: { groupOrder: 1 } }

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirstSequencer },
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE_DIR },
    projects: [
      { test: { ...PURE, name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      { test: { ...PURE, name: 'contract', include: ['tests/contract/**/*.test.ts'] } },
      {
        test: {
          ...PATIENT,
          name: 'backend',
          include: ['tests/backend/**/*.test.ts'],
          globalSetup: ['tests/backend/support/migrated-database.ts']
        }
      },
      { test: { ...PATIENT, name: 'postgres', include: ['tests/postgres/**/*.test.ts'] } },
      {
        test: {
          ...PATIENT,
          name: 'package',
          include: ['tests/package/**/*.test.ts'],
          // Packs once, before two files need it at the same time.
          globalSetup: ['tests/package/global-setup.ts']
        }
      },
      { test: { ...REAL_TIME, name: 'fidelity', include: ['tests/fidelity/**/*.test.ts'] } }
    ]
  }
})
