// Asks the backend's host without TLS. Its server redirects to https; a captive portal answers in its place, and either
// answer carries a date that needs no certificate.

/** A person may be waiting for the sentence. */
export const PLAIN_ANSWER_MS = 4_000

export type PlainAnswer = {
  /** Host of the page that the network shows; null: no portal. */
  portal: string | null
  /** Date of the answer; null: none. */
  dateMs: number | null
}

/** @returns null without an answer, as where only port 443 is open */
export const askWithoutTls = async (
  fetch: typeof globalThis.fetch,
  host: string,
  timeout: (ms: number) => AbortSignal
): Promise<PlainAnswer | null> => {
  const url = `http://${host}/`
  try {
    const response = await fetch(url, { redirect: 'manual', signal: timeout(PLAIN_ANSWER_MS) })
    response.body?.cancel().catch(() => {})
    const dateMs = Date.parse(response.headers.get('date') ?? '')
    return { portal: portalIn(response, url), dateMs: Number.isNaN(dateMs) ? null : dateMs }
  } catch {
    return null
  }
}

/** RFC 6585: "Network Authentication Required". */
const NETWORK_AUTHENTICATION_REQUIRED = 511

const portalIn = ({ status, headers }: Response, url: string): string | null => {
  const { hostname } = new URL(url)
  if (status === NETWORK_AUTHENTICATION_REQUIRED) return hostname
  const location = headers.get('location')
  if (status >= 300 && status < 400 && location !== null) {
    const next = URL.parse(location, url)
    return next === null || next.hostname === hostname ? null : next.hostname
  }
  const isPage = headers.get('content-type')?.includes('text/html') ?? false
  return status >= 200 && status < 300 && isPage ? hostname : null
}
