// Measures the search on one database.
import { randomUUID } from 'node:crypto'
import type { SearchAnswer } from '../../src/shared/handbook.ts'
import type { BenchResult, Progress } from '../bench-result.ts'
import { type Budget, counted, measured, type Row } from '../report-rows.ts'
import { summarise } from '../statistics.ts'
import { benchRequests, type Request } from './bench-requests.ts'
import type { DataFolder } from './data-folder.ts'
import type { EmbeddingsStandIn } from './embeddings-stand-in.ts'
import { signedInKiosk } from './kiosk-client.ts'
import { startSearchServer } from './server.ts'
import { VISIBLE_PREFIXES } from './tenants.ts'

/** Not measured: compilation, query plans, first reads. */
const WARM_UP = 30
/** The kiosk falls back to its offline copy then. */
const DEADLINE_MS = 2_500

const BUDGETS: Readonly<Record<number, Budget>> = {
  500: { of: 'p95', atMost: 40, unit: 'ms' },
  5000: { of: 'p95', atMost: 120, unit: 'ms' }
}

export type Place = { sections: number; tenants: number }

export const nameOf = ({ sections, tenants }: Place): string =>
  `${sections.toLocaleString('en-US')} sections, ${tenants === 1 ? 'one tenant' : `${tenants} tenants`}`

const median = (values: readonly number[]): number => summarise(values)?.p50 ?? 0

const inMs = (values: readonly number[]): string => median(values).toFixed(1)

const CHARACTERS_PER_TOKEN = 4

const tokensOf = ({ passages }: SearchAnswer): number =>
  Math.ceil(
    passages.reduce(
      (sum, { title, heading, text }) => sum + title.length + heading.length + text.length,
      0
    ) / CHARACTERS_PER_TOKEN
  )

export const measurePlace = async (
  place: Place,
  folder: DataFolder,
  embeddings: EmbeddingsStandIn,
  queries: number,
  progress: Progress
): Promise<BenchResult> => {
  const name = nameOf(place)
  const requests = await benchRequests(queries, folder.tenant.owners)
  embeddings.prepare(requests.flatMap(({ question, restated }) => [question, restated]))
  const server = await startSearchServer(folder.path, embeddings.url)
  try {
    const search = await signedInKiosk(server, folder.account)
    const ask = (request: Request) => search({ questionId: randomUUID(), ...request })
    const warmUp = requests.slice(0, WARM_UP)
    const [first] = warmUp
    if (first === undefined) throw new Error('There are no questions.')
    const { tookMs: firstMs } = await ask(first)
    for (const request of warmUp.slice(1)) await ask(request)
    await server.takeSearched(warmUp.length)

    const embeddedBefore = embeddings.requests()
    const took: number[] = []
    const tokens: number[] = []
    let late = 0
    let foreign = 0
    for (const [index, request] of requests.entries()) {
      const { answer, tookMs } = await ask(request)
      took.push(tookMs)
      if (answer.method !== 'hybrid') throw new Error('A search went without its embedding.')
      if (answer.named !== request.sections.length) {
        throw new Error(`Of ${request.sections.join(', ')}, ${answer.named} were found.`)
      }
      tokens.push(tokensOf(answer))
      if (tookMs > DEADLINE_MS) late += 1
      foreign += answer.passages.filter(
        ({ slug }) => !VISIBLE_PREFIXES.some((prefix) => slug.startsWith(prefix))
      ).length
      if ((index + 1) % 50 === 0) progress(`${name}: ${index + 1} of ${requests.length} searches`)
    }
    const searched = await server.takeSearched(requests.length)
    if (searched.length !== requests.length) {
      throw new Error(`${requests.length} searches, but ${searched.length} in the function's log.`)
    }
    if (embeddings.requests() - embeddedBefore !== requests.length) {
      throw new Error('Not every search made one embeddings request.')
    }
    const without = took.map((ms, index) => ms - (searched[index]?.log.embeddingMs ?? 0))
    const roundTrips = Math.max(...searched.map((one) => one.requests.length))
    const paths = [...new Set(searched.flatMap((one) => one.requests))]
    const count = (what: string, value: number, atMost: number): Row =>
      counted(`${what}, ${name}`, 'count', value, took.length, {
        of: 'value',
        atMost,
        unit: 'count'
      })
    const rows: Row[] = [
      measured(`search, ${name}`, 'ms', without, BUDGETS[place.sections] ?? null),
      measured(`… with its embedding call, ${name}`, 'ms', took, null),
      measured(
        `… of it in the database, ${name}`,
        'ms',
        searched.map(({ log }) => log.databaseMs),
        null
      ),
      counted(`first search after the start, with its call, ${name}`, 'ms', firstMs, 1, null),
      count('most round trips to Postgres for one search', roundTrips, 1),
      count(`searches over ${DEADLINE_MS} ms`, late, 0),
      count('sections of others returned', foreign, 0)
    ]
    const notes = [
      `${name}: at the median in ms, ${inMs(searched.map(({ log }) => log.embeddingMs))} for the embedding call, ` +
        `${inMs(searched.map(({ log }) => log.databaseMs))} from the function to the database and back, ` +
        `${inMs(took.map((ms, index) => ms - (searched[index]?.log.ms ?? 0)))} between the kiosk and the function; ` +
        `${Math.round(median(tokens))} tokens of text at the median and ${Math.max(...tokens)} at most; ` +
        `what reached the database: ${paths.join(', ')}.`
    ]
    return { rows, notes }
  } finally {
    await server.close()
  }
}
