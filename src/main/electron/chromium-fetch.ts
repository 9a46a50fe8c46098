// Makes main's requests with Chromium's network: the system's proxy and authorities, and the proxy's sign-in. Electron's
// own `net.fetch` cannot answer a proxy's challenge (electron/electron#44249).
import { Readable } from 'node:stream'
import type { ClientRequest, ClientRequestConstructorOptions, Session } from 'electron'
import { PROXY_SIGN_IN_ERROR } from '../network/network-cause.ts'
import type { ProxySignIn } from '../network/network-policy.ts'

type Ports = {
  /** `net.request`. */
  request: (options: ClientRequestConstructorOptions) => ClientRequest
  session: () => Promise<Session>
  signIn: ProxySignIn | null
}

/** Statuses whose answer has no body (Fetch standard). */
const WITHOUT_BODY: ReadonlySet<number> = new Set([101, 103, 204, 205, 304])
const PROXY_AUTHENTICATION_REQUIRED = 407

/**
 * A redirect is returned and never followed: no address of the kiosk has one, and a token must not travel on. Rejects as
 * fetch does: the error of Chromium is the cause.
 */
export const createChromiumFetch =
  (ports: Ports): typeof fetch =>
  async (input, init) => {
    const asked = new Request(input, init)
    const { signal } = asked
    const body = asked.body === null ? null : Buffer.from(await asked.arrayBuffer())
    const session = await ports.session()
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const sent = ports.request({
        method: asked.method,
        url: asked.url,
        headers: Object.fromEntries(asked.headers),
        session,
        redirect: 'manual',
        cache: 'no-store'
      })
      let isSignInRefused = false
      answerProxy(sent, ports.signIn, () => {
        isSignInRefused = true
      })
      const fail = (error: Error) => {
        const cause = isSignInRefused ? new Error(PROXY_SIGN_IN_ERROR, { cause: error }) : error
        reject(new TypeError('fetch failed', { cause }))
      }
      const abort = () => {
        reject(signal.reason)
        sent.abort()
      }
      signal.addEventListener('abort', abort, { once: true })
      sent.on('close', () => signal.removeEventListener('abort', abort))
      sent.on('error', fail)
      sent.on('redirect', (status, _method, _url, headers) => {
        resolve(new Response(null, { status, headers: readHeaders(headers) }))
      })
      sent.on('response', (received) => {
        const { statusCode: status, statusMessage: statusText } = received
        // Of the proxy, also where a tunnel was asked for: Chromium passes it on after a refused sign-in.
        if (status === PROXY_AUTHENTICATION_REQUIRED) {
          isSignInRefused = true
          fail(new Error('The proxy answered with 407.'))
          sent.abort()
          return
        }
        // Electron's IncomingMessage is a Readable; its types leave that out.
        const stream = Readable.toWeb(received as unknown as Readable) as ReadableStream
        const content = WITHOUT_BODY.has(status) ? null : stream
        resolve(
          new Response(content, { status, statusText, headers: readHeaders(received.headers) })
        )
      })
      if (body !== null) sent.write(body)
      sent.end()
    })
  }

/** Answers a proxy's first challenge; a second one means that the sign-in was refused. */
const answerProxy = (
  sent: ClientRequest,
  signIn: ProxySignIn | null,
  onRefused: () => void
): void => {
  let isAnswered = false
  sent.on('login', ({ isProxy }, answer) => {
    if (isProxy && signIn !== null && !isAnswered) {
      isAnswered = true
      answer(signIn.user, signIn.password)
      return
    }
    if (isProxy) onRefused()
    answer()
  })
}

const readHeaders = (given: Record<string, string | string[]>): Headers => {
  const headers = new Headers()
  for (const [name, values] of Object.entries(given)) {
    for (const value of [values].flat()) headers.append(name, value)
  }
  return headers
}
