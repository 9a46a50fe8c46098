// Failures cross the contract as values. The code selects the sentence and the button on the screen; the message is for the
// log and for IT.
import { z } from 'zod'

/** Codes of main. */
export const MAIN_FAILURE_CODES = [
  /** The input does not match its schema, or the call does not exist. */
  'bad_request',
  /** The call came from another frame or origin than the kiosk's window. */
  'forbidden_sender',
  /** No account is signed in, or the session ended (401). */
  'not_signed_in',
  'wrong_credentials',
  /** The account has no restaurant, or is not a member of this one (403). */
  'not_a_member',
  /** By the policy of the role (403 `voice_disabled`). */
  'voice_disabled',
  /** By the policy of the role (403 `ai_disabled`). */
  'ai_disabled',
  /** The questions of the day or month are used up (429 `limit_exceeded`). */
  'limit_exceeded',
  /** Keys, calls or their length are used up (429 `voice_limit_exceeded`). */
  'voice_limit_exceeded',
  'backend_unreachable',
  /** The backend answered with 5xx, or with an unreadable answer. */
  'backend_failed',
  'search_timeout',
  'model_unreachable',
  /** The model refused the call (another 4xx) or failed (5xx). */
  'model_refused',
  /** The model is out of quota or rate limited (429). */
  'model_busy',
  /** The model refused two ephemeral keys in a row. */
  'key_refused',
  /** No published section of this restaurant has the slug. */
  'section_not_found',
  /** No offline copy was fetched yet. */
  'no_offline_copy',
  /** The request needs the PIN. */
  'locked',
  'wrong_pin',
  /** A person would try the new PIN first. */
  'weak_pin',
  /** Too many wrong PINs: the next one is checked after `retryAfterSeconds`. */
  'pin_rate_limited',
  /** An unexpected exception. Logged with its stack, shown without it. */
  'internal'
] as const
const mainFailureCodeSchema = z.enum(MAIN_FAILURE_CODES)
export type MainFailureCode = z.infer<typeof mainFailureCodeSchema>

/** Codes of the renderer. */
export const RENDERER_FAILURE_CODES = [
  'microphone_missing',
  'microphone_denied',
  'microphone_in_use',
  'speaker_failed',
  /** WebRTC did not connect within its limit. */
  'call_timeout',
  'call_dropped',
  /** No call opened for a waiting question, and the offline copy had no answer. */
  'no_call',
  /** The model gave no answer: an empty one, none in time, or a failure without a known code. */
  'answer_failed',
  /** The answer ended in the middle: at its limit of tokens, or with its call. */
  'answer_cut_off',
  /** The service's content filter stopped the answer. */
  'answer_blocked',
  /** The service's own failure (`server_error`). */
  'model_failed',
  /** The OpenAI project has no budget or quota left. */
  'model_quota',
  'offline',
  /** The bridge to main is gone (preview shell: the socket closed). */
  'bridge_lost'
] as const
export type RendererFailureCode = (typeof RENDERER_FAILURE_CODES)[number]
export type FailureCode = MainFailureCode | RendererFailureCode

export const failureSchema = z.strictObject({
  code: mainFailureCodeSchema,
  /** One English sentence for the log. Never a stack, a token or a header. */
  message: z.string(),
  /** From the Retry-After header of the other side. */
  retryAfterSeconds: z.number().nonnegative().optional()
})
export type Failure = z.infer<typeof failureSchema>

export type Result<T> = { ok: true; value: T } | { ok: false; error: Failure }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })
export const failed = (
  code: MainFailureCode,
  message: string,
  retryAfterSeconds?: number
): { ok: false; error: Failure } => ({
  ok: false,
  error: retryAfterSeconds === undefined ? { code, message } : { code, message, retryAfterSeconds }
})
