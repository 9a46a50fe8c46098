// Offer in, answer out: opens WebRTC calls at the model's service with an ephemeral key, and ends them.
import { z } from 'zod'
import { SDP_LENGTH_LIMIT } from '../../shared/contract.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { ConversationLanguage } from '../../shared/language.ts'
import type { KioskAccount } from '../account/account.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { retryAfterSeconds } from '../retry-after.ts'
import type { KeyPool, TakenKey } from './key-pool.ts'

/** Posting an offer takes well under a second; past this a person is told. */
export const OPEN_DEADLINE_MS = 10_000
const HANG_UP_DEADLINE_MS = 3_000
/** WebRtcCalls whose key is remembered for hanging up. Two are open, one in use and one standing by; the rest is slack. */
const REMEMBERED_CALLS = 8

export type OpenRequest = {
  offerSdp: string
  language: ConversationLanguage
  /** Where the kiosk stands, such as "grill"; the edge function says what a label may be. */
  station?: string | undefined
  /** Stream of an event channel that both sides know beforehand (WARP). */
  channelId?: number | undefined
}
export type OpenedCall = { callId: string; answerSdp: string; model: string }
export type WebRtcCalls = {
  /**
   * @returns `not_signed_in`, `not_a_member`, the mint's failures, `model_unreachable`, `model_busy`,
   *   `model_refused`, or `key_refused` when a key minted for this very offer was refused as well
   */
  open(request: OpenRequest): Promise<Result<OpenedCall>>
  /**
   * Best effort: the service documents hanging up for standard keys, which a kiosk never has, so a refusal
   * of the ephemeral key is expected there. The call really ends when the renderer closes its peer
   * connection.
   */
  hangUp(callId: string): Promise<Result<Record<string, never>>>
  /**
   * Ends every call that is still known, and those that are being opened as soon as they are: the account or the page
   * is gone, and nobody would end them before the service does.
   */
  hangUpAll(): Promise<void>
}

export type WebRtcCallsPorts = {
  openaiBaseUrl: string
  account: Pick<KioskAccount, 'current'>
  keys: Pick<KeyPool, 'take'>
  fetch: typeof fetch
  clock: Clock
  log: Log
}

/** The offer as it was answered: refused keys are told apart because they are worth a second try. */
type Posted = Result<{ callId: string; answerSdp: string }> | 'key_refused'

