// What can go wrong where a person sees it. A failure crosses the contract as a value: the code picks
// the sentence and the button on the screen, the message is for the log and for IT.
import { z } from 'zod'

/** Codes that main answers a call with. */
export const MAIN_FAILURE_CODES = [
  /** The call's input did not fit its schema, or the call does not exist. */
  'bad_request',
  /** The call came from a frame or an origin that is not the kiosk's window. */
  'forbidden_sender',
  /** Nobody is signed in on this kiosk, or the session ended (401). */
  'not_signed_in',
  /** E-mail or password refused at sign-in. */
  'wrong_credentials',
  /** The account belongs to no restaurant, or not to the one asked for (403). */
  'not_a_member',
  /** The role's policy switches voice off (403 `voice_disabled`). */
  'voice_disabled',
  /** The role's policy switches the assistant off (403 `ai_disabled`). */
  'ai_disabled',
  /** The day's or month's questions are used up (429 `limit_exceeded`). */
  'limit_exceeded',
  /** The backend could not be reached. */
  'backend_unreachable',
  /** The backend answered, with a failure that is its own (5xx or an unreadable answer). */
  'backend_failed',
  /** The handbook did not answer within the deadline. */
  'search_timeout',
  /** The model's service could not be reached. */
  'model_unreachable',
  /** The model's service refused the call (4xx other than those below) or failed (5xx). */
  'model_refused',
  /** The model's service is out of quota or rate limited (429). */
  'model_busy',
  /** The ephemeral key was refused twice: minted, expired before use, minted again, refused again. */
  'key_refused',
  /** No published section of this restaurant has that id. */
  'section_not_found',
  /** There is no copy of the handbook on this machine yet. */
  'no_offline_copy',
  /** What was asked for needs the PIN. */
  'locked',
  /** Not the PIN. */
  'wrong_pin',
  /** Too many wrong PINs: the next one is looked at after `retryAfterSeconds`. */
  'pin_rate_limited',
  /** A defect: something threw where nothing should. Logged with its stack, shown without it. */
  'internal'
] as const
export const mainFailureCodeSchema = z.enum(MAIN_FAILURE_CODES)
export type MainFailureCode = z.infer<typeof mainFailureCodeSchema>

/** Codes that the renderer finds by itself. */
export const RENDERER_FAILURE_CODES = [
  'microphone_missing',
  'microphone_denied',
  'microphone_in_use',
  'speaker_failed',
  /** WebRTC did not connect within its limit. */
  'call_timeout',
  /** An open call was lost. */
  'call_dropped',
  /** No call came up while a question was waiting for one, and the offline copy had no answer to it either. */
  'no_call',
  /** The model's service failed the response (`response.status: failed`) or stayed silent past its watchdog. */
  'answer_failed',
  /** The browser is offline. */
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
  /** Seconds after which trying again makes sense, where the other side said so. */
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
