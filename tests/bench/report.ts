// The page in docs/ that holds what the last run printed: rewritten between two markers, so that what is written
// by hand around them stays.
import { readFile, writeFile } from 'node:fs/promises'
import type { Machine, Versions } from './machine.ts'
import type { Row } from './rows.ts'
import { markdownTable } from './table.ts'

export const MARKERS = {
  begin: '<!-- bench:voice begin (written by `npm run bench -- voice`) -->',
  end: '<!-- bench:voice end -->'
} as const

export type VoiceReport = {
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
 * The page with its marked part replaced, or with one at its end when it has none yet.
 * @throws Error when only one of the markers is there, or they are the wrong way round: nothing is guessed
 */
export const withReport = (page: string, report: string): string => {
  const part = `${MARKERS.begin}\n${report.trim()}\n${MARKERS.end}`
  const begin = page.indexOf(MARKERS.begin)
  const end = page.indexOf(MARKERS.end)
  if (begin < 0 && end < 0) return `${page.trimEnd()}\n\n${part}\n`
  if (begin < 0 || end < begin)
    throw new Error('The page has one marker of two, or they are crossed.')
  return page.slice(0, begin) + part + page.slice(end + MARKERS.end.length)
}

export const reportText = ({
  date,
  command,
  machine,
  versions,
  minutes,
  rows,
  notes
}: VoiceReport): string => `## The voice turn

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

export const writeReport = async (path: string, report: VoiceReport): Promise<void> =>
  writeFile(path, withReport(await readPage(path), reportText(report)))
