// Thumbs on their way to the backend: what is sent, what is kept for later, what is refused, and in which order.
import { afterEach, expect, it } from 'vitest'
import type { Clock } from '../../../../src/main/clock.ts'
import { systemClock } from '../../../../src/main/clock.ts'
import { OUTBOX_LIMIT } from '../../../../src/main/handbook/feedback-outbox.ts'
import { FEEDBACK_DEADLINE_MS } from '../../../../src/main/handbook/feedback-request.ts'
import { createRatings } from '../../../../src/main/handbook/ratings.ts'
import type { Account } from '../../../../src/shared/account.ts'
import { failed, ok, type Result } from '../../../../src/shared/failure.ts'
import type { Thumb } from '../../../../src/shared/rating.ts'
import { eventually } from '../../../eventually.ts'
import { createFakeClock } from '../fake-clock.ts'
import { deadUrl, type GivenAnswer, type HttpDouble, startHttpDouble } from '../http-double.ts'
import { createRecordingLog } from '../recording-log.ts'

const group = { id: '3f0c1f7e-5a55-4c61-9c3e-2f6b7a0d1e11', name: 'Harbor', role: 'crew' }
const signedIn: Account = {
  status: 'signed_in',
  email: 'k@example.com',
  groups: [group],
  group,
  remembered: false
}
const SENT: GivenAnswer = { status: 204 }
const DOWN: GivenAnswer = { status: 503, body: { message: 'down' } }
/** The id of the question of this number. */
const idOf = (n: number): string => `9b2f4d6e-1111-4222-8333-${String(n).padStart(12, '0')}`
const thumb = (n: number, rating: Thumb = 'up') => ({ questionId: idOf(n), rating })

let server: HttpDouble | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

type Options = {
  first?: Result<string>
  renewed?: Result<string>
  clock?: Clock
  account?: Account
}
const ratingsAt = (url: string, options: Options = {}) => {
  const log = createRecordingLog()
  const account = {
    current: () => options.account ?? signedIn,
    accessToken: async () => options.first ?? ok('token-1'),
    renewedToken: async () => options.renewed ?? ok('token-2')
  }
  const ratings = createRatings({
    supabaseUrl: url,
    publishableKey: 'sb_publishable_k',
    account,
    fetch: globalThis.fetch,
    clock: options.clock ?? systemClock,
    log
  })
  return { ratings, log }
}
/** Answers in this order, and 204 from then on. */
const serve = async (...answers: GivenAnswer[]): Promise<string> => {
  server = await startHttpDouble(() => answers.shift() ?? SENT)
  return server.url
}
const asked = () =>
  (server?.asked ?? []).map(({ body }) => {
    const { _question_id: id, _rating: rating } = JSON.parse(body)
    return `${Number(id.slice(-12))} ${rating}`
  })

it('rates in the restaurant in use as the account, with the time to the first sound', async () => {
  const { ratings, log } = ratingsAt(await serve())
  expect(await ratings.enqueue({ ...thumb(1), timeToFirstAudioMs: 870 })).toEqual(
    ok({ isSent: true })
  )
  expect(server?.asked).toMatchObject([
    {
      method: 'POST',
      path: '/rest/v1/rpc/rate_answer',
      headers: { authorization: 'Bearer token-1', apikey: 'sb_publishable_k' }
    }
  ])
  expect(JSON.parse(server?.asked[0]?.body ?? '')).toEqual({
    _group_id: group.id,
    _question_id: idOf(1),
    _rating: 'up',
    _time_to_first_audio_ms: 870
  })
  expect(log.events()).toEqual(['rating.sent'])
})

it('renews a refused token once and sends again', async () => {
  const { ratings } = ratingsAt(await serve({ status: 401, body: {} }))
  expect(await ratings.enqueue(thumb(1))).toEqual(ok({ isSent: true }))
  expect(server?.asked.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer token-1',
    'Bearer token-2'
  ])
})

it.each([
  ['fails', DOWN],
  ['is busy', { status: 429, body: {} }]
])(
  'keeps a thumb while the backend %s, and sends it when told that it answers',
  async (_name, answer) => {
    const { ratings, log } = ratingsAt(await serve(answer))
    expect(await ratings.enqueue(thumb(1))).toEqual(ok({ isSent: false }))
    ratings.flushOutbox()
    await eventually(() => expect(log.events()).toContain('rating.sent'))
    ratings.flushOutbox()
    expect(asked()).toEqual(['1 up', '1 up'])
  }
)

it('keeps a thumb without a network', async () => {
  const { ratings } = ratingsAt(await deadUrl())
  expect(await ratings.enqueue(thumb(1))).toEqual(ok({ isSent: false }))
})

it('keeps a thumb that had no answer in time', async () => {
  const clock = createFakeClock()
  const { ratings } = ratingsAt(await serve({ status: 200, silent: true }), { clock })
  const rated = ratings.enqueue(thumb(1))
  await eventually(() => expect(server?.asked).toHaveLength(1))
  await clock.advance(FEEDBACK_DEADLINE_MS)
  expect(await rated).toEqual(ok({ isSent: false }))
})

