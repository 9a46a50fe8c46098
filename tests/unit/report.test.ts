import { describe, expect, it } from 'vitest'
import { readJunit, readPlaywright, readVitest, sum } from '../report.ts'

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

  it('refuses a report that is none instead of counting nothing', () => {
    expect(() => readJunit('')).toThrow('testsuites')
    expect(() => readVitest('{}')).toThrow()
  })

  it("adds up Playwright's report by project, and a flaky test has failed", () => {
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
    expect(counts.get('preview')).toEqual({ passed: 1, failed: 1, skipped: 0 })
    expect(counts.get('electron')).toEqual({ passed: 0, failed: 1, skipped: 1 })
    expect(sum(counts)).toEqual({ passed: 1, failed: 2, skipped: 1 })
  })
})
