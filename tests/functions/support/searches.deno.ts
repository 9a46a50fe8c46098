// realtime-search as its tests call it, with a backend that answers as they say.
import assert from 'node:assert/strict'
import { type SearchAnswer, searchAnswerSchema } from '../../../src/shared/handbook.ts'
import type {
  FoundPassage,
  Search,
  SearchResult
} from '../../../supabase/functions/_shared/backend.ts'
import { EMBEDDING_DIMENSIONS, embed } from '../../../supabase/functions/_shared/embedding.ts'
import { createHandler } from '../../../supabase/functions/realtime-search/handler.ts'
import {
  GROUP_ID,
  noRateLimit,
  ORIGIN,
  QUESTION_ID,
  read,
  recordingLog,
  verify
} from './calls.deno.ts'
import type { RecordedRequest } from './servers.deno.ts'

export const QUESTION = 'Yo how hot for the bird?'
export const RESTATED = 'How hot does chicken have to be?'
export const vectorOf = (at: number): number[] =>
  Array.from({ length: EMBEDDING_DIMENSIONS }, (_, index) => (index + at) / 10_000)
/** Short, so that the test of a service that hangs does not. */
const TIMEOUT_MS = 150

export const passage = (slug: string, more: Partial<FoundPassage> = {}): FoundPassage => ({
  slug,
  title: `Title of ${slug}`,
  heading: 'Poultry',
  language: 'en',
  anchor: 'poultry',
  content: 'Cook chicken to 165 °F.',
  isGiven: true,
  isNamed: false,
  needsManager: false,
  method: 'hybrid',
  embeddingModel: 'text-embedding-3-small',
  ...more
})

export const handlerOn = (
  baseUrl: string | undefined,
  result: SearchResult | ((search: Search) => SearchResult) = {
    ok: true,
    value: [passage('cooking')]
  }
) => {
  const { lines, log } = recordingLog()
  const searches: Search[] = []
  const handle = createHandler({
    backend: {
      verify,
      search: (_caller, search) => {
        searches.push(search)
        return Promise.resolve(typeof result === 'function' ? result(search) : result)
      }
    },
    embedTexts:
      baseUrl === undefined
        ? undefined
        : (texts, model) =>
            embed(texts, {
              baseUrl,
              apiKey: 'sk-test-0123456789',
              model,
              timeoutMs: TIMEOUT_MS
            }),
    embeddingModel: 'text-embedding-3-small',
    rateLimit: noRateLimit,
    allowedOrigins: [ORIGIN],
    log
  })
  return { handle, lines, searches }
}
/** As the kiosk sends it, with no more than must be there. */
export const body = {
  groupId: GROUP_ID,
  language: 'en',
  questionId: QUESTION_ID,
  question: QUESTION
}
export const embedded = ({ body: sent }: RecordedRequest): Response => {
  const { input } = sent as { input: string[] }
  return Response.json({ data: input.map((_, index) => ({ index, embedding: vectorOf(index) })) })
}
export const searchAnswerOf = async (response: Response): Promise<SearchAnswer> => {
  const answer = await read(response)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  // The kiosk's own schema is strict: nothing may be missing and nothing may be more.
  return searchAnswerSchema.parse(answer.body)
}
