// One runner, one project per kind of proof: what is pure, what crosses the contract, what speaks
// to the local model with official clients, and what runs on the embedded Postgres.
import { defineConfig } from 'vitest/config'

const project = (name: string, include: string[], testTimeoutMs = 10_000) => ({
  test: {
    name,
    include,
    environment: 'node' as const,
    testTimeout: testTimeoutMs,
    hookTimeout: 60_000
  }
})

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project('unit', ['tests/unit/**/*.test.ts']),
      project('contract', ['tests/contract/**/*.test.ts']),
      project('fidelity', ['tests/fidelity/**/*.test.ts'], 60_000),
      project('backend', ['tests/backend/**/*.test.ts'], 60_000)
    ]
  }
})