it('keeps a thumb while there is no token for now', async () => {
  const first = failed('backend_failed', 'the auth server has a problem')
  const { ratings } = ratingsAt(await serve(), { first })
  expect(await ratings.enqueue(thumb(1))).toEqual(ok({ isSent: false }))
})

it('sends what it kept after the next thumb that gets through, oldest first', async () => {
  const { ratings, log } = ratingsAt(await serve(DOWN, DOWN))
  await ratings.enqueue(thumb(1))
  await ratings.enqueue(thumb(2, 'down'))
  expect(await ratings.enqueue(thumb(3))).toEqual(ok({ isSent: true }))
  await eventually(() =>
    expect(log.events().filter((event) => event === 'rating.sent')).toHaveLength(3)
  )
  expect(asked()).toEqual(['1 up', '2 down', '3 up', '1 up', '2 down'])
})

it('stops at the first of the kept that does not get through', async () => {
  const { ratings, log } = ratingsAt(await serve(DOWN, DOWN, DOWN))
  await ratings.enqueue(thumb(1))
  await ratings.enqueue(thumb(2))
  ratings.flushOutbox()
  ratings.flushOutbox()
  await eventually(() =>
    expect(log.events().filter((event) => event === 'rating.sent')).toHaveLength(2)
  )
  expect(asked()).toEqual(['1 up', '2 up', '1 up', '1 up', '2 up'])
})

it('sends the last of several thumbs for one question, last', async () => {
  const { ratings } = ratingsAt(await serve())
  const results = await Promise.all([
    ratings.enqueue(thumb(1, 'up')),
    ratings.enqueue(thumb(1, 'down')),
    ratings.enqueue(thumb(1, 'up')),
    ratings.enqueue(thumb(1, 'down'))
  ])
  expect(results.at(-1)).toEqual(ok({ isSent: true }))
  expect(asked().at(-1)).toBe('1 down')
})

it('keeps one thumb per question, the last', async () => {
  const { ratings, log } = ratingsAt(await serve(DOWN, DOWN))
  await ratings.enqueue(thumb(1, 'up'))
  await ratings.enqueue(thumb(1, 'down'))
  ratings.flushOutbox()
  await eventually(() => expect(log.events()).toContain('rating.sent'))
  expect(asked()).toEqual(['1 up', '1 down', '1 down'])
})

it.each([
  [400, { code: 'HR005', message: 'not_found' }, 'backend_failed'],
  [400, { code: 'HR001', message: 'not_a_member' }, 'not_a_member'],
  [404, { code: 'PGRST202', message: 'no such function' }, 'backend_failed']
])('is refused with %i %j as %s, and does not try again', async (status, body, code) => {
  const { ratings, log } = ratingsAt(await serve({ status, body }))
  expect(await ratings.enqueue(thumb(1))).toMatchObject({ ok: false, error: { code } })
  expect(log.events()).toEqual(['rating.refused'])
  ratings.flushOutbox()
  await ratings.enqueue(thumb(2))
  expect(asked()).toEqual(['1 up', '2 up'])
})

it('goes on with the others after one that is refused', async () => {
  const refused = { status: 400, body: { code: 'HR005', message: 'not_found' } }
  const { ratings, log } = ratingsAt(await serve(DOWN, DOWN, refused))
  await ratings.enqueue(thumb(1))
  await ratings.enqueue(thumb(2))
  ratings.flushOutbox()
  await eventually(() => expect(log.events()).toEqual(['rating.refused', 'rating.sent']))
  expect(asked()).toEqual(['1 up', '2 up', '1 up', '2 up'])
})

it('keeps a shift’s worth, and says what it drops', async () => {
  const { ratings, log } = ratingsAt(await deadUrl())
  for (let n = 1; n <= OUTBOX_LIMIT; n += 1) await ratings.enqueue(thumb(n))
  expect(log.events()).toEqual([])
  await ratings.enqueue(thumb(OUTBOX_LIMIT + 1))
  expect(log.events()).toEqual(['rating.dropped'])
})

it('says how many are lost when it stops', async () => {
  const { ratings, log } = ratingsAt(await deadUrl())
  await ratings.enqueue(thumb(1))
  ratings.stop()
  ratings.stop()
  expect(log.lines).toMatchObject([{ event: 'ratings.lost', detail: { count: 1 } }])
})

it.each([
  [{ status: 'signed_out' } as const, 'not_signed_in'],
  [{ ...signedIn, groups: [], group: null }, 'not_a_member']
])('sends nothing for %j', async (account, code) => {
  const { ratings } = ratingsAt(await serve(), { account })
  expect(await ratings.enqueue(thumb(1))).toMatchObject({ ok: false, error: { code } })
  expect(server?.asked).toEqual([])
})
