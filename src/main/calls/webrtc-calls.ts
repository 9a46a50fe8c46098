// Opens WebRTC calls at the model by exchanging SDP with an ephemeral key, and hangs them up.
import { z } from 'zod'
import { SDP_LENGTH_LIMIT } from '../../shared/contract.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import { withDeadline } from '../deadline.ts'
import { retryAfterSeconds } from '../retry-after.ts'
import {
  type Attempt,
  type CallPorts,
  type CallRequest,
  createCallOpener
} from './open-with-key.ts'

/** Posting an offer takes well under a second. */
const OPEN_DEADLINE_MS = 10_000
const HANG_UP_DEADLINE_MS = 3_000
/** Calls whose key is remembered for hanging up. Two are open: one in use and one standby call. */
const REMEMBERED_CALLS = 8

type OpenRequest = CallRequest & {
  offerSdp: string
  /** Stream id of an event channel that both sides know beforehand (WARP). */
  channelId?: number | undefined
}
type WebRtcCalls = {
  /** @returns the failures of `CallOpener.open`; `model_unreachable`, `model_busy` or `model_refused` */
  open(request: OpenRequest): Promise<Result<{ callId: string; answerSdp: string; model: string }>>
  /**
   * Best effort. The service documents hanging up for standard keys only, so it may refuse the ephemeral key. The call
   * ends when the renderer closes its peer connection.
   */
  hangUp(callId: string): Promise<Result<Record<string, never>>>
  /** Ends every known call, and every call that is opening as soon as it is open. */
  hangUpAll(): Promise<void>
}

type Answered = { id: string; answerSdp: string }

export const createWebRtcCalls = (ports: CallPorts & { fetch: typeof fetch }): WebRtcCalls => {
  const { clock, log } = ports
  const opener = createCallOpener(ports, 'calls')
  /** Keys by call id, oldest first. */
  const keys = new Map<string, string>()

  const remember = (callId: string, key: string) => {
    keys.set(callId, key)
    const [oldest] = keys.keys()
    if (keys.size > REMEMBERED_CALLS && oldest !== undefined) keys.delete(oldest)
  }

  const post = async (key: string, request: OpenRequest): Promise<Attempt<Answered>> => {
    const { offerSdp, channelId } = request
    const query = channelId === undefined ? '' : `?dcid=${channelId}`
    const answered = await withDeadline(clock, OPEN_DEADLINE_MS, async (signal) => {
      const response = await ports.fetch(`${ports.openaiBaseUrl}/realtime/calls${query}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/sdp' },
        body: offerSdp,
        signal
      })
      if (response.status === 401) {
        await response.body?.cancel()
        return 'key_refused'
      }
      return response.ok ? readAnswer(response) : readRefusal(response)
      // fetch throws for a network that failed.
    }).catch(() => 'late' as const)
    return answered === 'late'
      ? failed('model_unreachable', 'The model did not answer the offer.')
      : answered
  }

  const endAtModel = async (callId: string): Promise<void> => {
    const key = keys.get(callId)
    // An unknown call is already gone.
    if (key === undefined) return
    keys.delete(callId)
    const url = `${ports.openaiBaseUrl}/realtime/calls/${encodeURIComponent(callId)}/hangup`
    try {
      const status = await withDeadline(clock, HANG_UP_DEADLINE_MS, async (signal) => {
        const headers = { authorization: `Bearer ${key}` }
        const response = await ports.fetch(url, { method: 'POST', headers, signal })
        await response.body?.cancel()
        return response.status
      })
      if (status === 'late') throw new Error('The model did not answer in time.')
      log.info('calls.hungUp', { callId, status })
    } catch (error) {
      log.warn('calls.hangUpFailed', { callId, error })
    }
  }

  const hangUp: WebRtcCalls['hangUp'] = async (callId) => {
    await Promise.all([endAtModel(callId), ports.reports.ended(callId)])
    return ok({})
  }

  return {
    open: async (request) => {
      const opened = await opener.open(
        request,
        async (key) => {
          const posted = await post(key.value, request)
          if (posted !== 'key_refused' && posted.ok) remember(posted.value.id, key.value)
          return posted
        },
        ({ id }) => endAtModel(id)
      )
      if (!opened.ok) return opened
      const { id: callId, answerSdp, model } = opened.value
      return ok({ callId, answerSdp, model })
    },
    hangUp,
    hangUpAll: async () => {
      opener.supersede()
      await Promise.all([...keys.keys()].map(hangUp))
    }
  }
}

const readAnswer = async (response: Response): Promise<Result<Answered>> => {
  const answerSdp = await response.text()
  // A captive portal answers 200 too, with a page that setRemoteDescription would reject.
  if (answerSdp.length > SDP_LENGTH_LIMIT || !/^v=0\r?\n/.test(answerSdp)) {
    return failed('model_refused', 'The model answered the offer with something that is not SDP.')
  }
  const id = callIdIn(response.headers.get('location'))
  return id === null
    ? failed('model_refused', 'The model answered the offer without naming the call.')
    : ok({ id, answerSdp })
}

/** The last segment of `/v1/realtime/calls/rtc_…`. */
const callIdIn = (location: string | null): string | null =>
  location?.match(/\/([\w-]{1,200})\/?(?:\?.*)?$/)?.[1] ?? null

const errorSchema = z.object({ error: z.object({ code: z.string().max(100).nullish() }) })

const readRefusal = async (response: Response): Promise<Result<never>> => {
  const parsed = errorSchema.safeParse(await response.json().catch(() => null))
  const code = parsed.success ? (parsed.data.error.code ?? 'no code') : 'no code'
  const message = `The model answered the offer with ${response.status} (${code}).`
  return response.status === 429
    ? failed('model_busy', message, retryAfterSeconds(response.headers))
    : failed('model_refused', message)
}
