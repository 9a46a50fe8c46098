// Opens a WebRTC call at OpenAI with the project's key: posts offer and session in one request.
import type { Asker } from '../_shared/instructions.ts'
import {
  createTranscriptionChoice,
  failureIn,
  type ModelFailure,
  modelFailed,
  type OnBehalfOf,
  openaiHeaders,
  problemIn
} from '../_shared/openai.ts'
import { send } from '../_shared/outbound-request.ts'
import { type SessionSettings, sessionConfig } from '../_shared/session-config.ts'
import { multipart } from './multipart.ts'
import { OFFER_LIMIT_BYTES } from './offer.ts'

/** An answer takes well under a second; the kiosk waits 10 s for it. */
const CALL_TIMEOUT_MS = 8_000
const HANG_UP_TIMEOUT_MS = 3_000

type OpenedCall = { ok: true; sdp: string; callId: string; model: string } | ModelFailure

type CallRequest = OnBehalfOf & {
  asker: Asker
  sdp: string
  /** The stream of a negotiated data channel (WARP). */
  channelId?: number | undefined
  /** Aborted when the caller disconnects. */
  signal: AbortSignal
}
export type OpenCall = (request: CallRequest) => Promise<OpenedCall>

type CallOptions = {
  baseUrl: string
  apiKey: string
  session: SessionSettings
  timeoutMs?: number
}

/** The last segment of `/v1/realtime/calls/rtc_…`. */
const callIdIn = (location: string | null): string | null =>
  location?.match(/\/([\w-]{1,200})\/?(?:\?.*)?$/)?.[1] ?? null

/** A proxy's welcome page comes with 200 too. */
const isAnswer = (sdp: string): boolean => sdp.length <= OFFER_LIMIT_BYTES && /^v=0\r?\n/.test(sdp)

/** The service refuses the offer, not the session. */
const isAboutOffer = (status: number, text: string): boolean => {
  if (status !== 400 && status !== 413 && status !== 422) return false
  const { code, param } = problemIn(text)
  return param === 'sdp' || code === 'invalid_offer'
}

/** Does not throw: a failed request is a value. */
export const createOpenCall = ({
  baseUrl,
  apiKey,
  session,
  timeoutMs = CALL_TIMEOUT_MS
}: CallOptions): OpenCall => {
  const withTranscription = createTranscriptionChoice()

  /** Best effort: the service ends an unjoined call by itself. */
  const hangUp = (callId: string, headers: Record<string, string>) =>
    send({
      url: `${baseUrl}/realtime/calls/${callId}/hangup`,
      method: 'POST',
      headers,
      timeoutMs: HANG_UP_TIMEOUT_MS,
      repeat: 'safe'
    })

  return async ({ asker, sdp, channelId, signal, ...onBehalfOf }) => {
    const headers = await openaiHeaders(apiKey, onBehalfOf)
    const query = channelId === undefined ? '' : `?dcid=${channelId}`
    const answer = await withTranscription((transcription) => {
      const form = multipart([
        { name: 'sdp', type: 'application/sdp', text: sdp },
        {
          name: 'session',
          type: 'application/json',
          text: JSON.stringify(sessionConfig({ ...session, ...asker, transcription }))
        }
      ])
      return send({
        url: `${baseUrl}/realtime/calls${query}`,
        method: 'POST',
        headers: { ...headers, 'content-type': form.contentType, accept: 'application/sdp' },
        body: form.body,
        timeoutMs,
        // Without an answer, a call may be open.
        repeat: 'once'
      })
    })
    const failure = failureIn(answer)
    if (failure !== null || !answer.ok) {
      return answer.ok && isAboutOffer(answer.status, answer.text)
        ? {
            ok: false,
            refusal: { code: 'invalid_offer', problem: 'sdp: refused by the voice service' },
            cause: failure?.cause ?? 'offer refused'
          }
        : (failure ?? modelFailed('no answer'))
    }
    const callId = callIdIn(answer.headers.get('location'))
    if (callId === null) return modelFailed('no call id')
    if (!isAnswer(answer.text) || signal.aborted) {
      await hangUp(callId, headers)
      return modelFailed(signal.aborted ? 'the caller went away' : 'unreadable answer')
    }
    return { ok: true, sdp: answer.text, callId, model: session.model }
  }
}
