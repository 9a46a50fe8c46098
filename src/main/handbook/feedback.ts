// Sends ratings and answer reports to the backend. Both are idempotent there; the last write wins.
import type { Database } from '../../../supabase/functions/_shared/database.types.ts'
import type { Result } from '../../shared/failure.ts'
import type { ReportedAnswer } from '../../shared/handbook.ts'
import type { Rating } from '../../shared/rating.ts'
import type { KioskAccount } from '../account/account.ts'
import type { BackendPorts } from '../backend.ts'
import type { Log } from '../log.ts'
import { requestDataApi } from './data-api-request.ts'
import { createFeedbackOutbox, type FeedbackOutbox } from './feedback-outbox.ts'

/** The screen shows the feedback already and waits for nothing. */
export const FEEDBACK_DEADLINE_MS = 5_000

type FeedbackPorts = BackendPorts & { account: Pick<KioskAccount, 'current'>; log: Log }

type Functions = Database['public']['Functions']
type FeedbackRpc =
  | { name: 'rate_answer'; args: Functions['rate_answer']['Args'] }
  | { name: 'report_answer'; args: Functions['report_answer']['Args'] }

/** @returns the failures of `requestDataApi`; `backend_failed` for a question that the backend does not know */
const sendFeedback = (
  ports: BackendPorts,
  about: string,
  { name, args }: FeedbackRpc
): Promise<Result<unknown>> =>
  requestDataApi(
    ports,
    {
      about,
      send: (client, signal) => client.rpc(name, args).retry(false).abortSignal(signal)
    },
    FEEDBACK_DEADLINE_MS
  )

export const createRatings = (ports: FeedbackPorts): FeedbackOutbox<Rating> =>
  createFeedbackOutbox({
    account: ports.account,
    log: ports.log,
    one: 'rating',
    many: 'ratings',
    send: (groupId, { questionId, rating, timeToFirstAudioMs: ms }) =>
      sendFeedback(ports, 'The rating', {
        name: 'rate_answer',
        args: {
          _group_id: groupId,
          _question_id: questionId,
          _rating: rating,
          ...(ms === undefined ? {} : { _time_to_first_audio_ms: ms })
        }
      }),
    detailOf: ({ rating }) => ({ rating })
  })

export const createAnswerReports = (ports: FeedbackPorts): FeedbackOutbox<ReportedAnswer> =>
  createFeedbackOutbox({
    account: ports.account,
    log: ports.log,
    one: 'report',
    many: 'reports',
    send: (groupId, report) =>
      sendFeedback(ports, 'The report', {
        name: 'report_answer',
        args: {
          _group_id: groupId,
          _question_id: report.questionId,
          _outcome: report.outcome,
          _slugs: report.sections,
          _unverified_quotes: report.unverifiedQuotes,
          _unverified_figures: report.unverifiedFigures
        }
      }),
    detailOf: ({ outcome, unverifiedQuotes, unverifiedFigures }) => ({
      outcome,
      unverifiedQuotes,
      unverifiedFigures
    })
  })