export const createWebRtcCalls = (ports: WebRtcCallsPorts): WebRtcCalls => {
  const { clock, log } = ports
  /** Keys by call id, oldest first. */
  const opened = new Map<string, string>()
  /** Counts the times that everything was hung up: what opens across one of them is not wanted any more. */
  let era = 0

  const remember = (callId: string, key: string) => {
    opened.set(callId, key)
    for (const oldest of opened.keys()) {
      if (opened.size <= REMEMBERED_CALLS) break
      opened.delete(oldest)
    }
  }

  const withDeadline = async <T>(
    deadlineMs: number,
    work: (signal: AbortSignal) => Promise<T>
  ): Promise<T> => {
    const stop = new AbortController()
    const cancel = clock.after(deadlineMs, () => stop.abort())
    try {
      return await work(stop.signal)
    } finally {
      cancel()
    }
  }

  const post = async (
    key: TakenKey,
    { offerSdp, channelId }: Pick<OpenRequest, 'offerSdp' | 'channelId'>
  ): Promise<Posted> => {
    const query = channelId === undefined ? '' : `?dcid=${channelId}`
    try {
      return await withDeadline(OPEN_DEADLINE_MS, async (signal) => {
        const response = await ports.fetch(`${ports.openaiBaseUrl}/realtime/calls${query}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key.value}`, 'content-type': 'application/sdp' },
          body: offerSdp,
          signal
        })
        if (response.status === 401) {
          await response.body?.cancel()
          return 'key_refused'
        }
        return response.ok ? readAnswer(response) : readRefusal(response)
      })
    } catch {
      // fetch throws for a network that failed and for the deadline; both are "nobody answered".
      return failed('model_unreachable', 'The model did not answer the offer.')
    }
  }

  const hangUp: WebRtcCalls['hangUp'] = async (callId) => {
    const key = opened.get(callId)
    // Already hung up, or never ours: gone is what was asked for.
    if (key === undefined) return ok({})
    opened.delete(callId)
    try {
      const status = await withDeadline(HANG_UP_DEADLINE_MS, async (signal) => {
        const response = await ports.fetch(
          `${ports.openaiBaseUrl}/realtime/calls/${encodeURIComponent(callId)}/hangup`,
          { method: 'POST', headers: { authorization: `Bearer ${key}` }, signal }
        )
        await response.body?.cancel()
        return response.status
      })
      log.info('calls.hungUp', { callId, status })
    } catch (error) {
      log.warn('calls.hangUpFailed', { callId, error })
    }
    return ok({})
  }

  return {
    open: async (request) => {
      const account = ports.account.current()
      if (account.status !== 'signed_in') return failed('not_signed_in', 'Nobody is signed in.')
      if (account.group === null) return failed('not_a_member', 'The account has no restaurant.')
      const { language, station } = request
      const purpose = { groupId: account.group.id, language, station }
      const startedMs = clock.nowMs()
      const startedEra = era

      const first = await ports.keys.take(purpose)
      if (!first.ok) return first
      if (era !== startedEra) return callSuperseded()
      let key = first.value
      let posted = await post(key, request)
      if (posted === 'key_refused') {
        log.warn('calls.keyRefused', { wasReady: key.wasReady })
        const second = await ports.keys.take(purpose)
        if (!second.ok) return second
        if (era !== startedEra) return callSuperseded()
        key = second.value
        posted = await post(key, request)
      }
      if (posted === 'key_refused') {
        return failed('key_refused', 'The model refused two ephemeral keys in a row.')
      }
      if (!posted.ok) {
        log.warn('calls.openFailed', { ...posted.error, ms: clock.nowMs() - startedMs })
        return posted
      }
      remember(posted.value.callId, key.value)
      log.info('calls.opened', {
        ms: clock.nowMs() - startedMs,
        callId: posted.value.callId,
        keyReady: first.value.wasReady
      })
      if (era !== startedEra) {
        await hangUp(posted.value.callId)
        return callSuperseded()
      }
      return ok({ ...posted.value, model: key.model })
    },
    hangUp,
    hangUpAll: async () => {
      era += 1
      await Promise.all([...opened.keys()].map(hangUp))
    }
  }
}

const callSuperseded = (): Result<never> =>
  failed('not_signed_in', 'The account or the page went while the call was opened.')

const readAnswer = async (response: Response): Promise<Posted> => {
  const answerSdp = await response.text()
  // A proxy's welcome page answers 200 too: setRemoteDescription would fail with nothing to show for it.
  if (answerSdp.length > SDP_LENGTH_LIMIT || !/^v=0\r?\n/.test(answerSdp)) {
    return failed('model_refused', 'The model answered the offer with something that is not SDP.')
  }
  const callId = callIdIn(response.headers.get('location'))
  return callId === null
    ? failed('model_refused', 'The model answered the offer without naming the call.')
    : ok({ callId, answerSdp })
}

/** The last segment of `/v1/realtime/calls/rtc_…`. */
const callIdIn = (location: string | null): string | null =>
  location?.match(/\/([\w-]{1,200})\/?(?:\?.*)?$/)?.[1] ?? null

const errorSchema = z.object({ error: z.object({ code: z.string().max(100).nullish() }) })

const readRefusal = async (response: Response): Promise<Posted> => {
  const parsed = errorSchema.safeParse(await response.json().catch(() => null))
  const code = parsed.success ? (parsed.data.error.code ?? 'no code') : 'no code'
  const message = `The model answered the offer with ${response.status} (${code}).`
  return response.status === 429
    ? failed('model_busy', message, retryAfterSeconds(response.headers))
    : failed('model_refused', message)
}
