import { describe, expect, it } from 'vitest'
import {
  junitFailures,
  playwrightFailures,
  playwrightSecondAttempts,
  readJunit,
  readPlaywright,
  readVitest,
  sum,
  vitestFailures,
  vitestSecondAttempts
} from '../runner-reports.ts'

describe('the total of npm test', () => {
  it("adds up vitest's report", () => {
    const report = { numPassedTests: 7, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 }
    expect(readVitest(JSON.stringify(report))).toEqual({ passed: 7, failed: 2, skipped: 2 })
  })

  it("adds up Deno's JUnit report", () => {
    const report =
      '<?xml version="1.0"?><testsuites name="deno test" tests="5" failures="1" errors="0" time="1">' +
      '<testsuite><testcase name="a"><skipped/></testcase></testsuite></testsuites>'
    expect(readJunit(report)).toEqual({ passed: 3, failed: 1, skipped: 1 })
  })

  it('refuses an invalid report instead of counting zero', () => {
    expect(() => readJunit('')).toThrow('testsuites')
    expect(() => readVitest('{}')).toThrow()
  })

  it("adds up Playwright's report by project, and counts a second attempt that passed", () => {
    const spec = (projectName: string, status: string) => ({ tests: [{ projectName, status }] })
    const report = {
      suites: [
        {
          specs: [spec('preview', 'expected'), spec('electron', 'skipped')],
          suites: [{ specs: [spec('preview', 'flaky'), spec('electron', 'unexpected')] }]
        }
      ]
    }
    const counts = readPlaywright(JSON.stringify(report))
    expect(counts.get('preview')).toEqual({ passed: 2, failed: 0, skipped: 0 })
    expect(counts.get('electron')).toEqual({ passed: 0, failed: 1, skipped: 1 })
    expect(sum(counts)).toEqual({ passed: 2, failed: 1, skipped: 1 })
  })
})

describe('the failures at the end of npm test', () => {
  it("come from vitest's report, with files that did not load", () => {
    const file = (name: string, status: string, message: string, assertionResults: unknown[]) => ({
      name,
      status,
      message,
      assertionResults
    })
    const report = {
      testResults: [
        file('a.test.ts', 'failed', '', [
          { fullName: 'locks', status: 'passed', failureMessages: [] },
          {
            fullName: 'unlocks',
            status: 'failed',
            failureMessages: ['\u001B[31mError: too late\u001B[39m\n at x']
          },
          { fullName: 'waits', status: 'passed', failureMessages: ['Error: once'] }
        ]),
        file('b.test.ts', 'failed', 'Cannot find module', []),
        file('c.test.ts', 'passed', '', [])
      ]
    }
    expect(vitestFailures(JSON.stringify(report))).toEqual([
      { test: 'a.test.ts: unlocks', message: 'Error: too late' },
      { test: 'b.test.ts', message: 'Cannot find module' }
    ])
    expect(vitestSecondAttempts(JSON.stringify(report))).toEqual([
      { test: 'a.test.ts: waits', message: 'Error: once' }
    ])
  })

  it("come from Deno's report", () => {
    const report =
      '<testsuites tests="2"><testsuite><testcase name="a" classname="x.deno.ts">\n</testcase>' +
      '<testcase name="says &lt;no&gt;" classname="x.deno.ts" time="1">\n' +
      '<failure message="Error: &quot;yes&quot;">Error</failure></testcase></testsuite></testsuites>'
    expect(junitFailures(report)).toEqual([
      { test: 'x.deno.ts: says <no>', message: 'Error: "yes"' }
    ])
  })

  it("come from Playwright's report", () => {
    const spec = (title: string, status: string, message: string) => ({
      title,
      file: 'turn.spec.ts',
      tests: [{ projectName: 'preview', status, results: [{ errors: [{ message }] }] }]
    })
    const report = {
      suites: [
        {
          specs: [spec('answers', 'expected', '')],
          suites: [
            {
              specs: [
                spec('refuses', 'unexpected', 'Error: found\n  at'),
                spec('waits', 'flaky', 'Error: once')
              ]
            }
          ]
        }
      ]
    }
    expect(playwrightFailures(JSON.stringify(report))).toEqual([
      { test: '[preview] turn.spec.ts: refuses', message: 'Error: found' }
    ])
    expect(playwrightSecondAttempts(JSON.stringify(report))).toEqual([
      { test: '[preview] turn.spec.ts: waits', message: 'Error: once' }
    ])
  })
})
