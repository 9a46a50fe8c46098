// Searching through the edge function: deadline, refusals, a token that is refused once.
import { afterEach, expect, it } from 'vitest'
import type { Clock } from '../../../../src/main/clock.ts'
import { systemClock } from '../../../../src/main/clock.ts'
import { createEdgeFunctions } from '../../../../src/main/edge-function.ts'
import {
  SEARCH_DEADLINE_MS,
  type SearchRequest,
  searchHandbook
} from '../../../../src/main/handbook/search.ts'
import type { Account } from '../../../../src/shared/account.ts'
import { contract } from '../../../../src/shared/contract.ts'
import { failed, ok, type Result } from '../../../../src/shared/failure.ts'
import { createFakeClock } from '../fake-clock.ts'
import { deadUrl, type GivenAnswer, type HttpDouble, startHttpDouble } from '../http-double.ts'
import { createRecordingLog } from '../recording-log.ts'

const group = { id: '3f0c1f7e-5a55-4c61-9c3e-2f6b7a0d1e11', name: 'Harbor', role: 'kiosk' }
const signedIn: Account = {
  status: 'signed_in',
  email: 'k@example.com',
  groups: [group],
  group,
  remembered: false
}
const request = {
  questionId: '9b2f4d6e-1111-4222-8333-444455556666',
  language: 'en' as const,
  question: 'yo how hot is chicken',
  restated: 'What temperature must chicken reach?',
  sections: ['temps', 'no-such-section']
}
const place = { slug: 'temps', title: 'Temperatures', language: 'en', anchor: 'poultry' }
const answer = {
  found: true,
  passages: [{ ...place, heading: 'Poultry', text: '165 °F', needsManager: false }],
  nearest: [],
  named: 1,
  method: 'hybrid'
}

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
  request?: SearchRequest
}
const searchAt = (url: string, options: Options = {}) => {
  const log = createRecordingLog()
  const clock = options.clock ?? systemClock
  const account = {
    current: () => options.account ?? signedIn,
    accessToken: async () => options.first ?? ok('token-1'),
    renewedToken: async () => options.renewed ?? ok('token-2')
  }
  const edge = createEdgeFunctions({
    supabaseUrl: url,
    publishableKey: 'sb_publishable_k',
    account,
    fetch: globalThis.fetch,
    clock,
    log
  })
  return {
    log,
    search: () => searchHandbook({ account, edge, clock, log }, options.request ?? request)
  }
}
const serve = async (...answers: GivenAnswer[]): Promise<string> => {
  server = await startHttpDouble(() => answers.shift() ?? { status: 500 })
  return server.url
}

it('asks for the restaurant in use with the account’s token and returns the answer', async () => {
  const { search, log } = searchAt(await serve({ status: 200, body: answer }))
  expect(await search()).toEqual(ok(answer))
  expect(server?.asked[0]).toMatchObject({
    method: 'POST',
    path: '/functions/v1/realtime-search',
    headers: { authorization: 'Bearer token-1', apikey: 'sb_publishable_k' }
  })
  expect(JSON.parse(server?.asked[0]?.body ?? '')).toEqual({ groupId: group.id, ...request })
  expect(log.lines.at(-1)).toMatchObject({
    event: 'handbook.searched',
    detail: { ms: expect.any(Number), found: true, method: 'hybrid', named: 1, sections: 1 }
  })
  expect(JSON.stringify(log.lines)).not.toMatch(/chicken|temps/)
})

it('asks without a restated question where the model gave none', async () => {
  const { restated: _, ...plain } = request
  const { search } = searchAt(await serve({ status: 200, body: answer }), { request: plain })
  expect(await search()).toMatchObject({ ok: true })
  expect(JSON.parse(server?.asked[0]?.body ?? '')).toEqual({ groupId: group.id, ...plain })
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
  [200, { ...answer, passages: 'none' }, 'backend_failed'],
  [200, { ...answer, method: 'guessing' }, 'backend_failed'],
  [200, { ...answer, named: -1 }, 'backend_failed'],
  [200, { ...answer, nearest: undefined }, 'backend_failed'],
  [200, { ...answer, passages: [{ ...place, text: '165 °F' }] }, 'backend_failed'],
  [200, '<html>welcome', 'backend_failed']
])('maps %i %j to %s', async (status, body, code) => {
  const { search } = searchAt(await serve({ status, body }))
  expect(await search()).toMatchObject({ ok: false, error: { code } })
})

