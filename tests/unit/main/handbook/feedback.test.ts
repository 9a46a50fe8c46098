import { expect, it } from 'vitest'
import { REPORT_DEADLINE_MS } from '../../../../src/main/data-api-request.ts'
import { createAnswerReports, createRatings } from '../../../../src/main/handbook/feedback.ts'
import { OUTBOX_LIMIT } from '../../../../src/main/outbox.ts'
import { ok } from '../../../../src/shared/failure.ts'
import type { Thumb } from '../../../../src/shared/rating.ts'
import { eventually } from '../../../eventually.ts'
import { type BackendOptions, backendPorts, GROUP } from '../backend-fixture.ts'
import { createFakeClock } from '../fake-clock.ts'
import {
  deadUrl,
  type GivenAnswer,
  type HttpDouble,
  serveAnswers,
  serveSilence
} from '../http-double.ts'

const ACCEPTED: GivenAnswer = { status: 204 }
const DOWN: GivenAnswer = { status: 503, body: { message: 'down' } }
const UNKNOWN: GivenAnswer = { status: 400, body: { code: 'HR005', message: 'not_found' } }

const idOf = (question: number): string =>
  `9b2f4d6e-1111-4222-8333-${String(question).padStart(12, '0')}`
const thumb = (question: number, rating: Thumb = 'up') => ({ questionId: idOf(question), rating })

const ratingsAt = (url: string, options: BackendOptions = {}) => {
  const ports = backendPorts(url, options)
  return { ratings: createRatings(ports), log: ports.log }
}
/** Ratings at a backend that accepts every rating after these answers. */
const ratingsAfter = async (...answers: GivenAnswer[]) => {
  const server = await serveAnswers(answers, ACCEPTED)
  return { ...ratingsAt(server.url), server }
}
/** The ratings that the backend received: question and thumb. */
const receivedBy = ({ asked }: HttpDouble) =>
  asked.map(({ body }) => {
    const { _question_id: id, _rating: rating } = JSON.parse(body)
    return `${Number(id.slice(-12))} ${rating}`
  })

it('sends a rating for the restaurant in use, with the time to the first audio', async () => {
  const { ratings, log, server } = await ratingsAfter()
  expect(await ratings.enqueue({ ...thumb(1), timeToFirstAudioMs: 870 })).toEqual(
    ok({ isSent: true })
  )
  expect(server.asked).toMatchObject([{ method: 'POST', path: '/rest/v1/rpc/rate_answer' }])
  expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
    _group_id: GROUP.id,
    _question_id: idOf(1),
    _rating: 'up',
    _time_to_first_audio_ms: 870
  })
  expect(log.events()).toEqual(['rating.sent'])
})

it('sends an answer report, and logs its figures without its sections', async () => {
  const server = await serveAnswers([], ACCEPTED)
  const ports = backendPorts(server.url)
  const detail = { outcome: 'answered' as const, unverifiedQuotes: 1, unverifiedFigures: 2 }
  const sections = ['cooling', 'chicken']
  const report = { questionId: idOf(1), sections, ...detail }
  const sent = await createAnswerReports(ports).enqueue(report)
  expect(sent).toEqual(ok({ isSent: true }))
  expect(server.asked).toMatchObject([{ method: 'POST', path: '/rest/v1/rpc/report_answer' }])
  expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
    _group_id: GROUP.id,
    _question_id: idOf(1),
    _outcome: 'answered',
    _slugs: sections,
    _unverified_quotes: 1,
    _unverified_figures: 2
  })
  expect(ports.log.lines).toMatchObject([{ event: 'report.sent', detail }])
  expect(JSON.stringify(ports.log.lines)).not.toContain('cooling')
})

it('keeps a rating while the backend fails, and sends it once at the next flush', async () => {
  const { ratings, log, server } = await ratingsAfter(DOWN)
  expect(await ratings.enqueue(thumb(1))).toEqual(ok({ isSent: false }))
  ratings.flush()
  await eventually(() => expect(log.events()).toContain('rating.sent'))
  ratings.flush()
  expect(receivedBy(server)).toEqual(['1 up', '1 up'])
})

