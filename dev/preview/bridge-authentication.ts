// Who may connect to the preview's bridge: whoever holds the one-time token, and then the browser that used
// it, for as long as the preview runs.
import { randomBytes, timingSafeEqual } from 'node:crypto'

const SECRET_BYTES = 32
const COOKIE_NAME = 'heard-preview'

export type BridgeAuthenticator = {
  /** For the address's fragment, which browsers never send. */
  token: string
  /**
   * Decides over a connection. Admitted ones get a cookie to come back with after a reload: a new secret
   * each time, so that a stolen one is noticed as a page that no longer reconnects.
   * @returns the `Set-Cookie` header, or null when refused
   */
  admit(request: { token: string | null; cookies: string }): string | null
}

export const createBridgeAuthenticator = (cookiePath: string): BridgeAuthenticator => {
  const token = randomBytes(SECRET_BYTES).toString('base64url')
  let tokenUsed = false
  let returning: string | null = null

  return {
    token,
    admit: (request) => {
      const offered = cookieValue(request.cookies)
      const isFirst = !tokenUsed && request.token !== null && same(request.token, token)
      const isReturning = returning !== null && offered !== null && same(offered, returning)
      if (!isFirst && !isReturning) return null
      tokenUsed = true
      returning = randomBytes(SECRET_BYTES).toString('base64url')
      // HttpOnly: the page never sees it. Path: the only place it is sent to. Strict: no other site brings it.
      return `${COOKIE_NAME}=${returning}; HttpOnly; SameSite=Strict; Path=${cookiePath}`
    }
  }
}

const cookieValue = (header: string): string | null =>
  header
    .split(';')
    .map((pair) => pair.trim().split('='))
    .find(([name]) => name === COOKIE_NAME)?.[1] ?? null

const same = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
