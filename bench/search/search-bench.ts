// `npm run bench -- search`: realtime-search against its budgets, over HTTP as the kiosk sees it, on handbooks of
// several sizes, of one restaurant alone and among two hundred.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { CommandError, say } from '../../dev/run-command.ts'
import type { BenchResult } from '../bench-result.ts'
import { dataFolder, isMade } from './data-folder.ts'
import { startEmbeddingsStandIn } from './embeddings-stand-in.ts'
import { measurePlace, nameOf, type Place } from './measure-tenant.ts'
import { OTHER_TENANTS_SECTIONS_LIMIT } from './tenants.ts'

export const DEFAULT_SIZES = [500, 5_000, 50_000]
/** Those with a budget: a run that lacks one of them, alone or among others, is not reported. */
export const REPORTED_SIZES = [500, 5_000]
export const DEFAULT_QUERIES = 240
/** With fewer a 95th percentile is an anecdote. */
export const REPORTED_QUERIES = 200
const TENANTS = [1, 200]
/** Made within minutes. */
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

export type SearchPlan = {
  sizes: readonly number[]
  queries: number
  /** Where databases are kept and found; null: made for this run and removed. */
  kept: string | null
  /** False: those that are not there are left out, and named. */
  makes: boolean
}

export const sizesOf = (text: string): number[] => {
  const sizes = text.split(',').map(Number)
  if (sizes.every((size) => Number.isInteger(size) && size >= 10 && size <= 100_000)) return sizes
  throw new CommandError(`--sizes must be numbers of sections from 10 to 100000, not ${text}.`, 64)
}

export const queriesOf = (text: string): number => {
  const queries = Number(text)
  if (Number.isInteger(queries) && queries >= 1 && queries <= 10_000) return queries
  throw new CommandError(`--queries must be 1 to 10000, not ${text}.`, 64)
}

/** Why there are no rows of a size that is measured by default. */
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

/** Rows of all sizes, smallest first. */
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
