// Calls the project's edge functions as the signed-in account, and reads their failures.
import { z } from 'zod'
import { failed, type MainFailureCode, ok, type Result } from '../shared/failure.ts'
import type { BackendPorts } from './backend.ts'
import type { Log } from './log.ts'
import { retryAfterSeconds } from './retry-after.ts'

export type EdgeFunctionPorts = BackendPorts & { log: Log }

export type EdgeFunctionCall<S extends z.ZodType> = {
  name: 'realtime-session' | 'realtime-search'
  body: Record<string, unknown>
  answer: S
  /** Token, request, retry and reading the answer together. */
  deadlineMs: number
  /** What passing the deadline is called. */
  lateCode: MainFailureCode
}

export type EdgeFunctions = {
  /** @returns the answer, or a failure of `shared/failure.ts`; never throws */
  call<S extends z.ZodType>(call: EdgeFunctionCall<S>): Promise<Result<z.output<S>>>
}

const refusalSchema = z.object({ error: z.string() })

export const createEdgeFunctions = (ports: EdgeFunctionPorts): EdgeFunctions => {
  const post = async <S extends z.ZodType>(
    { name, body }: EdgeFunctionCall<S>,
    token: string,
    signal: AbortSignal
  ): Promise<Response> =>
    ports.fetch(`${ports.supabaseUrl}/functions/v1/${name}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        apikey: ports.publishableKey,
        'content-type': 'application/json'
      },
      body: JSON.stringify(body),
      signal
    })

  const attempt = async <S extends z.ZodType>(
    call: EdgeFunctionCall<S>,
    signal: AbortSignal
  ): Promise<Result<z.output<S>>> => {
    const token = await ports.account.accessToken()
    if (!token.ok) return token
    let response = await post(call, token.value, signal)
    if (response.status === 401) {
      // The clock of this machine may be wrong, so that a token looks good here and is not.
      await response.body?.cancel()
      const renewed = await ports.account.renewedToken()
      if (!renewed.ok) return renewed
      response = await post(call, renewed.value, signal)
    }
    if (!response.ok) return refusal(call.name, response)
    const answer = call.answer.safeParse(await response.json())
    return answer.success
      ? ok(answer.data)
      : failed('backend_failed', `${call.name} answered in a shape that is not known.`)
  }

  return {
    call: async (call) => {
      const startedMs = ports.clock.nowMs()
      const stop = new AbortController()
      const cancelDeadline = ports.clock.after(call.deadlineMs, () => stop.abort())
      const late = new Promise<Result<never>>((resolve) => {
        stop.signal.addEventListener('abort', () =>
          resolve(failed(call.lateCode, `${call.name} had no answer in ${call.deadlineMs} ms.`))
        )
      })
      const answered = attempt(call, stop.signal).catch((error: unknown) =>
        error instanceof SyntaxError
          ? failed('backend_failed', `${call.name} did not answer with JSON.`)
          : failed('backend_unreachable', `${call.name} could not be reached.`)
      )
      // The deadline wins over a token refresh too, which cannot be aborted.
      const result = await Promise.race([late, answered])
      cancelDeadline()
      if (!result.ok) {
        ports.log.warn('edgeFunction.failed', {
          function: call.name,
          code: result.error.code,
          message: result.error.message,
          ms: ports.clock.nowMs() - startedMs
        })
      }
      return result
    }
  }
}

const refusal = async (name: string, response: Response): Promise<Result<never>> => {
  const parsed = refusalSchema.safeParse(await response.json().catch(() => null))
  const reason = parsed.success ? parsed.data.error : ''
  const code = refusalCode(response.status, reason)
  // The function's own sentence is in the person's language and for the person; the log gets ours.
  const said = reason === '' ? '' : ` (${reason.slice(0, 60)})`
  return failed(
    code,
    `${name} answered with ${response.status}${said}${requestIn(response.headers)}.`,
    retryAfterSeconds(response.headers)
  )
}

/** Named as the backend's own log names it, so that the two can be laid side by side. */
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
      return reason === 'limit_exceeded' || reason === 'model_busy' ? reason : 'backend_failed'
    case 502:
      return reason === 'model_failed' ? 'model_refused' : 'backend_failed'
    case 504:
      return reason === 'search_timeout' ? reason : 'backend_failed'
    default:
      return 'backend_failed'
  }
}
