// One request to the backend's Data API as the signed-in account: its deadline, and a token that is refused once.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Database } from '../../../supabase/functions/_shared/database.types.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import { type BackendPorts, NOT_A_MEMBER } from '../backend.ts'

/** HTTP statuses with which a backend asks for patience. */
const TOO_MANY_REQUESTS = 429
const FIRST_SERVER_ERROR = 500

/** What postgrest-js resolves with. */
type DataAnswer = { data: unknown; error: { code: string } | null; status: number }

export type DataRequest = {
  /** For the log: "The rating". */
  about: string
  /** Token, request and the retry with a new token together. */
  deadlineMs: number
  send: (client: SupabaseClient<Database>, signal: AbortSignal) => PromiseLike<DataAnswer>
}

/** A token that cannot be had now may be had later, unless the session has ended. */
const withoutToken = (refused: ReturnType<typeof failed>): ReturnType<typeof failed> =>
  refused.error.code === 'not_signed_in'
    ? refused
    : failed('backend_unreachable', refused.error.message)

/**
 * Sends a request, and once more with a new token where the first one is refused.
 * @returns the answer's data, unread; `backend_unreachable` when it may be sent again later (no network, no answer, a
 *   server that fails), `not_signed_in`, `not_a_member`, or `backend_failed` for a refusal that stays one
 */
export const requestDataApi = async (
  ports: BackendPorts,
  { about, deadlineMs, send }: DataRequest
): Promise<Result<unknown>> => {
  const stop = new AbortController()
  const cancelDeadline = ports.clock.after(deadlineMs, () => stop.abort())
  const late = new Promise<Result<never>>((resolve) => {
    stop.signal.addEventListener('abort', () =>
      resolve(failed('backend_unreachable', `${about} had no answer within its deadline.`))
    )
  })
  const post = async (token: string) =>
    send(
      createClient<Database>(ports.supabaseUrl, ports.publishableKey, {
        accessToken: async () => token,
        global: { fetch: ports.fetch }
      }),
      stop.signal
    )
  const attempt = async (): Promise<Result<unknown>> => {
    const token = await ports.account.accessToken()
    if (!token.ok) return withoutToken(token)
    let answer = await post(token.value)
    if (answer.status === 401) {
      // The clock of this machine may be wrong, so that a token looks good here and is not.
      const renewed = await ports.account.renewedToken()
      if (!renewed.ok) return withoutToken(renewed)
      answer = await post(renewed.value)
    }
    const { data, error, status } = answer
    if (error === null) return ok(data)
    if (status === 401) return failed('not_signed_in', `${about} was refused with 401.`)
    // postgrest-js reports a request that never got an answer as status 0.
    if (status === 0 || status === TOO_MANY_REQUESTS || status >= FIRST_SERVER_ERROR) {
      return failed('backend_unreachable', `${about} was answered with ${status}.`)
    }
    const code = error.code === NOT_A_MEMBER ? 'not_a_member' : 'backend_failed'
    return failed(code, `${about} was refused with ${status} (${error.code.slice(0, 20)}).`)
  }
  try {
    // The deadline wins over a token refresh too, which cannot be aborted.
    return await Promise.race([late, attempt()])
  } finally {
    cancelDeadline()
  }
}
