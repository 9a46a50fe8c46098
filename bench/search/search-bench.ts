// Measures the handbook search over HTTP, on handbooks of several sizes, with one tenant and with 200.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { wholeNumber } from '../../dev/option-values.ts'
import { say } from '../../dev/run-command.ts'
import type { BenchResult } from '../bench-result.ts'
import { dataFolder, isMade } from './data-folder.ts'
import { startEmbeddingsStandIn } from './embeddings-stand-in.ts'
import { measurePlace, nameOf, type Place } from './measure-tenant.ts'
import { OTHER_TENANTS_SECTIONS_LIMIT } from './tenants.ts'

export const DEFAULT_SIZES = [500, 5_000, 50_000]
/** The sizes with a budget. A reported run has all of them. */
export const REPORTED_SIZES = [500, 5_000]
export const DEFAULT_QUERIES = 240
/** Fewer queries give no reliable 95th percentile. */
export const REPORTED_QUERIES = 200
const TENANTS = [1, 200]
const LARGEST_QUICKLY_MADE = 5_000

const HOW = [
  'From the call of the kiosk’s own search in main to its answer, over HTTP through the gateway, the function in a real ' +
    'Deno and the Data API to Postgres, one question after the other, on a backend in a process of its own.',
  'The embedding call is not counted: the function asks a local double that has every vector ready and answers at once; ' +
    'what the function’s own clock says that this took (its log has it for each search) is taken off. The rows with ' +
    'the call in it are the times as they were before that.',
  'The vectors are as wide and as dense as the real model’s (the local model’s, turned); the sections are made of the ' +
    'sample handbook’s passages and questions, changed.',
  'Each search has one of the evaluation’s questions, half of them Spanish and a fifth without an answer, a restatement ' +
    'and three named sections. The restatement is the title of the first of these with one of its example questions. It ' +
    'has few words of the question, so that a search looks up more words than for a real question.',
  `Of the sections that the restaurant sees, 30 % are its own and the rest its brand’s; a sister restaurant has 2 % more ` +
    'that it must not see. Among 200, the other 199 tenants share as many sections again, up to ' +
    `${OTHER_TENANTS_SECTIONS_LIMIT.toLocaleString('en-US')}.`
]

type SearchPlan = {
  sizes: readonly number[]
  queries: number
  /** The folder of the databases; null: temporary. */
  kept: string | null
  /** False: only existing databases are measured. */
  makes: boolean
}

export const sizesOf = (text: string): number[] =>
  text.split(',').map((size) => wholeNumber('--sizes', size, 10, 100_000))

/** Notes about default sizes that are not in this run. */
const notMeasured = (sizes: readonly number[]): string[] =>
  DEFAULT_SIZES.filter((size) => !sizes.includes(size)).map(
    (size) =>
      `${size.toLocaleString('en-US')} sections are not in this run, which was asked for ${sizes.join(' and ')}` +
      `${size > LARGEST_QUICKLY_MADE ? '; to make such a database takes some 20 minutes' : ''}.`
  )

export const hasReportedSizes = ({ rows }: BenchResult): boolean =>
  REPORTED_SIZES.every((sections) =>
    TENANTS.every((tenants) =>
      rows.some(({ name }) => name === `search, ${nameOf({ sections, tenants })}`)
    )
  )

export const measureSearch = async ({
  sizes,
  queries,
  kept,
  makes
}: SearchPlan): Promise<BenchResult> => {
  const embeddings = await startEmbeddingsStandIn()
  const root = kept === null ? await mkdtemp(join(tmpdir(), 'heard-bench-')) : resolve(kept)
  await mkdir(root, { recursive: true })
  const whole: BenchResult = { rows: [], notes: [...HOW, ...notMeasured(sizes)] }
  try {
    for (const sections of sizes.toSorted((a, b) => a - b)) {
      for (const tenants of TENANTS) {
        const place: Place = { sections, tenants }
        const name = nameOf(place)
        if (!makes && !(await isMade(root, place))) {
          whole.notes.push(`${name}: not in this run, which took the databases that were there.`)
          continue
        }
        say(`${name} …`)
        const folder = await dataFolder(root, embeddings.url, place, (text) => say(`  ${text}`))
        const { rows, notes } = await measurePlace(place, folder, embeddings, queries, (text) =>
          say(`  ${text}`)
        )
        whole.rows.push(...rows)
        whole.notes.push(...notes)
      }
      if (kept === null) await rm(root, { recursive: true, force: true })
    }
    return whole
  } finally {
    if (kept === null) await rm(root, { recursive: true, force: true })
    await embeddings.close()
  }
}
