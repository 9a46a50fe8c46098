// What answers were taken from, as it is said to the backend.
import type { ReportedAnswer } from '../../shared/handbook.ts'
import type { KioskAccount } from '../account/account.ts'
import type { BackendPorts } from '../backend.ts'
import type { Log } from '../log.ts'
import { sayOnce } from './saying-request.ts'
import { createSayings, type Sayings } from './sayings.ts'

export type ReportPorts = BackendPorts & { account: Pick<KioskAccount, 'current'>; log: Log }

export const createReports = (ports: ReportPorts): Sayings<ReportedAnswer> =>
  createSayings({
    account: ports.account,
    log: ports.log,
    one: 'report',
    many: 'reports',
    send: (groupId, report) =>
      sayOnce(ports, 'The report', {
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
