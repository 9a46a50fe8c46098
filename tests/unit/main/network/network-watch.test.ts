import { expect, it } from 'vitest'
import { createNetworkWatch, SILENT_MS } from '../../../../src/main/network/network-watch.ts'
import { createFakeClock, settle } from '../fake-clock.ts'
import { createRecordingLog } from '../recording-log.ts'

const BACKEND = 'https://x.supabase.co/rest/v1/groups'
const MODEL = 'https://api.openai.com/v1/realtime/calls'
const DAY_MS = 86_400_000

/** @param given the answer of each address; an Error rejects */
const watchOf = (given: Record<string, Response | Error>, isOnline = true) => {
  const clock = createFakeClock()
  const log = createRecordingLog()
  const asked: string[] = []
  const fetchDouble: typeof fetch = async (input, init) => {
    asked.push(String(input))
    const signal = init?.signal
    const answer = given[String(input)]
    if (answer instanceof Response) return answer.clone()
    if (answer !== undefined) throw new TypeError('fetch failed', { cause: answer })
    return new Promise((_resolve, reject) => {
      if (signal?.aborted === true) reject(signal.reason)
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
  }
  const watch = createNetworkWatch({
    fetch: fetchDouble,
    fetchPlain: fetchDouble,
    isOnline: () => isOnline,
    socketOpeners: async () => [],
    facts: async () => ({ proxy: null, hasProxySignIn: false, certificate: null }),
    clock,
    log,
    timeout: () => AbortSignal.abort()
  })
  const changes: unknown[] = []
  watch.onChange((problem) => changes.push(problem))
  const ask = async (url: string, signal?: AbortSignal) => {
    const outcome = await watch.fetch(url, signal === undefined ? {} : { signal }).catch(String)
    await settle()
    return outcome
  }
  const failures = () => log.lines.filter(({ event }) => event === 'network.failed')
  return { watch, given, ask, changes, failures, log, clock, asked }
}

const redirect = (location: string, date: number) =>
  new Response(null, { status: 302, headers: { location, date: new Date(date).toUTCString() } })

it('reports a failure once, and its end', async () => {
  const kiosk = watchOf({ [BACKEND]: new Error('net::ERR_NAME_NOT_RESOLVED') })
  await kiosk.ask(BACKEND)
  await kiosk.ask(BACKEND)
  kiosk.given[BACKEND] = new Response('{}')
  await kiosk.ask(BACKEND)
  expect(kiosk.changes).toEqual([{ cause: 'name_not_found', place: 'internet' }, null])
  expect(kiosk.failures()).toHaveLength(1)
  expect(kiosk.log.events().at(-1)).toBe('network.recovered')
})

it('places the failure of one address at the service while the other answers', async () => {
  const kiosk = watchOf({
    [BACKEND]: new Response('{}'),
    [MODEL]: new Error('net::ERR_NAME_NOT_RESOLVED')
  })
  await kiosk.ask(BACKEND)
  await kiosk.ask(MODEL)
  expect(kiosk.watch.current()).toEqual({ cause: 'name_not_found', place: 'service' })
  await kiosk.clock.advance(60_000)
  await kiosk.ask(MODEL)
  expect(kiosk.watch.current()).toEqual({ cause: 'name_not_found', place: 'internet' })
})

it('says that the computer has no network when the system says so', async () => {
  const kiosk = watchOf({ [BACKEND]: new Error('net::ERR_NAME_NOT_RESOLVED') }, false)
  await kiosk.ask(BACKEND)
  expect(kiosk.watch.current()).toEqual({ cause: 'no_network', place: 'kiosk' })
})

const NOW = createFakeClock().nowMs()
const PAGE = { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } }
it.each([
  ['a redirect to the host itself', redirect('https://x.supabase.co/', NOW), 'certificate_expired'],
  ['a redirect to another host', redirect('http://login.example/?a=1', NOW), 'captive_portal'],
  ['a page', new Response('<html>', PAGE), 'captive_portal'],
  ['a demand for a sign-in', new Response(null, { status: 511 }), 'captive_portal'],
  ['another date', redirect('https://x.supabase.co/', NOW + 2 * DAY_MS), 'clock_wrong'],
  ['nothing', new Error('net::ERR_CONNECTION_REFUSED'), 'certificate_expired']
])('reads %s without TLS: %s', async (_name, plain, cause) => {
  const kiosk = watchOf({
    [BACKEND]: new Error('net::ERR_CERT_DATE_INVALID'),
    'http://x.supabase.co/': plain
  })
  await kiosk.ask(BACKEND)
  expect(kiosk.watch.current()?.cause).toBe(cause)
  expect(kiosk.asked).toEqual([BACKEND, 'http://x.supabase.co/'])
})

it.each([
  [SILENT_MS - 1, null],
  [SILENT_MS, { cause: 'no_answer', place: 'internet' }]
])(
  'reads a request without an answer after %i ms as %j, and its abortion as nothing',
  async (ms, problem) => {
    const kiosk = watchOf({})
    const stop = new AbortController()
    const asking = kiosk.ask(BACKEND, stop.signal)
    await kiosk.clock.advance(ms)
    stop.abort()
    await asking
    expect(kiosk.watch.current()).toEqual(problem)
  }
)

it('drops a failure when the address answers before its cause is known', async () => {
  const kiosk = watchOf({})
  kiosk.watch.failed(MODEL, new Error('net::ERR_CONNECTION_RESET'))
  kiosk.watch.answered(MODEL)
  await settle()
  expect(kiosk.changes).toEqual([])
})
