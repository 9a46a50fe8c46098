// Everything a function can refuse with: the code that programs read, the status, and the sentence that
// people read in their language.
import type { ConversationLanguage } from './language.ts'
import { PHRASES } from './languages/phrases-by-language.ts'

/** A golden question that a publishing would lose (or has won), as `publish_versions` lists it. */
export type GoldenChange = {
  question: string
  language: string
  /** Slug of a section; null where nothing is to be found. */
  expected: string | null
  got: string | null
  /** What the section was found without, of what it must say. */
  missing: string[]
  /** Slug of the restaurant that sees it so; null for all without sections of their own. */
  group: string | null
}

export type Refusal =
  | { code: 'unauthorized' }
  | { code: 'method_not_allowed'; allowed: string }
  | { code: 'unsupported_media_type' }
  | { code: 'body_too_large'; limitBytes: number }
  /** `problem` is for whoever wrote the request: field names and limits, never what a person said. */
  | { code: 'bad_request'; problem: string }
  /** The SDP of a call, with what is wrong with it. */
  | { code: 'invalid_offer'; problem: string }
  | { code: 'not_a_member' }
  | { code: 'voice_disabled' }
  | { code: 'ai_disabled' }
  | { code: 'limit_exceeded'; dailyCount: number | null; dailyLimit: number | null }
  | { code: 'rate_limited'; retryAfterSeconds: number }
  | { code: 'model_busy'; retryAfterSeconds: number }
  | { code: 'model_failed' }
  /** The database did not answer a search in its time. Whether it still will, and counts the question, is not known. */
  | { code: 'search_timeout' }
  /** A member whose role may not. */
  | { code: 'not_allowed' }
  | { code: 'not_found' }
  | { code: 'golden_regression'; regressions: readonly GoldenChange[] }
  /** Somebody else has written meanwhile. */
  | { code: 'conflict' }
  | { code: 'internal' }

export type RefusalCode = Refusal['code']

export const REFUSAL_STATUS: Record<RefusalCode, number> = {
  unauthorized: 401,
  method_not_allowed: 405,
  unsupported_media_type: 415,
  body_too_large: 413,
  bad_request: 400,
  invalid_offer: 400,
  not_a_member: 403,
  voice_disabled: 403,
  ai_disabled: 403,
  limit_exceeded: 429,
  rate_limited: 429,
  model_busy: 429,
  model_failed: 502,
  search_timeout: 504,
  not_allowed: 403,
  not_found: 404,
  golden_regression: 409,
  conflict: 409,
  internal: 500
}

const detailOf = (refusal: Refusal): Record<string, unknown> => {
  switch (refusal.code) {
    case 'bad_request':
    case 'invalid_offer':
      return { problem: refusal.problem }
    case 'body_too_large':
      return { problem: `the body is larger than ${refusal.limitBytes} bytes` }
    case 'limit_exceeded':
      return { daily_count: refusal.dailyCount, daily_limit: refusal.dailyLimit }
    case 'golden_regression':
      return { regressions: refusal.regressions }
    case 'unauthorized':
    case 'method_not_allowed':
    case 'unsupported_media_type':
    case 'not_a_member':
    case 'voice_disabled':
    case 'ai_disabled':
    case 'rate_limited':
    case 'model_busy':
    case 'model_failed':
    case 'search_timeout':
    case 'not_allowed':
    case 'not_found':
    case 'conflict':
    case 'internal':
      return {}
    default: {
      const unknown: never = refusal
      throw new Error(`Unknown refusal: ${JSON.stringify(unknown)}`)
    }
  }
}

/** The response for a refusal: `{error, message, …}` and, where waiting helps, `Retry-After`. */
export const refusalResponse = (refusal: Refusal, language: ConversationLanguage): Response => {
  const headers = new Headers({ 'content-language': language })
  if (refusal.code === 'model_busy' || refusal.code === 'rate_limited') {
    headers.set('retry-after', String(refusal.retryAfterSeconds))
  }
  if (refusal.code === 'method_not_allowed') headers.set('allow', refusal.allowed)
  return Response.json(
    {
      error: refusal.code,
      message: PHRASES[language].refusals[refusal.code],
      ...detailOf(refusal)
    },
    { status: REFUSAL_STATUS[refusal.code], headers }
  )
}