it('names the request in the log as the backend does, and nothing that only looks like a name', async () => {
  const late = { status: 504, body: { error: 'search_timeout' } }
  const { search, log } = searchAt(
    await serve(
      { ...late, headers: { 'x-request-id': 'kiosk-0002-b8' } },
      { ...late, headers: { 'x-request-id': 'a b' } }
    )
  )
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

it('reads the answer of a backend that says more than this kiosk knows, and passes none of it on', async () => {
  const more = <T extends object>(known: T) => ({ ...known, ofTomorrow: { secret: 'x' } })
  const newer = more({
    ...answer,
    passages: answer.passages.map(more),
    nearest: [more(place)]
  })
  const { search } = searchAt(await serve({ status: 200, body: newer }))
  const found = await search()
  expect(found).toEqual(ok({ ...answer, nearest: [place] }))
  // What main hands to the screen is checked against the contract, which knows no more fields than it has.
  expect(contract.calls['handbook.search'].output.safeParse(newer).success).toBe(false)
  expect(contract.calls['handbook.search'].output.safeParse(found.ok && found.value)).toMatchObject(
    {
      success: true
    }
  )
})

it('renews a refused token once and asks again', async () => {
  const { search } = searchAt(await serve({ status: 401 }, { status: 200, body: answer }))
  expect(await search()).toMatchObject({ ok: true })
  expect(server?.asked.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer token-1',
    'Bearer token-2'
  ])
})

it('is signed out when the renewed token is refused too, and asks no third time', async () => {
  const { search } = searchAt(await serve({ status: 401 }, { status: 401 }))
  expect(await search()).toMatchObject({ ok: false, error: { code: 'not_signed_in' } })
  expect(server?.asked).toHaveLength(2)
})

it('passes on why there is no token', async () => {
  const first = failed('backend_unreachable', 'no network')
  const { search } = searchAt(await serve(), { first })
  expect(await search()).toEqual(first)
})

it('says that the backend cannot be reached when nothing listens', async () => {
  const { search } = searchAt(await deadUrl())
  expect(await search()).toMatchObject({ ok: false, error: { code: 'backend_unreachable' } })
})

it('stops at 2.5 seconds, whether the answer or the token is late', async () => {
  const asked = Promise.withResolvers<void>()
  server = await startHttpDouble(() => {
    asked.resolve()
    return { status: 200, silent: true }
  })
  const clock = createFakeClock()
  const late = searchAt(server.url, { clock })
  const searching = late.search()
  await asked.promise
  await clock.advance(SEARCH_DEADLINE_MS - 1)
  expect(clock.pending()).toBe(1)
  await clock.advance(1)
  expect(await searching).toMatchObject({ ok: false, error: { code: 'search_timeout' } })

  const stuckToken = createEdgeFunctions({
    supabaseUrl: server.url,
    publishableKey: 'k',
    account: {
      accessToken: () => new Promise(() => {}),
      renewedToken: () => new Promise(() => {})
    },
    fetch: globalThis.fetch,
    clock,
    log: late.log
  })
  const ports = { account: { current: () => signedIn }, edge: stuckToken, clock, log: late.log }
  const waiting = searchHandbook(ports, request)
  await clock.advance(SEARCH_DEADLINE_MS)
  expect(await waiting).toMatchObject({ ok: false, error: { code: 'search_timeout' } })
  expect(clock.pending()).toBe(0)
})

it('asks nobody when nobody is signed in or there is no restaurant', async () => {
  const url = await serve()
  const out = searchAt(url, { account: { status: 'signed_out' } })
  expect(await out.search()).toMatchObject({ error: { code: 'not_signed_in' } })
  const none = searchAt(url, { account: { ...signedIn, groups: [], group: null } })
  expect(await none.search()).toMatchObject({ error: { code: 'not_a_member' } })
  expect(server?.asked).toHaveLength(0)
})
