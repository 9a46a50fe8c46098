// What there is to say to the backend of a question that was asked, said once, as the signed-in account.
import { createClient } from '@supabase/supabase-js'
import type { Database } from '../../../supabase/functions/_shared/database.types.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import { type BackendPorts, NOT_A_MEMBER } from '../backend.ts'

/** Token, request and the retry with a new token together. Nobody waits: the screen has shown it already. */
export const SAYING_DEADLINE_MS = 5_000

/** HTTP statuses with which a backend asks for patience. */
const TOO_MANY_REQUESTS = 429
const FIRST_SERVER_ERROR = 500

/** Whatever keeps a token from being had passes, but for a session that has ended. */
const passing = (refused: ReturnType<typeof failed>): ReturnType<typeof failed> =>
  refused.error.code === 'not_signed_in'
    ? refused
    : failed('backend_unreachable', refused.error.message)

/** A function of the database and its arguments. */
export type SayingCall =
  | { name: 'rate_answer'; args: Functions['rate_answer']['Args'] }
  | { name: 'report_answer'; args: Functions['report_answer']['Args'] }
type Functions = Database['public']['Functions']

/**
 * Calls a function of the database for which twice is the same as once.
 * @param about what it is, for the log: "The rating"
 * @returns `backend_unreachable` when it may be sent again later (no network, no answer, a server that fails),
 *   `not_signed_in`, `not_a_member`, or `backend_failed` for a refusal that stays one: the question is not known there
 */
export const sayOnce = async (
  ports: BackendPorts,
  about: string,
  { name, args }: SayingCall
): Promise<Result<object>> => {
  const stop = new AbortController()
  const cancelDeadline = ports.clock.after(SAYING_DEADLINE_MS, () => stop.abort())
  const late = new Promise<Result<never>>((resolve) => {
    stop.signal.addEventListener('abort', () =>
      resolve(failed('backend_unreachable', `${about} had no answer within its deadline.`))
    )
  })
  const post = async (token: string) => {
    const client = createClient<Database>(ports.supabaseUrl, ports.publishableKey, {
      accessToken: async () => token,
      global: { fetch: ports.fetch }
    })
    return client.rpc(name, args).retry(false).abortSignal(stop.signal)
  }
  const attempt = async (): Promise<Result<object>> => {
    const token = await ports.account.accessToken()
    if (!token.ok) return passing(token)
    let answer = await post(token.value)
    if (answer.status === 401) {
      // The clock of this machine may be wrong, so that a token looks good here and is not.
      const renewed = await ports.account.renewedToken()
      if (!renewed.ok) return passing(renewed)
      answer = await post(renewed.value)
    }
    const { error, status } = answer
    if (error === null) return ok({})
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
