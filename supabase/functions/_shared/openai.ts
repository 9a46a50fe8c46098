// The Realtime API as its callers here share it: headers, failures, and which transcription model a project has.
import { z } from 'zod'
import type { OutboundResponse } from './outbound-request.ts'
import type { Refusal } from './refusals.ts'
import { FALLBACK_TRANSCRIPTION_MODEL, TRANSCRIPTION_MODEL } from './session-config.ts'

/** When the service names no time. */
const DEFAULT_RETRY_SECONDS = 5
/** A longer wait than this is not one that a person at a kiosk waits out. */
const LONGEST_RETRY_SECONDS = 3_600

/** For whom, under what name in the log. */
export type OnBehalfOf = { userId: string; requestId: string }

/** A stable name for abuse reports that is not the account's id. */
const safetyIdentifier = async (userId: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(userId))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export const openaiHeaders = async (
  apiKey: string,
  { userId, requestId }: OnBehalfOf
): Promise<Record<string, string>> => ({
  authorization: `Bearer ${apiKey}`,
  'openai-safety-identifier': await safetyIdentifier(userId),
  'x-client-request-id': requestId
})

/** Text that is not JSON is undefined: a proxy's page, an answer that was cut off. */
export const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const errorSchema = z.object({
  error: z.object({ code: z.string().nullish(), param: z.string().nullish() })
})
export type ApiProblem = { code: string; param: string }

/** Empty where the answer does not say. */
export const problemIn = (text: string): ApiProblem => {
  const read = errorSchema.safeParse(readJson(text))
  return read.success
    ? { code: read.data.error.code ?? '', param: read.data.error.param ?? '' }
    : { code: '', param: '' }
}

/** `Retry-After` is seconds or a date (RFC 9110 §10.2.3). */
const retryAfterSeconds = (header: string | null, nowMs: number): number => {
  if (header === null || header.trim() === '') return DEFAULT_RETRY_SECONDS
  const seconds = /^\d+$/.test(header.trim())
    ? Number(header)
    : Math.ceil((Date.parse(header) - nowMs) / 1_000)
  if (!Number.isFinite(seconds)) return DEFAULT_RETRY_SECONDS
  return Math.min(Math.max(seconds, 1), LONGEST_RETRY_SECONDS)
}

export type ModelFailure = {
  ok: false
  refusal: Extract<Refusal, { code: 'model_busy' | 'model_failed' | 'invalid_offer' }>
  /** For the log: status and code, or what kept the service from answering. */
  cause: string
}

export const modelFailed = (cause: string): ModelFailure => ({
  ok: false,
  refusal: { code: 'model_failed' },
  cause
})

/** Codes are words; anything else is not written into a log. */
const inLog = (code: string): string => (/^\w{1,64}$/.test(code) ? ` ${code}` : '')

/** What an answer that is no success means to the caller; null for a success. */
export const failureIn = (answer: OutboundResponse): ModelFailure | null => {
  if (!answer.ok) return modelFailed(answer.failure)
  const { status, headers, text } = answer
  if (status >= 200 && status < 300) return null
  const cause = `status ${status}${inLog(problemIn(text).code)}`
  if (status !== 429) return modelFailed(cause)
  const seconds = retryAfterSeconds(headers.get('retry-after'), Date.now())
  return { ok: false, refusal: { code: 'model_busy', retryAfterSeconds: seconds }, cause }
}

const refusesTranscriptionModel = (answer: OutboundResponse): boolean => {
  if (!answer.ok || answer.status !== 400) return false
  const { code, param } = problemIn(answer.text)
  return code === 'invalid_value' && param.includes('transcription')
}

/** Sends a session with a transcription model. @param send is called once, or twice where the first was refused */
export type WithTranscription = (
  send: (transcriptionModel: string) => Promise<OutboundResponse>
) => Promise<OutboundResponse>

/** Remembers for the life of this instance, so that one refusal is not paid for at every session. */
export const createTranscriptionChoice = (): WithTranscription => {
  let model = TRANSCRIPTION_MODEL
  return async (send) => {
    const answer = await send(model)
    if (model !== TRANSCRIPTION_MODEL || !refusesTranscriptionModel(answer)) return answer
    model = FALLBACK_TRANSCRIPTION_MODEL
    return send(model)
  }
}
