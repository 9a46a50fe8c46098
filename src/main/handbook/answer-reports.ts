// What answers were taken from, as it is said to the backend.
import type { ReportedAnswer } from '../../shared/handbook.ts'
import type { KioskAccount } from '../account/account.ts'
import type { BackendPorts } from '../backend.ts'
import type { Log } from '../log.ts'
import { createFeedbackOutbox, type FeedbackOutbox } from './feedback-outbox.ts'
import { sendFeedback } from './feedback-request.ts'

export type AnswerReportPorts = BackendPorts & { account: Pick<KioskAccount, 'current'>; log: Log }

export const createAnswerReports = (ports: AnswerReportPorts): FeedbackOutbox<ReportedAnswer> =>
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
