// Shares the Realtime API's headers, failures and choice of transcription model between its callers.
import { z } from 'zod'
import type { OutboundResponse } from './outbound-request.ts'
import { readJson } from './read-json.ts'
import type { Refusal } from './refusals.ts'
import { TRANSCRIPTIONS, type Transcription } from './session-config.ts'

/** For an answer without `Retry-After`. */
const DEFAULT_RETRY_SECONDS = 5
/** A person at a kiosk does not wait longer. */
const LONGEST_RETRY_SECONDS = 3_600

export type OnBehalfOf = { userId: string; requestId: string }

/** A stable pseudonym for abuse reports, in place of the account's id. */
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

const errorSchema = z.object({
  error: z.object({ code: z.string().nullish(), param: z.string().nullish() })
})

/** The error's code and parameter; empty where the answer names none. */
export const problemIn = (text: string): { code: string; param: string } => {
  const read = errorSchema.safeParse(readJson(text))
  const { code, param } = read.success ? read.data.error : {}
  return { code: code ?? '', param: param ?? '' }
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
  /** For the log: status and code, or the reason for a missing answer. */
  cause: string
}

export const modelFailed = (cause: string): ModelFailure => ({
  ok: false,
  refusal: { code: 'model_failed' },
  cause
})

export const NO_OPENAI_KEY = modelFailed('OPENAI_API_KEY is not set')

/** Codes are words; the log takes nothing else. */
const inLog = (code: string): string => (/^\w{1,64}$/.test(code) ? ` ${code}` : '')

/** Null for a success. */
export const failureIn = (answer: OutboundResponse): ModelFailure | null => {
  if (!answer.ok) return modelFailed(answer.failure)
  const { status, headers, text } = answer
  if (status >= 200 && status < 300) return null
  const cause = `status ${status}${inLog(problemIn(text).code)}`
  if (status !== 429) return modelFailed(cause)
  const seconds = retryAfterSeconds(headers.get('retry-after'), Date.now())
  return { ok: false, refusal: { code: 'model_busy', retryAfterSeconds: seconds }, cause }
}

/** Its code, parameter or sentence names the transcription: which of them is not documented. */
const refusesTranscription = (answer: OutboundResponse): boolean =>
  answer.ok && answer.status === 400 && /transcri/i.test(answer.text)

/** @param send posts a session with this transcription; called again with the next one when the service refuses it */
type WithTranscription = (
  send: (transcription: Transcription) => Promise<OutboundResponse>
) => Promise<OutboundResponse>

/** Remembers what was refused for the life of this instance, so that only one session pays for the refusal. */
export const createTranscriptionChoice = (): WithTranscription => {
  let refused = 0
  return async (send) => {
    for (;;) {
      const choice = refused
      const answer = await send(TRANSCRIPTIONS[choice] ?? null)
      if (choice >= TRANSCRIPTIONS.length - 1 || !refusesTranscription(answer)) return answer
      refused = Math.max(refused, choice + 1)
    }
  }
}
