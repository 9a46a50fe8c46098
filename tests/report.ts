// Reads how many tests passed, failed and were skipped from each runner's own report.
import { z } from 'zod'

export type Count = { passed: number; failed: number; skipped: number }

export const NO_TESTS: Count = { passed: 0, failed: 0, skipped: 0 }

export const add = (a: Count, b: Count): Count => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped
})

export const sum = (counts: Map<string, Count>): Count => [...counts.values()].reduce(add, NO_TESTS)

const vitestSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int()
})

/** Vitest's JSON report. A file that fails to load counts as one failure by its exit code, not here. */
export const readVitest = (text: string): Count => {
  const report = vitestSchema.parse(JSON.parse(text))
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests
  }
}

/** Deno's JUnit report: the counts of the root element. */
export const readJunit = (text: string): Count => {
  const root = /<testsuites\b[^>]*>/.exec(text)?.[0]
  if (root === undefined) throw new Error('no <testsuites> in the JUnit report')
  const attribute = (name: string): number =>
    Number(new RegExp(`\\b${name}="(\\d+)"`).exec(root)?.[1] ?? 0)
  const skipped = [...text.matchAll(/<skipped\b/g)].length
  const failed = attribute('failures') + attribute('errors')
  return { passed: attribute('tests') - failed - skipped, failed, skipped }
}

type PlaywrightSuite = {
  specs: { tests: { projectName: string; status: string }[] }[]
  suites?: PlaywrightSuite[] | undefined
}
const suiteSchema: z.ZodType<PlaywrightSuite> = z.lazy(() =>
  z.object({
    specs: z.array(
      z.object({ tests: z.array(z.object({ projectName: z.string(), status: z.string() })) })
    ),
    suites: z.array(suiteSchema).optional()
  })
)
const playwrightSchema = z.object({ suites: z.array(suiteSchema) })

/** Playwright's JSON report, by project. A test that passed only on a retry counts as failed. */
export const readPlaywright = (text: string): Map<string, Count> => {
  const counts = new Map<string, Count>()
  const visit = (suite: PlaywrightSuite): void => {
    for (const { projectName, status } of suite.specs.flatMap((spec) => spec.tests)) {
      const one: Count = {
        passed: status === 'expected' ? 1 : 0,
        failed: status === 'unexpected' || status === 'flaky' ? 1 : 0,
        skipped: status === 'skipped' ? 1 : 0
      }
      counts.set(projectName, add(counts.get(projectName) ?? NO_TESTS, one))
    }
    suite.suites?.forEach(visit)
  }
  playwrightSchema.parse(JSON.parse(text)).suites.forEach(visit)
  return counts
}
