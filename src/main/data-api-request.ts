// Sends one request to the backend's Data API as the signed-in account, within a deadline.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Database } from '../../supabase/functions/_shared/database.types.ts'
import { failed, ok, type Result } from '../shared/failure.ts'
import { type BackendPorts, NOT_A_MEMBER, sendWithToken } from './backend.ts'
import { withDeadline } from './deadline.ts'
import { unusedSocket } from './unused-socket.ts'

const TOO_MANY_REQUESTS = 429
const FIRST_SERVER_ERROR = 500
/** The screen shows the report already and waits for nothing. */
export const REPORT_DEADLINE_MS = 5_000

export type ReportName = 'rate_answer' | 'report_answer' | 'report_call' | 'report_cost'

/** Result type of postgrest-js. */
type DataAnswer = { data: unknown; error: { code?: string } | null; status: number }

export type DataRequest = {
  /** For the log: "The rating". */
  about: string
  send: (client: SupabaseClient<Database>, signal: AbortSignal) => PromiseLike<DataAnswer>
}

/**
 * Sends a request, and once more with a new token when the first token is refused.
 * @returns the answer's data, unread; `backend_unreachable` when a later attempt may succeed (no network, no token, a
 *   failing server), `not_signed_in`, `not_a_member`, or `backend_failed` for a lasting refusal
 */
export const sendDataRequest = async (
  ports: BackendPorts,
  { about, send }: DataRequest,
  signal: AbortSignal
): Promise<Result<unknown>> => {
  const sent = await sendWithToken(ports.account, (token) =>
    send(
      createClient<Database>(ports.supabaseUrl, ports.publishableKey, {
        accessToken: async () => token,
        realtime: { transport: unusedSocket },
        global: { fetch: ports.fetch }
      }),
      signal
    )
  )
  if (!sent.ok) {
    return sent.error.code === 'not_signed_in'
      ? sent
      : failed('backend_unreachable', sent.error.message)
  }
  const { data, error, status } = sent.value
  if (error === null) return ok(data)
  if (status === 401) return failed('not_signed_in', `${about} was refused with 401.`)
  // postgrest-js reports a request without an answer as status 0.
  if (status === 0 || status === TOO_MANY_REQUESTS || status >= FIRST_SERVER_ERROR) {
    return failed('backend_unreachable', `${about} was answered with ${status}.`)
  }
  const code = error.code === NOT_A_MEMBER ? 'not_a_member' : 'backend_failed'
  return failed(code, `${about} was refused with ${status} (${error.code?.slice(0, 20)}).`)
}

/** @param deadlineMs for the token, the request and its retry together; then `backend_unreachable` */
export const requestDataApi = async (
  ports: BackendPorts,
  request: DataRequest,
  deadlineMs: number
): Promise<Result<unknown>> => {
  const answer = await withDeadline(ports.clock, deadlineMs, (signal) =>
    sendDataRequest(ports, request, signal)
  )
  return answer === 'late'
    ? failed('backend_unreachable', `${request.about} had no answer within its deadline.`)
    : answer
}

type Functions = Database['public']['Functions']

/**
 * Calls a function of the database that returns nothing. The caller sends it again when it was not accepted, so each is
 * idempotent there.
 * @returns the failures of `requestDataApi`
 */
export const sendReport = <Name extends ReportName>(
  ports: BackendPorts,
  about: string,
  name: Name,
  args: Functions[Name]['Args']
): Promise<Result<unknown>> =>
  requestDataApi(
    ports,
    { about, send: (client, signal) => client.rpc(name, args).retry(false).abortSignal(signal) },
    REPORT_DEADLINE_MS
  )
