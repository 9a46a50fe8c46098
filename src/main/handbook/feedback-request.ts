// What there is to say to the backend of a question that was asked, said once, as the signed-in account.
import type { Database } from '../../../supabase/functions/_shared/database.types.ts'
import { ok, type Result } from '../../shared/failure.ts'
import type { BackendPorts } from '../backend.ts'
import { requestDataApi } from './data-api-request.ts'

/** Nobody waits: the screen has shown it already. */
export const FEEDBACK_DEADLINE_MS = 5_000

/** A function of the database and its arguments. */
export type FeedbackRpc =
  | { name: 'rate_answer'; args: Functions['rate_answer']['Args'] }
  | { name: 'report_answer'; args: Functions['report_answer']['Args'] }
type Functions = Database['public']['Functions']

/**
 * Calls a function of the database for which twice is the same as once.
 * @param about what it is, for the log: "The rating"
 * @returns the failures of `requestDataApi`; `backend_failed` when the question is not known there
 */
export const sendFeedback = async (
  ports: BackendPorts,
  about: string,
  { name, args }: FeedbackRpc
): Promise<Result<object>> => {
  const said = await requestDataApi(ports, {
    about,
    deadlineMs: FEEDBACK_DEADLINE_MS,
    send: (client, signal) => client.rpc(name, args).retry(false).abortSignal(signal)
  })
  return said.ok ? ok({}) : said
}
