// Requests that a function makes to others: each with a time limit and a limit on what is read of the answer, and a
// second attempt only where its caller says that asking twice does nothing twice.

/** A listing of models is about 20 kB; nothing that is awaited here comes near. */
const ANSWER_LIMIT_BYTES = 1_048_576
/** Between two attempts, at random, so that a fleet that failed together does not come back together. */
const PAUSE_MS = { least: 50, most: 300 } as const
/** A second attempt with less than this left would be cut off before it could be answered. */
const WORTH_TRYING_MS = 500

export type OutboundFailure = 'timeout' | 'unreachable' | 'too_large'
export type OutboundResponse =
  | { ok: true; status: number; headers: Headers; text: string }
  | { ok: false; failure: OutboundFailure }

export type OutboundRequest = {
  url: string
  method: 'GET' | 'POST' | 'OPTIONS'
  headers: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
  /** For all attempts and pauses together, and for reading the answer. */
  timeoutMs: number
  /**
   * `safe`: tried once more when nobody answered or the server failed (500, 502, 503, 504), never after a refusal.
   * `once`: whatever has an effect, such as a call that is opened.
   */
  repeat: 'safe' | 'once'
}

const FAILED_IN_PASSING = [500, 502, 503, 504]

const readText = async (response: Response): Promise<string | undefined> => {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let sizeBytes = 0
  // Leaving the loop early cancels what is left.
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
      // An answer from elsewhere would be given the key that was meant for here.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs)
    })
    const text = await readText(response)
    return text === undefined
      ? { ok: false, failure: 'too_large' }
      : { ok: true, status: response.status, headers: response.headers, text }
  } catch (error) {
    // fetch throws for the network and for the time limit, and says in the name which it was.
    const isTimeout = error instanceof Error && error.name === 'TimeoutError'
    return { ok: false, failure: isTimeout ? 'timeout' : 'unreachable' }
  }
}

const isPassing = (answer: OutboundResponse): boolean =>
  answer.ok ? FAILED_IN_PASSING.includes(answer.status) : answer.failure === 'unreachable'

/** A pause before asking again. @param random 0 to 1 */
export const pauseBeforeRetry = (random = Math.random): Promise<void> =>
  new Promise((resolve) =>
    setTimeout(resolve, PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least))
  )

/** Never throws for what the network or the other side does. */
export const send = async (request: OutboundRequest): Promise<OutboundResponse> => {
  const startedMs = performance.now()
  const first = await attempt(request, request.timeoutMs)
  if (request.repeat === 'once' || !isPassing(first)) return first
  await pauseBeforeRetry()
  const leftMs = request.timeoutMs - (performance.now() - startedMs)
  return leftMs < WORTH_TRYING_MS ? first : attempt(request, leftMs)
}
