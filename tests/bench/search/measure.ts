// What one database of the search bench is asked, and the rows that come of it.
import { randomUUID } from 'node:crypto'
import {
  type EvaluationQuestion,
  loadQuestions,
  QUESTION_FOLDER
} from '../../evaluation/question-set.ts'
import { type Budget, counted, measured, type Row } from '../rows.ts'
import type { Progress, Section } from '../section.ts'
import { summarise } from '../statistics.ts'
import type { DataFolder } from './data-folder.ts'
import type { EmbeddingsDouble } from './embeddings-double.ts'
import { signedInKiosk } from './kiosk-search.ts'
import { startSearchServer } from './server.ts'
import { VISIBLE_PREFIXES } from './tenants.ts'

/** Every question in another order than in the files, where one kind follows the other. */
const STRIDE = 37
/** Not counted: functions are compiled, plans are made, pages are read for the first time. */
const WARM_UP = 30
/** Beyond which the kiosk says so and shows its own copy. */
const DEADLINE_MS = 2_500

const BUDGETS: Readonly<Record<number, Budget>> = {
  500: { of: 'p95', atMost: 40, unit: 'ms' },
  5000: { of: 'p95', atMost: 120, unit: 'ms' }
}

export type Question = Pick<EvaluationQuestion, 'language' | 'text'>

/** The evaluation's own questions, half of them Spanish and a fifth without an answer, as often as they are needed. */
export const benchQuestions = async (count: number): Promise<Question[]> => {
  const all = await loadQuestions(QUESTION_FOLDER)
  return Array.from({ length: count }, (_, place) => {
    const question = all[(place * STRIDE) % all.length]
    if (question === undefined) throw new Error('There are no questions.')
    return question
  })
}

export type Place = { sections: number; tenants: number }

export const nameOf = ({ sections, tenants }: Place): string =>
  `${sections.toLocaleString('en-US')} sections, ${tenants === 1 ? 'one tenant' : `${tenants} tenants`}`

const median = (values: readonly number[]): string => (summarise(values)?.p50 ?? 0).toFixed(1)

export const measurePlace = async (
  place: Place,
  folder: DataFolder,
  embeddings: EmbeddingsDouble,
  questions: readonly Question[],
  progress: Progress
): Promise<Section> => {
  const name = nameOf(place)
  const server = await startSearchServer(folder.path, embeddings.url)
  try {
    const search = await signedInKiosk(server, folder.account)
    const ask = ({ text, language }: Question) =>
      search({ questionId: randomUUID(), query: text, language })
    const warmUp = questions.slice(0, WARM_UP)
    const [first] = warmUp
    if (first === undefined) throw new Error('There are no questions.')
    const { tookMs: firstMs } = await ask(first)
    for (const question of warmUp.slice(1)) await ask(question)
    await server.takeSearched(warmUp.length)

    const embeddedBefore = embeddings.requests()
    const took: number[] = []
    let late = 0
    let foreign = 0
    let found = 0
    for (const [index, question] of questions.entries()) {
      const { answer, tookMs } = await ask(question)
      took.push(tookMs)
      if (answer.method !== 'hybrid') throw new Error('A search went without its embedding.')
      if (tookMs > DEADLINE_MS) late += 1
      if (answer.found) found += 1
      foreign += answer.citations.filter(
        ({ slug }) => !VISIBLE_PREFIXES.some((prefix) => slug.startsWith(prefix))
      ).length
      if ((index + 1) % 50 === 0) progress(`${name}: ${index + 1} of ${questions.length} searches`)
    }
    const searched = await server.takeSearched(questions.length)
    if (searched.length !== questions.length) {
      throw new Error(`${questions.length} searches, but ${searched.length} in the function's log.`)
    }
    if (embeddings.requests() - embeddedBefore !== questions.length) {
      throw new Error('Not every search asked for one embedding.')
    }
    const without = took.map((ms, index) => ms - (searched[index]?.log.embeddingMs ?? 0))
    const roundTrips = Math.max(...searched.map(({ requests }) => requests.length))
    const paths = [...new Set(searched.flatMap(({ requests }) => requests))]
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
      counted(
        `most round trips to Postgres for one search, ${name}`,
        'count',
        roundTrips,
        took.length,
        {
          of: 'value',
          atMost: 1,
          unit: 'count'
        }
      ),
      counted(`searches over ${DEADLINE_MS} ms, ${name}`, 'count', late, took.length, {
        of: 'value',
        atMost: 0,
        unit: 'count'
      }),
      counted(`sections of others returned, ${name}`, 'count', foreign, took.length, {
        of: 'value',
        atMost: 0,
        unit: 'count'
      })
    ]
    const notes = [
      `${name}: at the median in ms, ${median(searched.map(({ log }) => log.embeddingMs))} for the embedding call, ` +
        `${median(searched.map(({ log }) => log.databaseMs))} from the function to the database and back, ` +
        `${median(took.map((ms, index) => ms - (searched[index]?.log.ms ?? 0)))} between the kiosk and the function; ` +
        `${found} of ${took.length} were answered; what reached the database: ${paths.join(', ')}.`
    ]
    return { rows, notes }
  } finally {
    await server.close()
  }
}
