// The rows as a table, and the page that holds them between two markers.
import { describe, expect, test } from 'vitest'
import { markdownTable, textTable } from '../../../bench/format-table.ts'
import { markersOf, reportText, withReport } from '../../../bench/report.ts'
import { compared, measured } from '../../../bench/report-rows.ts'

const MARKERS = markersOf('voice')

const ROWS = [
  measured('press → gate open', 'ms', [1, 2, 12], { of: 'p95', atMost: 10, unit: 'ms' }),
  compared('call ready', 'ms', [80], [{ name: 'a | b', values: [100] }], {
    of: 'ratio',
    atMost: 0.8,
    unit: '×'
  })
]

describe('the table', () => {
  test('has a line for each row, in columns that line up', () => {
    const lines = textTable(ROWS).split('\n')
    expect(lines).toHaveLength(3)
    const columns = lines.map((line) => line.indexOf('ms  '))
    expect(columns[1]).toBe(columns[2])
    expect(lines[1]).toMatch(/^press → gate open +3 +2 +12 +ms +p95 ≤ 10 ms +NO$/)
    expect(lines[2]).toMatch(/yes +0\.8× a \| b \(p95 0\.8×\)$/)
  })

  test('as Markdown keeps a bar inside its cell', () => {
    const lines = markdownTable(ROWS).split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[1]).toBe('| --- | --: | --: | --: | --- | --- | --- | --- |')
    expect(lines[3]).toContain('a \\| b')
  })
})

describe('the page', () => {
  test('keeps what is written around the markers, byte for byte', () => {
    const before = '# Performance\n\nBy hand, above.\n\n'
    const after = '\n\n## By hand, below\n'
    const page = `${before}${MARKERS.begin}\nold\n${MARKERS.end}${after}`
    expect(withReport(page, 'voice', 'new')).toBe(
      `${before}${MARKERS.begin}\nnew\n${MARKERS.end}${after}`
    )
  })

  test('is the same after the same report a second time', () => {
    const once = withReport('# Performance\n', 'voice', 'figures')
    expect(withReport(once, 'voice', 'figures')).toBe(once)
  })

  test('without markers gets them at its end', () => {
    expect(withReport('# Performance\n', 'voice', 'figures')).toBe(
      `# Performance\n\n${MARKERS.begin}\nfigures\n${MARKERS.end}\n`
    )
  })

  test('of one bench leaves what another has written', () => {
    const voice = withReport('# Performance\n', 'voice', 'of the voice')
    const both = withReport(voice, 'search', 'of the search')
    expect(both).toContain('of the voice')
    expect(withReport(both, 'voice', 'anew')).toBe(both.replace('of the voice', 'anew'))
  })

  test('with one marker, or crossed ones, is left alone', () => {
    expect(() => withReport(`text ${MARKERS.begin}`, 'voice', 'new')).toThrow()
    expect(() => withReport(`text ${MARKERS.end}`, 'voice', 'new')).toThrow()
    expect(() => withReport(`${MARKERS.end}\n${MARKERS.begin}`, 'voice', 'new')).toThrow()
  })

  test('takes a report with dollar signs as it is', () => {
    const page = `${MARKERS.begin}\nold\n${MARKERS.end}`
    expect(withReport(page, 'voice', "$& $1 $'")).toContain("$& $1 $'")
  })

  test('says when, with which command, on what machine and with which versions', () => {
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
