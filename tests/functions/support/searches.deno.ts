// Runs realtime-search with a backend that answers with the given result.
import assert from 'node:assert/strict'
import { type SearchAnswer, searchAnswerSchema } from '../../../src/shared/handbook.ts'
import type {
  BackendResult,
  FoundPassage,
  Search,
  SearchResult
} from '../../../supabase/functions/_shared/backend.ts'
import { createEmbedTexts } from '../../../supabase/functions/_shared/embedding.ts'
import { createHandler } from '../../../supabase/functions/realtime-search/handler.ts'
import { endpointSettings, GROUP_ID, OPENAI_KEY, QUESTION_ID, read, verify } from './calls.deno.ts'

export const QUESTION = 'Yo how hot for the bird?'
export const RESTATED = 'How hot does chicken have to be?'
/** Of a test with a service that hangs; more than a busy machine needs otherwise. */
const TIMEOUT_MS = 2_000

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
  ...more
})

export const handlerOn = (
  openaiUrl: string | undefined,
  result: SearchResult | ((search: Search) => SearchResult) = {
    ok: true,
    value: [passage('cooking')]
  },
  charged: BackendResult<string | null> = { ok: true, value: 'text-embedding-3-small' }
) => {
  const { lines, settings } = endpointSettings()
  const searches: Search[] = []
  const charges: Pick<Search, 'groupId' | 'questionId'>[] = []
  const handle = createHandler({
    backend: {
      verify,
      charge: (_caller, question) => {
        charges.push(question)
        return Promise.resolve(charged)
      },
      search: (_caller, search) => {
        searches.push(search)
        return Promise.resolve(typeof result === 'function' ? result(search) : result)
      }
    },
    embedTexts: createEmbedTexts(
      {
        openaiBaseUrl: openaiUrl ?? '',
        openaiApiKey: openaiUrl === undefined ? undefined : OPENAI_KEY
      },
      TIMEOUT_MS
    ),
    ...settings
  })
  return { handle, lines, searches, charges }
}

/** The kiosk's request with its required fields only. */
export const body = {
  groupId: GROUP_ID,
  language: 'en',
  questionId: QUESTION_ID,
  question: QUESTION
}

/** Parses with the kiosk's own strict schema. */
export const searchAnswerOf = async (response: Response): Promise<SearchAnswer> => {
  const answer = await read(response)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return searchAnswerSchema.parse(answer.body)
}
