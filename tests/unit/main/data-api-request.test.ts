import { expect, it } from 'vitest'
import { requestDataApi } from '../../../src/main/data-api-request.ts'
import { failed, ok } from '../../../src/shared/failure.ts'
import { type BackendOptions, backendPorts } from './backend-fixture.ts'
import { createFakeClock } from './fake-clock.ts'
import { deadUrl, serveAnswers, serveSilence, tokensOf } from './http-double.ts'

const DEADLINE_MS = 5_000
const requestAt = (url: string, options: BackendOptions = {}) =>
  requestDataApi(
    backendPorts(url, options),
    {
      about: 'The list',
      send: (client, signal) => client.from('groups').select('id').retry(false).abortSignal(signal)
    },
    DEADLINE_MS
  )

it('sends as the account and returns the data of the answer', async () => {
  const server = await serveAnswers([{ status: 200, body: [{ id: 1 }] }])
  expect(await requestAt(server.url)).toEqual(ok([{ id: 1 }]))
  expect(server.asked).toMatchObject([
    { headers: { authorization: 'Bearer token-1', apikey: 'sb_publishable_k' } }
  ])
})

it.each([
  ['returns the data', { status: 200, body: [] }, { value: [] }],
  [
    'reports the end of the session',
    { status: 401, body: {} },
    { error: { code: 'not_signed_in' } }
  ]
])('renews a refused token once, and then %s', async (_what, second, result) => {
  const server = await serveAnswers([{ status: 401, body: {} }, second])
  expect(await requestAt(server.url)).toMatchObject(result)
  expect(tokensOf(server)).toEqual(['Bearer token-1', 'Bearer token-2'])
})

it.each([
  [400, { code: 'HR001', message: 'not_a_member' }, 'not_a_member'],
  [400, { code: 'HR005', message: 'not_found' }, 'backend_failed'],
  [403, { code: '42501', message: 'no' }, 'backend_failed'],
  [404, { code: 'PGRST202', message: 'no such function' }, 'backend_failed'],
  [429, {}, 'backend_unreachable'],
  [503, { message: 'down' }, 'backend_unreachable']
])('maps %i %j to %s', async (status, body, code) => {
  const { url } = await serveAnswers([{ status, body }])
  expect(await requestAt(url)).toMatchObject({ ok: false, error: { code } })
})

it.each([
  ['backend_failed', 'backend_unreachable'],
  ['not_signed_in', 'not_signed_in']
] as const)('maps a token that fails with %s to %s', async (tokenCode, code) => {
  const server = await serveAnswers([])
  const token = failed(tokenCode, 'no token')
  expect(await requestAt(server.url, { token })).toMatchObject({ error: { code } })
  expect(server.asked).toEqual([])
})

it('reports backend_unreachable without a network, and after its deadline', async () => {
  const unreachable = { error: { code: 'backend_unreachable' } }
  expect(await requestAt(await deadUrl())).toMatchObject(unreachable)
  const { url, received } = await serveSilence()
  const clock = createFakeClock()
  const requesting = requestAt(url, { clock })
  await received
  await clock.advance(DEADLINE_MS)
  expect(await requesting).toMatchObject(unreachable)
  expect(clock.pending()).toBe(0)
})
