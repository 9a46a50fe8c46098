// Writes the result of a bench into docs/performance.md.
import { readFile, writeFile } from 'node:fs/promises'
import { markdownTable } from './format-table.ts'
import type { Machine, Versions } from './machine-info.ts'
import { type Markers, replaceMarkedPart } from './marked-part.ts'
import type { Row } from './report-rows.ts'

/** Each bench with its heading. */
export const BENCHES = { voice: 'The voice turn', search: 'The search' } as const
export type Bench = keyof typeof BENCHES

const markersOf = (bench: Bench): Markers => ({
  begin: `<!-- bench:${bench} begin (written by \`npm run bench -- ${bench}\`) -->`,
  end: `<!-- bench:${bench} end -->`
})

type BenchReport = {
  bench: Bench
  date: string
  command: string
  machine: Machine
  versions: Versions
  minutes: number
  rows: readonly Row[]
  /** How to read the rows, each a sentence or two. */
  notes: readonly string[]
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

export const writeReport = async (path: string, report: BenchReport): Promise<void> => {
  const page = await readFile(path, 'utf8')
  await writeFile(path, replaceMarkedPart(page, markersOf(report.bench), reportText(report)))
}
