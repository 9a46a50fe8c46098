// Sends ratings and answer reports to the backend. Both are idempotent there; the last write wins.
import type { ReportedAnswer } from '../../shared/handbook.ts'
import type { Rating } from '../../shared/rating.ts'
import type { KioskAccount } from '../account/account.ts'
import type { BackendPorts } from '../backend.ts'
import { sendReport } from '../data-api-request.ts'
import type { Log } from '../log.ts'
import { createOutbox, type Outbox } from '../outbox.ts'

type FeedbackPorts = BackendPorts & { account: Pick<KioskAccount, 'current'>; log: Log }

export const createRatings = (ports: FeedbackPorts): Outbox<Rating> =>
  createOutbox({
    account: ports.account,
    log: ports.log,
    one: 'rating',
    many: 'ratings',
    subjectOf: ({ questionId }) => questionId,
    send: (groupId, { questionId, rating, timeToFirstAudioMs: ms }) =>
      sendReport(ports, 'The rating', 'rate_answer', {
        _group_id: groupId,
        _question_id: questionId,
        _rating: rating,
        ...(ms === undefined ? {} : { _time_to_first_audio_ms: ms })
      }),
    detailOf: ({ rating }) => ({ rating })
  })

export const createAnswerReports = (ports: FeedbackPorts): Outbox<ReportedAnswer> =>
  createOutbox({
    account: ports.account,
    log: ports.log,
    one: 'report',
    many: 'reports',
    subjectOf: ({ questionId }) => questionId,
    send: (groupId, report) =>
      sendReport(ports, 'The report', 'report_answer', {
        _group_id: groupId,
        _question_id: report.questionId,
        _outcome: report.outcome,
        _slugs: report.sections,
        _unverified_quotes: report.unverifiedQuotes,
        _unverified_figures: report.unverifiedFigures
      }),
    detailOf: ({ outcome, unverifiedQuotes, unverifiedFigures }) => ({
      outcome,
      unverifiedQuotes,
      unverifiedFigures
    })
  })
