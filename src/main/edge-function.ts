// Calls the project's edge functions as the signed-in account, and maps their failures to codes.
import { z } from 'zod'
import { failed, type MainFailureCode, ok, type Result } from '../shared/failure.ts'
import { type BackendPorts, sendWithToken } from './backend.ts'
import { withDeadline } from './deadline.ts'
import type { Log } from './log.ts'
import { retryAfterSeconds } from './retry-after.ts'

type EdgeFunctionCall<S extends z.ZodType> = {
  name: 'realtime-session' | 'realtime-search'
  body: Record<string, unknown>
  answer: S
  /** For the token, the request, its retry and the answer together. */
  deadlineMs: number
  /** Failure code when the deadline passes. */
  lateCode: MainFailureCode
}

export type EdgeFunctions = {
  /** @returns the answer, or a failure of `shared/failure.ts`; never throws */
  call<S extends z.ZodType>(call: EdgeFunctionCall<S>): Promise<Result<z.output<S>>>
}

const refusalSchema = z.object({ error: z.string() })

export const createEdgeFunctions = (ports: BackendPorts & { log: Log }): EdgeFunctions => {
  const attempt = async <S extends z.ZodType>(
    { name, body, answer }: EdgeFunctionCall<S>,
    signal: AbortSignal
  ): Promise<Result<z.output<S>>> => {
    const sent = await sendWithToken(ports.account, async (token) => {
      const response = await ports.fetch(`${ports.supabaseUrl}/functions/v1/${name}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          apikey: ports.publishableKey,
          'content-type': 'application/json'
        },
        body: JSON.stringify(body),
        signal
      })
      const { ok: accepted, status, headers } = response
      return { accepted, status, headers, text: await response.text() }
    })
    if (!sent.ok) return sent
    const { accepted, status, headers, text } = sent.value
    const json = parseJson(text)
    if (!accepted) return refusal(name, status, headers, json)
    if (json === undefined) return failed('backend_failed', `${name} did not answer with JSON.`)
    const read = answer.safeParse(json)
    return read.success
      ? ok(read.data)
      : failed('backend_failed', `${name} answered in an unknown shape.`)
  }

  return {
    call: async (call) => {
      const { name, deadlineMs, lateCode } = call
      const startedMs = ports.clock.nowMs()
      const answered = await withDeadline(ports.clock, deadlineMs, (signal) =>
        attempt(call, signal).catch(() =>
          failed('backend_unreachable', `${name} could not be reached.`)
        )
      )
      const result =
        answered === 'late'
          ? failed(lateCode, `${name} had no answer in ${deadlineMs} ms.`)
          : answered
      if (!result.ok) {
        const { code, message } = result.error
        const ms = ports.clock.nowMs() - startedMs
        ports.log.warn('edgeFunction.failed', { function: name, code, message, ms })
      }
      return result
    }
  }
}

/** @returns undefined for a text that is not JSON */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const refusal = (name: string, status: number, headers: Headers, json: unknown): Result<never> => {
  const parsed = refusalSchema.safeParse(json)
  const reason = parsed.success ? parsed.data.error.slice(0, 60) : ''
  return failed(
    refusalCode(status, reason),
    `${name} answered with ${status}${reason === '' ? '' : ` (${reason})`}${requestIn(headers)}.`,
    retryAfterSeconds(headers)
  )
}

/** The request id in the form of the backend's log, so that the two logs can be compared. */
const requestIn = (headers: Headers): string => {
  const id = headers.get('x-request-id') ?? ''
  return /^[\w-]{8,64}$/.test(id) ? `, request ${id}` : ''
}

const refusalCode = (status: number, reason: string): MainFailureCode => {
  switch (status) {
    case 400:
      return 'bad_request'
    case 401:
      return 'not_signed_in'
    case 403:
      return reason === 'not_a_member' || reason === 'voice_disabled' || reason === 'ai_disabled'
        ? reason
        : 'backend_failed'
    case 429:
      return reason === 'limit_exceeded' ||
        reason === 'voice_limit_exceeded' ||
        reason === 'model_busy'
        ? reason
        : 'backend_failed'
    case 502:
      return reason === 'model_failed' ? 'model_refused' : 'backend_failed'
    case 504:
      return reason === 'search_timeout' ? reason : 'backend_failed'
    default:
      return 'backend_failed'
  }
}
