// One runner, one project per kind of proof: what is pure, what crosses the contract, what speaks
// to the local model with official clients, what runs on the embedded Postgres, and what is packed.
import { defineConfig } from 'vitest/config'
import { COMPILE_CACHE_DIR } from './dev/paths.ts'
import { EVENTUALLY_MS } from './tests/eventually.ts'
import { LongestFirstSequencer } from './tests/longest-first-sequencer.ts'

/**
 * Nothing waits for a limit when all is well: each is long enough for a machine that is several times as slow as those
 * that these tests are written on, and ends what would never come.
 */
const LIMITS = {
  environment: 'node' as const,
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: EVENTUALLY_MS } }
}

/** Much of the time is spent waiting for processes and databases that start: a third has room on two cores. */
const PATIENT = { ...LIMITS, maxWorkers: 3, sequence: { groupOrder: 0 } }
/** What is pure shares its process from file to file, which is quicker than the tests in most of them. */
const PURE = { ...PATIENT, testTimeout: 60_000, isolate: false }
/** Sound is in real time: as many at once as there are cores, and nothing beside them. */
const REAL_TIME = { ...LIMITS, maxWorkers: 2, sequence: { groupOrder: 1 } }

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirstSequencer },
    // For the workers, and for the hundreds of processes that they start.
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
          // Packs first, once, before two files ask for it at the same time.
          globalSetup: ['tests/package/global-setup.ts']
        }
      },
      { test: { ...REAL_TIME, name: 'fidelity', include: ['tests/fidelity/**/*.test.ts'] } }
    ]
  }
})
