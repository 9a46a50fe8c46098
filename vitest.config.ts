// One runner, one project per kind of proof: what is pure, what crosses the contract, what speaks
// to the local model with official clients, what runs on the embedded Postgres, and what is packed.
import { defineConfig } from 'vitest/config'
import { EVENTUALLY_MS } from './tests/eventually.ts'

/**
 * Nothing waits for a limit when all is well: each is long enough for a machine that is several times as slow as those
 * that these tests are written on, and ends what would never come.
 */
const project = (
  name: string,
  include: string[],
  testTimeoutMs = 60_000,
  globalSetup: string[] = []
) => ({
  test: {
    name,
    include,
    globalSetup,
    environment: 'node' as const,
    testTimeout: testTimeoutMs,
    hookTimeout: 180_000,
    expect: { poll: { timeout: EVENTUALLY_MS } }
  }
})

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project('unit', ['tests/unit/**/*.test.ts']),
      project('contract', ['tests/contract/**/*.test.ts']),
      project('fidelity', ['tests/fidelity/**/*.test.ts'], 180_000),
      project('backend', ['tests/backend/**/*.test.ts'], 180_000),
      // Packs first, once, before two files ask for it at the same time.
      project('package', ['tests/package/**/*.test.ts'], 180_000, ['tests/package/pack.ts'])
    ]
  }
})
