// Runs handbook with local servers in place of Supabase and OpenAI.
import { createEmbedTexts } from '../../../supabase/functions/_shared/embedding.ts'
import { handbookDatabases } from '../../../supabase/functions/handbook/database.ts'
import { createHandler } from '../../../supabase/functions/handbook/handler.ts'
import {
  type CallOptions,
  endpointSettings,
  GROUP_ID,
  OPENAI_KEY,
  read,
  request,
  verify
} from './calls.deno.ts'
import { type RecordedRequest, serve } from './servers.deno.ts'

export const SMALL = 'text-embedding-3-small'
export const LARGE = 'text-embedding-3-large'
export const ORGANISATION_ID = '9a3d4f0e-1b1c-4c55-8a8e-0f6f8b1d2e33'
export const SECTION_ID = '1c9b4a56-7a34-4b9e-9d7b-2f3e4d5c6b77'
export const VERSION_ID = '2d8c5b67-8b45-4cae-8e8c-3a4f5e6d7c88'
export const SCOPE = { organisationId: ORGANISATION_ID, groupId: GROUP_ID }
export const SCOPE_ARGUMENTS = { _organisation_id: ORGANISATION_ID, _group_id: GROUP_ID }
export const BRAND = {
  embedding_model: SMALL,
  next_embedding_model: null as string | null,
  retention_days: 90,
  caution_topics: ['allergens', 'burns']
}
export const GOLDEN_ROWS = { total: 2, kept: 2, newly_found: [], regressions: [], warnings: [] }
export const GOLDEN = { total: 2, kept: 2, newlyFound: [], regressions: [], warnings: [] }
export const TEXT = {
  title: 'Cooling soup',
  content:
    '## Ice bath\n\nFrom 135 °F to 70 °F in two hours.\n\n## Shallow pans\n\nTwo inches deep.'
}
export const SECTION = { slug: 'cooling-soup', category: 'food', order: 10, texts: { en: TEXT } }
export const DRAFT = { operation: 'draft', ...SCOPE, section: SECTION }
export const SAVE_GOLDEN = {
  operation: 'save_golden',
  ...SCOPE,
  question: 'How cold?',
  questionLanguage: 'en',
  sectionSlug: 'cooling-soup'
}

type Passages = { _sections: { passages: { language: string; ordinal: number }[] }[] }

const ANSWERS: Record<string, unknown> = {
  passages_to_embed: ({ _sections }: Passages) => _sections[0]?.passages,
  save_draft: VERSION_ID,
  save_golden: SECTION_ID,
  list_missing_embeddings: [],
  add_embeddings: ({ _vectors }: { _vectors: unknown[] }) => _vectors.length
}

type Options = {
  /** Answers of the database's functions by name: a value, a response, or a function of the parameters. */
  rpc?: Record<string, unknown>
  brands?: (typeof BRAND)[]
  /** Undefined: the project has no OpenAI key. */
  openaiUrl?: string | undefined
}

export const handbookOn = ({ rpc = {}, brands = [BRAND], openaiUrl }: Options = {}) => {
  const supabase = serve(({ path, body }) => {
    if (path === '/rest/v1/organisations') return Response.json(brands)
    const answer = { ...ANSWERS, ...rpc }[path.slice('/rest/v1/rpc/'.length)]
    if (answer instanceof Response) return answer.clone()
    return Response.json(typeof answer === 'function' ? answer(body) : (answer ?? null))
  })
  const { lines, settings } = endpointSettings()
  const service = {
    openaiBaseUrl: openaiUrl ?? '',
    openaiApiKey: openaiUrl === undefined ? undefined : OPENAI_KEY
  }
  const handle = createHandler({
    verify,
    databaseAs: handbookDatabases(supabase.url, 'sb_publishable_test'),
    embedTexts: createEmbedTexts(service, 2_000),
    ...settings
  })
  return {
    lines,
    requests: supabase.requests,
    ask: async (body: unknown, options?: CallOptions) => read(await handle(request(body, options))),
    /** The calls of the database's functions: name and parameters. */
    calls: (): [string, Record<string, unknown>][] =>
      supabase.requests
        .filter(({ path }) => path.startsWith('/rest/v1/rpc/'))
        .map(({ path, body }) => [
          path.slice('/rest/v1/rpc/'.length),
          body as Record<string, unknown>
        ]),
    [Symbol.asyncDispose]: supabase[Symbol.asyncDispose]
  }
}

export const textsOf = (sent: RecordedRequest | undefined): string[] =>
  (sent?.body as { input: string[] } | undefined)?.input ?? []
