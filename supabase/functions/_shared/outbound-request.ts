// Sends a function's own requests, with a time limit, a size limit for the answer, and a second attempt where that is
// safe.

/** The largest answer, a listing of models, takes about 20 kB. */
const ANSWER_LIMIT_BYTES = 1_048_576
/** A random pause between attempts spreads the retries of a fleet that failed at the same time. */
const PAUSE_MS = { least: 50, most: 300 } as const
/** Shortest time left for a second attempt. */
const MINIMUM_RETRY_MS = 500

type OutboundFailure = 'timeout' | 'unreachable' | 'too_large'
export type OutboundResponse =
  | { ok: true; status: number; headers: Headers; text: string }
  | { ok: false; failure: OutboundFailure }

export type OutboundRequest = {
  url: string
  method: 'GET' | 'POST' | 'OPTIONS'
  headers: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
  /** For all attempts and pauses, and for reading the answer. */
  timeoutMs: number
  /**
   * `safe`: one more attempt after a failed connection or a 500, 502, 503 or 504.
   * `once`: for a request with an effect, such as opening a call.
   */
  repeat: 'safe' | 'once'
}

const TRANSIENT_STATUSES = [500, 502, 503, 504]

const readText = async (response: Response): Promise<string | undefined> => {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let sizeBytes = 0
  // Leaving the loop early cancels the stream.
  for await (const part of response.body) {
    sizeBytes += part.byteLength
    if (sizeBytes > ANSWER_LIMIT_BYTES) return undefined
    text += decoder.decode(part, { stream: true })
  }
  return text + decoder.decode()
}

const attempt = async (
  { url, method, headers, body }: OutboundRequest,
  timeoutMs: number
): Promise<OutboundResponse> => {
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      // A redirect would send the key to another address.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs)
    })
    const text = await readText(response)
    return text === undefined
      ? { ok: false, failure: 'too_large' }
      : { ok: true, status: response.status, headers: response.headers, text }
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError'
    return { ok: false, failure: isTimeout ? 'timeout' : 'unreachable' }
  }
}

const isTransient = (answer: OutboundResponse): boolean =>
  answer.ok ? TRANSIENT_STATUSES.includes(answer.status) : answer.failure === 'unreachable'

/** @param random 0 to 1 */
export const pauseBeforeRetry = (random = Math.random): Promise<void> =>
  new Promise((resolve) =>
    setTimeout(resolve, PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least))
  )

/** Does not throw: a failed request is a value. */
export const send = async (request: OutboundRequest): Promise<OutboundResponse> => {
  const startedMs = performance.now()
  const first = await attempt(request, request.timeoutMs)
  if (request.repeat === 'once' || !isTransient(first)) return first
  await pauseBeforeRetry()
  const leftMs = request.timeoutMs - (performance.now() - startedMs)
  return leftMs < MINIMUM_RETRY_MS ? first : attempt(request, leftMs)
}
