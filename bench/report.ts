// The page in docs/ that holds what the last run printed: rewritten between two markers, so that what is written
// by hand around them stays.
import { readFile, writeFile } from 'node:fs/promises'
import { markdownTable } from './format-table.ts'
import type { Machine, Versions } from './machine-info.ts'
import type { Row } from './report-rows.ts'

/** What is measured, and under which heading it is told. */
export const BENCHES = { voice: 'The voice turn', search: 'The search' } as const
export type Bench = keyof typeof BENCHES

export const markersOf = (bench: Bench): { begin: string; end: string } => ({
  begin: `<!-- bench:${bench} begin (written by \`npm run bench -- ${bench}\`) -->`,
  end: `<!-- bench:${bench} end -->`
})

export type BenchReport = {
  bench: Bench
  date: string
  command: string
  machine: Machine
  versions: Versions
  minutes: number
  rows: readonly Row[]
  /** What one has to know to read the rows, each a sentence or two. */
  notes: readonly string[]
}

const PAGE_HEAD = '# Performance\n\nWhat the benches of this repository printed, and on what.\n'

/**
 * The page with the bench's marked part replaced, or with one at its end when it has none yet.
 * @throws Error when only one of the markers is there, or they are the wrong way round: nothing is guessed
 */
export const withReport = (page: string, bench: Bench, report: string): string => {
  const markers = markersOf(bench)
  const part = `${markers.begin}\n${report.trim()}\n${markers.end}`
  const begin = page.indexOf(markers.begin)
  const end = page.indexOf(markers.end)
  if (begin < 0 && end < 0) return `${page.trimEnd()}\n\n${part}\n`
  if (begin < 0 || end < begin)
    throw new Error('The page has one marker of two, or they are crossed.')
  return page.slice(0, begin) + part + page.slice(end + markers.end.length)
}

export const reportText = ({
  bench,
  date,
  command,
  machine,
  versions,
  minutes,
  rows,
  notes
}: BenchReport): string => `## ${BENCHES[bench]}

${date}, \`${command}\`, ${minutes} min, on ${machine.cpu} (${machine.cores} cores, ${machine.memoryGb} GB), ${machine.system}.
${Object.entries(versions)
  .map(([name, version]) => `${name} ${version}`)
  .join(' · ')}

${markdownTable(rows)}

${notes.map((note) => `- ${note}`).join('\n')}
`

const readPage = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return PAGE_HEAD
    throw error
  }
}

export const writeReport = async (path: string, report: BenchReport): Promise<void> =>
  writeFile(path, withReport(await readPage(path), report.bench, reportText(report)))
