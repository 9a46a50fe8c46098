// What an answer was taken from, on its way to the backend: as thumbs go (ratings.test.ts), with its own call and words.
import { afterEach, expect, it } from 'vitest'
import { systemClock } from '../../../../src/main/clock.ts'
import { createAnswerReports } from '../../../../src/main/handbook/answer-reports.ts'
import { ok } from '../../../../src/shared/failure.ts'
import type { ReportedAnswer } from '../../../../src/shared/handbook.ts'
import { eventually } from '../../../eventually.ts'
import { type GivenAnswer, type HttpDouble, startHttpDouble } from '../http-double.ts'
import { createRecordingLog } from '../recording-log.ts'

const group = { id: '3f0c1f7e-5a55-4c61-9c3e-2f6b7a0d1e11', name: 'Harbor', role: 'crew' }
const QUESTION_ID = '9b2f4d6e-1111-4222-8333-444455556666'
const REPORT: ReportedAnswer = {
  questionId: QUESTION_ID,
  outcome: 'answered',
  sections: ['cooling', 'chicken'],
  unverifiedQuotes: 1,
  unverifiedFigures: 2
}

let server: HttpDouble | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

/** Answers in this order, and 204 from then on. */
const reportsTo = async (...answers: GivenAnswer[]) => {
  server = await startHttpDouble(() => answers.shift() ?? { status: 204 })
  const log = createRecordingLog()
  const reports = createAnswerReports({
    supabaseUrl: server.url,
    publishableKey: 'sb_publishable_k',
    account: {
      current: () => ({
        status: 'signed_in',
        email: 'k@example.com',
        groups: [group],
        group,
        remembered: false
      }),
      accessToken: async () => ok('token-1'),
      renewedToken: async () => ok('token-2')
    },
    fetch: globalThis.fetch,
    clock: systemClock,
    log
  })
  return { reports, log }
}

it('is said of the restaurant in use as the account, and no words of it are in the log', async () => {
  const { reports, log } = await reportsTo()
  expect(await reports.enqueue(REPORT)).toEqual(ok({ isSent: true }))
  expect(server?.asked).toMatchObject([
    {
      method: 'POST',
      path: '/rest/v1/rpc/report_answer',
      headers: { authorization: 'Bearer token-1', apikey: 'sb_publishable_k' }
    }
  ])
  expect(JSON.parse(server?.asked[0]?.body ?? '')).toEqual({
    _group_id: group.id,
    _question_id: QUESTION_ID,
    _outcome: 'answered',
    _slugs: ['cooling', 'chicken'],
    _unverified_quotes: 1,
    _unverified_figures: 2
  })
  expect(log.lines).toMatchObject([
    {
      event: 'report.sent',
      detail: { outcome: 'answered', unverifiedQuotes: 1, unverifiedFigures: 2 }
    }
  ])
  expect(JSON.stringify(log.lines)).not.toContain('cooling')
})

it('is kept while the backend fails, and sent when it answers again', async () => {
  const { reports, log } = await reportsTo({ status: 503, body: {} })
  expect(await reports.enqueue({ ...REPORT, outcome: 'missing', sections: [] })).toEqual(
    ok({ isSent: false })
  )
  reports.flushOutbox()
  await eventually(() => expect(log.events()).toEqual(['report.sent']))
  expect(server?.asked).toHaveLength(2)
})

it('is refused once by a backend that does not know of it, and not tried again', async () => {
  const body = { code: 'PGRST202', message: 'no such function' }
  const { reports, log } = await reportsTo({ status: 404, body })
  expect(await reports.enqueue(REPORT)).toMatchObject({
    ok: false,
    error: { code: 'backend_failed' }
  })
  reports.flushOutbox()
  reports.stop()
  expect(log.events()).toEqual(['report.refused'])
  expect(server?.asked).toHaveLength(1)
})
