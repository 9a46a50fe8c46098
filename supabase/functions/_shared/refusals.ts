// Defines every refusal of the functions: the code that programs read, its detail and its HTTP status.
import type { UsageCount } from './usage.ts'

/** A golden question whose result a publication would change, as `publish_versions` lists it. */
export type GoldenChange = {
  goldenId: string
  question: string
  language: string
  /** Slug of a section; null where the question must find nothing. */
  expected: string | null
  got: string | null
  /** Required words that the section's passages lack. */
  missing: string[]
  /** Slug of the restaurant with this result; null for all restaurants without sections of their own. */
  group: string | null
}

export type Refusal =
  | { code: 'unauthorized' }
  | { code: 'method_not_allowed'; allowed: string }
  | { code: 'unsupported_media_type' }
  | { code: 'body_too_large'; limitBytes: number }
  /** `problem` is for the developer of the caller: field names and limits, never a person's words. */
  | { code: 'bad_request'; problem: string }
  /** The call's SDP is not an acceptable offer. */
  | { code: 'invalid_offer'; problem: string }
  | { code: 'not_a_member' }
  | { code: 'voice_disabled' }
  | { code: 'ai_disabled' }
  | { code: 'limit_exceeded'; dailyCount: number | null; dailyLimit: number | null }
  /** Keys, calls or their length reached a limit. `reached` is null where the database names none. */
  | {
      code: 'voice_limit_exceeded'
      reached: Pick<UsageCount, 'whose' | 'measure' | 'period'> | null
      retryAfterSeconds: number
    }
  | { code: 'rate_limited'; retryAfterSeconds: number }
  | { code: 'model_busy'; retryAfterSeconds: number }
  | { code: 'model_failed' }
  /** The database exceeded its time for a search. It may still count the question. */
  | { code: 'search_timeout' }
  /** The member's role lacks the right. */
  | { code: 'not_allowed' }
  | { code: 'not_found' }
  | { code: 'golden_regression'; regressions: readonly GoldenChange[] }
  /** The section has a newer version than the one that the writer changed. */
  | { code: 'conflict' }
  | { code: 'internal' }

export type RefusalCode = Refusal['code']

/** A value, or a refusal with one of these codes. */
export type Result<T, Code extends RefusalCode = RefusalCode> =
  | { ok: true; value: T }
  | { ok: false; refusal: Extract<Refusal, { code: Code }> }

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
  voice_limit_exceeded: 429,
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
