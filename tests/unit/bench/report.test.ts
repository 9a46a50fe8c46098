import { describe, expect, test } from 'vitest'
import { markdownTable, textTable } from '../../../bench/format-table.ts'
import { replaceMarkedPart } from '../../../bench/marked-part.ts'
import { reportText } from '../../../bench/report.ts'
import { compared, measured } from '../../../bench/report-rows.ts'

const MARKERS = { begin: '<!-- begin -->', end: '<!-- end -->' }

const ROWS = [
  measured('press → gate open', 'ms', [1, 2, 12], { of: 'p95', atMost: 10, unit: 'ms' }),
  compared('call ready', 'ms', [80], [{ name: 'a | b', values: [100] }], {
    of: 'ratio',
    atMost: 0.8,
    unit: '×'
  })
]

describe('textTable and markdownTable', () => {
  test('aligns one line for each row in columns', () => {
    const lines = textTable(ROWS).split('\n')
    expect(lines).toHaveLength(3)
    const columns = lines.map((line) => line.indexOf('ms  '))
    expect(columns[1]).toBe(columns[2])
    expect(lines[1]).toMatch(/^press → gate open +3 +2 +12 +ms +p95 ≤ 10 ms +NO$/)
    expect(lines[2]).toMatch(/yes +0\.8× a \| b \(p95 0\.8×\)$/)
  })

  test('escapes a bar in a Markdown cell', () => {
    const lines = markdownTable(ROWS).split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[1]).toBe('| --- | --: | --: | --: | --- | --- | --- | --- |')
    expect(lines[3]).toContain('a \\| b')
  })
})

describe('replaceMarkedPart', () => {
  const { begin, end } = MARKERS
  const page = `# Performance\n\nAbove.\n\n${begin}\nold\n${end}\n\n## Below\n`

  test('keeps the text around the markers byte for byte, and dollar signs', () => {
    expect(replaceMarkedPart(page, MARKERS, "$& $1 $'")).toBe(page.replace('old', () => "$& $1 $'"))
  })

  test.each([`text ${begin}`, `text ${end}`, `${end}\n${begin}`, 'text'])(
    'refuses a page with markers like %j',
    (broken) => {
      expect(() => replaceMarkedPart(broken, MARKERS, 'new')).toThrow(/lacks/)
    }
  )
})

describe('reportText', () => {
  test('has the date, command, machine, versions, rows and notes', () => {
    const text = reportText({
      bench: 'voice',
      date: '2026-01-02 03:04 UTC',
      command: 'npm run bench -- voice',
      machine: { cpu: 'a processor', cores: 2, memoryGb: 8, system: 'Linux 6' },
      versions: { heard: '0.1.0', chromium: '156' },
      minutes: 22,
      rows: ROWS,
      notes: ['One note.']
    })
    expect(text).toContain('2026-01-02 03:04 UTC, `npm run bench -- voice`, 22 min')
    expect(text).toContain('a processor (2 cores, 8 GB), Linux 6')
    expect(text).toContain('heard 0.1.0 · chromium 156')
    expect(text).toContain('| press → gate open | 3 | 2 | 12 |')
    expect(text).toContain('- One note.')
  })
})