it('keeps a rating that had no answer within the deadline', async () => {
  const clock = createFakeClock()
  const { url, received } = await serveSilence()
  const rated = ratingsAt(url, { clock }).ratings.enqueue(thumb(1))
  await received
  await clock.advance(REPORT_DEADLINE_MS)
  expect(await rated).toEqual(ok({ isSent: false }))
})

it('sends the kept ratings after the next one that is accepted, oldest first', async () => {
  const { ratings, log, server } = await ratingsAfter(DOWN, DOWN)
  await ratings.enqueue(thumb(1))
  await ratings.enqueue(thumb(2, 'down'))
  expect(await ratings.enqueue(thumb(3))).toEqual(ok({ isSent: true }))
  await eventually(() => expect(log.events()).toEqual(Array(3).fill('rating.sent')))
  expect(receivedBy(server)).toEqual(['1 up', '2 down', '3 up', '1 up', '2 down'])
})

it('stops a flush at the first rating that fails', async () => {
  const { ratings, log, server } = await ratingsAfter(DOWN, DOWN, DOWN)
  await ratings.enqueue(thumb(1))
  await ratings.enqueue(thumb(2))
  ratings.flush()
  ratings.flush()
  await eventually(() => expect(log.events()).toEqual(Array(2).fill('rating.sent')))
  expect(receivedBy(server)).toEqual(['1 up', '2 up', '1 up', '1 up', '2 up'])
})

it('sends the last of several ratings of a question last, and keeps only that one', async () => {
  const accepting = await ratingsAfter()
  const thumbs = ['up', 'down', 'up', 'down'] as const
  const sending = thumbs.map((each) => accepting.ratings.enqueue(thumb(1, each)))
  expect((await Promise.all(sending)).at(-1)).toEqual(ok({ isSent: true }))
  expect(receivedBy(accepting.server).at(-1)).toBe('1 down')
  const { ratings, log, server } = await ratingsAfter(DOWN, DOWN)
  await ratings.enqueue(thumb(1, 'up'))
  await ratings.enqueue(thumb(1, 'down'))
  ratings.flush()
  await eventually(() => expect(log.events()).toContain('rating.sent'))
  expect(receivedBy(server)).toEqual(['1 up', '1 down', '1 down'])
})

it('does not retry a refused rating', async () => {
  const { ratings, log, server } = await ratingsAfter(UNKNOWN)
  expect(await ratings.enqueue(thumb(1))).toMatchObject({ error: { code: 'backend_failed' } })
  expect(log.events()).toEqual(['rating.refused'])
  ratings.flush()
  await ratings.enqueue(thumb(2))
  expect(receivedBy(server)).toEqual(['1 up', '2 up'])
})

it('sends the others after a refused rating', async () => {
  const { ratings, log, server } = await ratingsAfter(DOWN, DOWN, UNKNOWN)
  await ratings.enqueue(thumb(1))
  await ratings.enqueue(thumb(2))
  ratings.flush()
  await eventually(() => expect(log.events()).toEqual(['rating.refused', 'rating.sent']))
  expect(receivedBy(server)).toEqual(['1 up', '2 up', '1 up', '2 up'])
})

it('drops the oldest rating over the limit, and logs it', async () => {
  const { ratings, log } = ratingsAt(await deadUrl())
  for (let question = 1; question <= OUTBOX_LIMIT; question += 1) {
    await ratings.enqueue(thumb(question))
  }
  expect(log.events()).toEqual([])
  await ratings.enqueue(thumb(OUTBOX_LIMIT + 1))
  expect(log.events()).toEqual(['rating.dropped'])
})

it('logs once how many ratings are lost when it stops', async () => {
  const { ratings, log } = ratingsAt(await deadUrl())
  await ratings.enqueue(thumb(1))
  ratings.stop()
  ratings.stop()
  expect(log.lines).toMatchObject([{ event: 'ratings.lost', detail: { count: 1 } }])
})
