// Reads the counts and the failures of each runner's report.
import { z } from 'zod'

export type Count = { passed: number; failed: number; skipped: number }

export const NO_TESTS: Count = { passed: 0, failed: 0, skipped: 0 }

export const add = (a: Count, b: Count): Count => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped
})

export const sum = (counts: Map<string, Count>): Count => [...counts.values()].reduce(add, NO_TESTS)

/** A failed test and the first line of its message. */
export type Failure = { test: string; message: string }

const firstLine = (message: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  (message.replaceAll(/\u001B\[[0-9;]*m/g, '').split('\n')[0] ?? '').trim()

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

const vitestFilesSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish()
        })
      )
    })
  )
})

/** The tests of Vitest's JSON report that failed once and then passed. */
export const vitestSecondAttempts = (text: string): Failure[] =>
  vitestFilesSchema
    .parse(JSON.parse(text))
    .testResults.flatMap((file) =>
      file.assertionResults.flatMap(({ fullName, status, failureMessages }) =>
        status === 'passed' && failureMessages?.[0] !== undefined
          ? [{ test: `${file.name}: ${fullName}`, message: firstLine(failureMessages[0]) }]
          : []
      )
    )

/** The failed tests of Vitest's JSON report, and the files that did not load. */
export const vitestFailures = (text: string): Failure[] =>
  vitestFilesSchema.parse(JSON.parse(text)).testResults.flatMap((file) => {
    const tests = file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => ({
        test: `${file.name}: ${fullName}`,
        message: firstLine(failureMessages?.[0] ?? '')
      }))
    const isLoadFailure = file.status === 'failed' && tests.length === 0
    return isLoadFailure ? [{ test: file.name, message: firstLine(file.message) }] : tests
  })

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

const XML_ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"]
])
const plain = (xml: string): string =>
  xml.replaceAll(/&(\w+);/g, (whole, name: string) => XML_ENTITIES.get(name) ?? whole)

/** The failed tests of Deno's JUnit report. */
export const junitFailures = (text: string): Failure[] =>
  [...text.matchAll(/<testcase\b([^>]*)>\s*<(?:failure|error)\b([^>]*)>/g)].map(
    ([, test = '', failure = '']) => {
      const attribute = (of: string, name: string): string =>
        plain(new RegExp(`\\b${name}="([^"]*)"`).exec(of)?.[1] ?? '')
      return {
        test: `${attribute(test, 'classname')}: ${attribute(test, 'name')}`,
        message: firstLine(attribute(failure, 'message'))
      }
    }
  )

type PlaywrightSuite = {
  specs: {
    title?: string | undefined
    file?: string | undefined
    tests: {
      projectName: string
      status: string
      results?: { errors?: { message?: string | undefined }[] | undefined }[] | undefined
    }[]
  }[]
  suites?: PlaywrightSuite[] | undefined
}
const suiteSchema: z.ZodType<PlaywrightSuite> = z.lazy(() =>
  z.object({
    specs: z.array(
      z.object({
        title: z.string().optional(),
        file: z.string().optional(),
        tests: z.array(
          z.object({
            projectName: z.string(),
            status: z.string(),
            results: z
              .array(
                z.object({
                  errors: z.array(z.object({ message: z.string().optional() })).optional()
                })
              )
              .optional()
          })
        )
      })
    ),
    suites: z.array(suiteSchema).optional()
  })
)
const playwrightSchema = z.object({ suites: z.array(suiteSchema) })

/** Playwright's JSON report, by project. A test that passed at its second attempt counts as passed. */
export const readPlaywright = (text: string): Map<string, Count> => {
  const counts = new Map<string, Count>()
  const visit = (suite: PlaywrightSuite): void => {
    for (const { projectName, status } of suite.specs.flatMap((spec) => spec.tests)) {
      const one: Count = {
        passed: status === 'expected' || status === 'flaky' ? 1 : 0,
        failed: status === 'unexpected' ? 1 : 0,
        skipped: status === 'skipped' ? 1 : 0
      }
      counts.set(projectName, add(counts.get(projectName) ?? NO_TESTS, one))
    }
    suite.suites?.forEach(visit)
  }
  playwrightSchema.parse(JSON.parse(text)).suites.forEach(visit)
  return counts
}

const playwrightTests = (text: string, wanted: string): Failure[] => {
  const inSuite = (suite: PlaywrightSuite): Failure[] => [
    ...suite.specs.flatMap(({ file, title, tests }) =>
      tests
        .filter(({ status }) => status === wanted)
        .map(({ projectName, results }) => ({
          test: `[${projectName}] ${file ?? ''}: ${title ?? ''}`,
          message: firstLine(
            results?.flatMap(({ errors }) => errors ?? []).find(({ message }) => message)
              ?.message ?? ''
          )
        }))
    ),
    ...(suite.suites ?? []).flatMap(inSuite)
  ]
  return playwrightSchema.parse(JSON.parse(text)).suites.flatMap(inSuite)
}

/** The failed tests of Playwright's JSON report. */
export const playwrightFailures = (text: string): Failure[] => playwrightTests(text, 'unexpected')

/** The tests of Playwright's JSON report that failed once and then passed. */
export const playwrightSecondAttempts = (text: string): Failure[] => playwrightTests(text, 'flaky')
