// Mints the ephemeral key of one voice session at OpenAI.
import { z } from 'zod'
import type { Refusal } from '../_shared/refusals.ts'
import {
  FALLBACK_TRANSCRIPTION_MODEL,
  type SessionChoice,
  sessionShape,
  TRANSCRIPTION_MODEL
} from './session-shape.ts'

/** Minting takes 0.2 to 0.85 s; past this the kiosk is better told to try again. */
const MINT_TIMEOUT_MS = 5_000
/** Life of a key that has not been used, in seconds: the kiosk keeps one ready. The API's default. */
const KEY_LIFE_SECONDS = 600
/** When the service names no time. */
const DEFAULT_RETRY_SECONDS = 5
/** A longer wait than this is not one that a person at a kiosk waits out. */
const LONGEST_RETRY_SECONDS = 3_600

const secretSchema = z.object({
  value: z.string().min(1),
  expires_at: z.int().positive(),
  session: z.object({ model: z.string().min(1) }).optional()
})

const errorSchema = z.object({
  error: z.object({ code: z.string().nullish(), param: z.string().nullish() })
})

export type Minted =
  | { ok: true; ephemeralKey: string; expiresAt: number; model: string }
  | {
      ok: false
      refusal: Extract<Refusal, { code: 'model_busy' | 'model_failed' }>
      /** For the log: status, or what kept the service from answering. */
      cause: string
    }

export type MintOptions = {
  baseUrl: string
  apiKey: string
  model: string
  voice: string
}
export type MintRequest = { userId: string; language: SessionChoice['language'] }
export type Mint = (request: MintRequest) => Promise<Minted>

/** `Retry-After` is seconds or a date (RFC 9110 §10.2.3). */
const retryAfterSeconds = (header: string | null, nowMs: number): number => {
  if (header === null || header.trim() === '') return DEFAULT_RETRY_SECONDS
  const seconds = /^\d+$/.test(header.trim())
    ? Number(header)
    : Math.ceil((Date.parse(header) - nowMs) / 1_000)
  if (!Number.isFinite(seconds)) return DEFAULT_RETRY_SECONDS
  return Math.min(Math.max(seconds, 1), LONGEST_RETRY_SECONDS)
}

/** A stable name for abuse reports that is not the account's id. */
const safetyIdentifier = async (userId: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(userId))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

const refusesTranscriptionModel = (status: number, text: string): boolean => {
  if (status !== 400) return false
  try {
    const read = errorSchema.safeParse(JSON.parse(text))
    if (!read.success) return false
    const { code, param } = read.data.error
    return code === 'invalid_value' && (param ?? '').includes('transcription')
  } catch {
    return false
  }
}

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Never throws for what the network or the service does. */
export const createMint = ({ baseUrl, apiKey, model, voice }: MintOptions): Mint => {
  // Remembered for the life of this instance, so that one refusal is not paid for at every session.
  let transcriptionModel = TRANSCRIPTION_MODEL

  const post = async ({ userId, language }: MintRequest, transcription: string) => {
    const response = await fetch(`${baseUrl}/realtime/client_secrets`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'openai-safety-identifier': await safetyIdentifier(userId)
      },
      body: JSON.stringify({
        expires_after: { anchor: 'created_at', seconds: KEY_LIFE_SECONDS },
        session: sessionShape({ model, voice, language, transcriptionModel: transcription })
      }),
      signal: AbortSignal.timeout(MINT_TIMEOUT_MS)
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  return async (request) => {
    const refuse = (refusal: 'model_failed', cause: string): Minted => ({
      ok: false,
      refusal: { code: refusal },
      cause
    })
    try {
      let answer = await post(request, transcriptionModel)
      if (
        transcriptionModel === TRANSCRIPTION_MODEL &&
        refusesTranscriptionModel(answer.status, answer.text)
      ) {
        transcriptionModel = FALLBACK_TRANSCRIPTION_MODEL
        answer = await post(request, transcriptionModel)
      }
      if (answer.status === 429) {
        const seconds = retryAfterSeconds(answer.headers.get('retry-after'), Date.now())
        return {
          ok: false,
          refusal: { code: 'model_busy', retryAfterSeconds: seconds },
          cause: 'status 429'
        }
      }
      if (answer.status < 200 || answer.status >= 300) {
        return refuse('model_failed', `status ${answer.status}`)
      }
      const secret = secretSchema.safeParse(readJson(answer.text))
      if (!secret.success) return refuse('model_failed', 'unreadable answer')
      return {
        ok: true,
        ephemeralKey: secret.data.value,
        expiresAt: secret.data.expires_at,
        model: secret.data.session?.model ?? model
      }
    } catch (error) {
      const isTimeout = error instanceof Error && error.name === 'TimeoutError'
      return refuse('model_failed', isTimeout ? 'timeout' : 'unreachable')
    }
  }
}
