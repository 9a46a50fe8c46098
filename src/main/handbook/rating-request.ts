// One thumb to the backend, as the signed-in account.
import { createClient } from '@supabase/supabase-js'
import type { Database } from '../../../supabase/functions/_shared/database.types.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { Rating } from '../../shared/rating.ts'
import type { KioskAccount } from '../account/account.ts'
import type { Clock } from '../clock.ts'

/** Token, request and the retry with a new token together. Nobody waits: the screen has shown the thumb already. */
export const RATING_DEADLINE_MS = 5_000

export type RatingRequestPorts = {
  supabaseUrl: string
  publishableKey: string
  account: Pick<KioskAccount, 'accessToken' | 'renewedToken'>
  fetch: typeof fetch
  clock: Clock
}

/** SQLSTATE of "not a member", from our migrations. */
const NOT_A_MEMBER = 'HR001'
/** HTTP statuses with which a backend asks for patience. */
const TOO_MANY_REQUESTS = 429
const FIRST_SERVER_ERROR = 500

/** Whatever keeps a token from being had passes, but for a session that has ended. */
const passing = (refused: ReturnType<typeof failed>): ReturnType<typeof failed> =>
  refused.error.code === 'not_signed_in'
    ? refused
    : failed('backend_unreachable', refused.error.message)

/**
 * Sends a rating; the same one twice is the same as once.
 * @returns `backend_unreachable` when it may be sent again later (no network, no answer, a server that fails),
 *   `not_signed_in`, `not_a_member`, or `backend_failed` for a refusal that stays one: the question is not known there
 */
export const sendRating = async (
  ports: RatingRequestPorts,
  groupId: string,
  { questionId, rating, heardMs }: Rating
): Promise<Result<object>> => {
  const stop = new AbortController()
  const cancelDeadline = ports.clock.after(RATING_DEADLINE_MS, () => stop.abort())
  const late = new Promise<Result<never>>((resolve) => {
    stop.signal.addEventListener('abort', () =>
      resolve(failed('backend_unreachable', 'The rating had no answer within its deadline.'))
    )
  })
  const post = async (token: string) => {
    const client = createClient<Database>(ports.supabaseUrl, ports.publishableKey, {
      accessToken: async () => token,
      global: { fetch: ports.fetch }
    })
    return client
      .rpc('rate_answer', {
        _group_id: groupId,
        _question_id: questionId,
        _rating: rating,
        ...(heardMs === undefined ? {} : { _heard_ms: heardMs })
      })
      .retry(false)
      .abortSignal(stop.signal)
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
    if (status === 401) return failed('not_signed_in', 'The rating was refused with 401.')
    // postgrest-js reports a request that never got an answer as status 0.
    if (status === 0 || status === TOO_MANY_REQUESTS || status >= FIRST_SERVER_ERROR) {
      return failed('backend_unreachable', `The rating was answered with ${status}.`)
    }
    const code = error.code === NOT_A_MEMBER ? 'not_a_member' : 'backend_failed'
    return failed(code, `The rating was refused with ${status} (${error.code.slice(0, 20)}).`)
  }
  try {
    // The deadline wins over a token refresh too, which cannot be aborted.
    return await Promise.race([late, attempt()])
  } finally {
    cancelDeadline()
  }
}
