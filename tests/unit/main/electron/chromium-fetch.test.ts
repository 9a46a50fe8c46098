// The real network of Electron is in tests/e2e/company-network.spec.ts; here are the ends of a request.
import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { createChromiumFetch } from '../../../../src/main/electron/chromium-fetch.ts'
import { chooseClientCertificate } from '../../../../src/main/electron/network.ts'
import { errorText } from '../../../../src/main/network/network-cause.ts'
import { settle } from '../fake-clock.ts'
import { createRecordingLog } from '../recording-log.ts'

const SIGN_IN = { user: 'kiosk', password: 'fryer & grill' }
const URL = 'https://x.supabase.co/rest/v1/groups'

class RequestDouble extends EventEmitter {
  written: Buffer | null = null
  isAborted = false
  write(body: Buffer) {
    this.written = body
  }
  end() {}
  abort() {
    this.isAborted = true
    this.emit('close')
  }
  respond(statusCode: number, headers: Record<string, string | string[]>, body: string) {
    const stream = new PassThrough()
    this.emit('response', Object.assign(stream, { statusCode, statusMessage: '', headers }))
    stream.end(body)
  }
}

const ask = async (init: RequestInit = {}, signIn: typeof SIGN_IN | null = SIGN_IN) => {
  const sent = new RequestDouble()
  const options: unknown[] = []
  const chromiumFetch = createChromiumFetch({
    request: (given) => {
      options.push(given)
      return sent as never
    },
    session: async () => ({}) as never,
    signIn
  })
  const answer = chromiumFetch(URL, init)
  // A rejection is read later.
  answer.catch(() => {})
  await settle()
  const challenge = (isProxy: boolean) => {
    const given: unknown[] = []
    sent.emit('login', { isProxy }, (...words: unknown[]) => given.push(...words))
    return given
  }
  return { sent, answer, options, challenge }
}

it('sends method, headers and body, and returns what the server answers', async () => {
  const { sent, answer, options } = await ask({
    method: 'POST',
    headers: { apikey: 'k' },
    body: '{"a":1}'
  })
  sent.respond(201, { 'x-request-id': 'r1', 'set-cookie': ['a=1', 'b=2'] }, '{"ok":true}')
  const response = await answer
  expect(options).toMatchObject([{ method: 'POST', url: URL, headers: { apikey: 'k' } }])
  expect(String(sent.written)).toBe('{"a":1}')
  expect(response.status).toBe(201)
  expect(response.headers.get('x-request-id')).toBe('r1')
  expect(await response.json()).toEqual({ ok: true })
})

it('returns a redirect and does not follow it', async () => {
  const { sent, answer, options } = await ask()
  sent.emit('redirect', 302, 'GET', 'https://other.example/', {
    location: ['https://other.example/']
  })
  const response = await answer
  expect(response.status).toBe(302)
  expect(response.headers.get('location')).toBe('https://other.example/')
  expect(options).toMatchObject([{ redirect: 'manual' }])
})

it('answers a proxy’s challenge once, and a server’s challenge never', async () => {
  const { challenge } = await ask()
  expect(challenge(false)).toEqual([])
  expect(challenge(true)).toEqual([SIGN_IN.user, SIGN_IN.password])
  expect(challenge(true)).toEqual([])
  const unknown = await ask({}, null)
  expect(unknown.challenge(true)).toEqual([])
})

it('rejects with the proxy’s refusal, or with Chromium’s error', async () => {
  const refused = await ask({}, null)
  refused.challenge(true)
  refused.sent.emit('error', new Error('net::ERR_TUNNEL_CONNECTION_FAILED'))
  expect(errorText(await refused.answer.catch((error) => error))).toContain('PROXY_AUTH_REQUESTED')

  const outdated = await ask()
  outdated.sent.respond(407, {}, '')
  expect(errorText(await outdated.answer.catch((error) => error))).toContain('PROXY_AUTH_REQUESTED')
  expect(outdated.sent.isAborted).toBe(true)

  const broken = await ask()
  broken.sent.emit('error', new Error('net::ERR_NAME_NOT_RESOLVED'))
  await expect(broken.answer).rejects.toMatchObject({
    message: 'fetch failed',
    cause: { message: 'net::ERR_NAME_NOT_RESOLVED' }
  })
})

it('ends the request when it is aborted', async () => {
  const stop = new AbortController()
  const { sent, answer } = await ask({ signal: stop.signal })
  stop.abort(new Error('Too late.'))
  await expect(answer).rejects.toThrow('Too late.')
  expect(sent.isAborted).toBe(true)
})

it.each([
  ['main', null, 'Harbor Devices', 'Harbor Devices CA'],
  ['main', null, 'Another', undefined],
  ['main', null, null, undefined],
  ['a page', {}, 'Harbor Devices', undefined]
])(
  'gives %s (%j) of the issuer %s the client certificate of %s',
  (_who, contents, issuer, name) => {
    const app = new EventEmitter()
    chooseClientCertificate(app as never, issuer, createRecordingLog())
    const event = new Event('select', { cancelable: true })
    const chosen: unknown[] = []
    const list = ['Other CA', 'Harbor Devices CA'].map((issuerName) => ({ issuerName }))
    app.emit('select-client-certificate', event, contents, URL, list, (...given: unknown[]) =>
      chosen.push(...given)
    )
    // Electron's default sends the first certificate.
    expect(event.defaultPrevented).toBe(true)
    expect(chosen).toEqual([name === undefined ? undefined : { issuerName: name }])
  }
)
