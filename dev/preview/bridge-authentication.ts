// Admits the browser that first presents the one-time token to the preview's bridge, for the preview's lifetime.
import { randomBytes, timingSafeEqual } from 'node:crypto'

const SECRET_BYTES = 32
const COOKIE_NAME = 'heard-preview'

export const createBridgeAuthenticator = (cookiePath: string) => {
  const token = randomBytes(SECRET_BYTES).toString('base64url')
  let tokenUsed = false
  let returning: string | null = null

  return {
    /** For the address's fragment, which browsers never send. */
    token,
    /**
     * Checks a connection. An admitted one gets a cookie for its next reload. The secret changes each time: after a
     * theft the real page cannot reconnect, which shows it.
     * @returns the `Set-Cookie` header, or null when refused.
     */
    admit: (request: { token: string | null; cookies: string }): string | null => {
      const offered = cookieValue(request.cookies)
      const isFirst = !tokenUsed && request.token !== null && same(request.token, token)
      const isReturning = returning !== null && offered !== null && same(offered, returning)
      if (!isFirst && !isReturning) return null
      tokenUsed = true
      returning = randomBytes(SECRET_BYTES).toString('base64url')
      // HttpOnly hides it from the page; Path limits its use to the bridge; Strict excludes other sites.
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
