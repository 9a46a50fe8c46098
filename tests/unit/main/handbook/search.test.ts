import { expect, it } from 'vitest'
import { createEdgeFunctions } from '../../../../src/main/edge-function.ts'
import {
  SEARCH_DEADLINE_MS,
  type SearchRequest,
  searchHandbook
} from '../../../../src/main/handbook/search.ts'
import { contract } from '../../../../src/shared/contract.ts'
import { failed, ok } from '../../../../src/shared/failure.ts'
import { type BackendOptions, backendPorts, GROUP } from '../backend-fixture.ts'
import { createFakeClock } from '../fake-clock.ts'
import { deadUrl, type GivenAnswer, serveAnswers, serveSilence, tokensOf } from '../http-double.ts'

const REQUEST = {
  questionId: '9b2f4d6e-1111-4222-8333-444455556666',
  language: 'en' as const,
  question: 'yo how hot is chicken',
  restated: 'What temperature must chicken reach?',
  sections: ['temps', 'no-such-section']
}
const place = { slug: 'temps', title: 'Temperatures', language: 'en', anchor: 'poultry' }
const ANSWER = {
  found: true,
  passages: [{ ...place, heading: 'Poultry', text: '165 °F', needsManager: false }],
  nearest: [],
  named: 1,
  method: 'hybrid'
}

const searchAt = (url: string, options: BackendOptions = {}) => {
  const ports = backendPorts(url, options)
  return {
    log: ports.log,
    search: (request: SearchRequest = REQUEST) =>
      searchHandbook({ ...ports, edge: createEdgeFunctions(ports) }, request)
  }
}
const searchAfter = async (...answers: GivenAnswer[]) => {
  const server = await serveAnswers(answers)
  return { ...searchAt(server.url), server }
}

it('searches the restaurant in use as the account, and logs no words', async () => {
  const { search, log, server } = await searchAfter({ status: 200, body: ANSWER })
  expect(await search()).toEqual(ok(ANSWER))
  expect(server.asked[0]).toMatchObject({
    method: 'POST',
    path: '/functions/v1/realtime-search',
    headers: { authorization: 'Bearer token-1', apikey: 'sb_publishable_k' }
  })
  expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({ groupId: GROUP.id, ...REQUEST })
  expect(log.lines.at(-1)).toMatchObject({
    event: 'handbook.searched',
    detail: { ms: expect.any(Number), found: true, method: 'hybrid', named: 1, sections: 1 }
  })
  expect(JSON.stringify(log.lines)).not.toMatch(/chicken|temps/)
})

it('searches without a restated question when the model gave none', async () => {
  const { restated: _, ...plain } = REQUEST
  const { search, server } = await searchAfter({ status: 200, body: ANSWER })
  expect(await search(plain)).toMatchObject({ ok: true })
  expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({ groupId: GROUP.id, ...plain })
})

it.each([
  [400, { error: 'bad_request' }, 'bad_request'],
  [403, { error: 'not_a_member' }, 'not_a_member'],
  [403, { error: 'ai_disabled' }, 'ai_disabled'],
  [403, { error: 'voice_disabled' }, 'voice_disabled'],
  [403, { error: 'something new' }, 'backend_failed'],
  [404, { message: 'no such function' }, 'backend_failed'],
  [405, { error: 'method' }, 'backend_failed'],
  [429, { error: 'limit_exceeded', daily_count: 9, daily_limit: 9 }, 'limit_exceeded'],
  [429, { error: 'model_busy' }, 'model_busy'],
  [429, {}, 'backend_failed'],
  [500, { error: 'internal', message: 'Algo salió mal.' }, 'backend_failed'],
  [502, { error: 'model_failed' }, 'model_refused'],
  [502, '<html>bad gateway', 'backend_failed'],
  [504, { error: 'search_timeout' }, 'search_timeout'],
  [504, '<html>gateway timeout', 'backend_failed'],
  [200, { ...ANSWER, passages: 'none' }, 'backend_failed'],
  [200, { ...ANSWER, method: 'guessing' }, 'backend_failed'],
  [200, { ...ANSWER, named: -1 }, 'backend_failed'],
  [200, { ...ANSWER, nearest: undefined }, 'backend_failed'],
  [200, { ...ANSWER, passages: [{ ...place, text: '165 °F' }] }, 'backend_failed'],
  [200, '<html>welcome', 'backend_failed']
])('maps %i %j to %s', async (status, body, code) => {
  const { search } = await searchAfter({ status, body })
  expect(await search()).toMatchObject({ ok: false, error: { code } })
})

it('logs the id of a failed request when it has the form of an id', async () => {
  const answers = ['kiosk-0002-b8', 'a b'].map((id) => ({
    status: 504,
    body: { error: 'search_timeout' },
    headers: { 'x-request-id': id }
  }))
  const { search, log } = await searchAfter(...answers)
  await search()
  await search()
  expect(log.lines.map(({ detail }) => detail)).toMatchObject([
    {
      code: 'search_timeout',
      message: 'realtime-search answered with 504 (search_timeout), request kiosk-0002-b8.'
    },
    { message: 'realtime-search answered with 504 (search_timeout).' }
  ])
})

it('drops fields of a newer backend that the contract does not know', async () => {
  const more = <T extends object>(known: T) => ({ ...known, ofTomorrow: { secret: 'x' } })
  const newer = more({ ...ANSWER, passages: ANSWER.passages.map(more), nearest: [more(place)] })
  const { search } = await searchAfter({ status: 200, body: newer })
  const found = await search()
  expect(found).toEqual(ok({ ...ANSWER, nearest: [place] }))
  const { output } = contract.calls['handbook.search']
  expect(output.safeParse(newer).success).toBe(false)
  expect(output.safeParse(found.ok && found.value).success).toBe(true)
})

it.each([
  ['searches', { status: 200, body: ANSWER }, { ok: true }],
  ['reports the end of the session', { status: 401 }, { error: { code: 'not_signed_in' } }]
])('renews a refused token once, and then %s', async (_what, second, result) => {
  const { search, server } = await searchAfter({ status: 401 }, second)
  expect(await search()).toMatchObject(result)
  expect(tokensOf(server)).toEqual(['Bearer token-1', 'Bearer token-2'])
})

it('reports backend_unreachable without a network, and returns the failure of the token', async () => {
  const dead = await deadUrl()
  const unreachable = { ok: false, error: { code: 'backend_unreachable' } }
  expect(await searchAt(dead).search()).toMatchObject(unreachable)
  const token = failed('internal', 'no token')
  expect(await searchAt(dead, { token }).search()).toEqual(token)
})

it.each(['the answer', 'the token'])('stops after 2.5 seconds when %s is late', async (late) => {
  const { url, received } = await serveSilence()
  const clock = createFakeClock()
  const stuck = { token: new Promise<never>(() => {}) }
  const { search } = searchAt(url, { clock, ...(late === 'the token' ? stuck : {}) })
  const searching = search()
  if (late === 'the answer') await received
  await clock.advance(SEARCH_DEADLINE_MS - 1)
  expect(clock.pending()).toBe(1)
  await clock.advance(1)
  expect(await searching).toMatchObject({ ok: false, error: { code: 'search_timeout' } })
  expect(clock.pending()).toBe(0)
})
