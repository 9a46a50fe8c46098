// Reads a request's JSON body within a size and time limit, and refuses text that Postgres cannot store.
import type { Refusal } from './refusals.ts'

/** A kiosk sends some hundred bytes; a slower sender holds a connection open. */
const BODY_TIMEOUT_MS = 10_000

type JsonBody =
  | { ok: true; json: unknown }
  /** `json` where it is readable: its language is that of the refusal. */
  | { ok: false; refusal: Refusal; json?: unknown }

const badRequest = (problem: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code: 'bad_request', problem }
})

/** `application/json`, without a charset or with UTF-8 (the only one of RFC 8259). */
const isJsonType = (header: string | null): boolean =>
  /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(header ?? '')

/** Does not trust the length header. */
const readBytes = async (
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  limitBytes: number,
  timeoutMs: number
): Promise<ArrayBuffer | 'too_large' | 'incomplete'> => {
  const reader = body.getReader()
  const timer = setTimeout(() => reader.cancel('too slow').catch(() => {}), timeoutMs)
  const startedMs = performance.now()
  const parts: Uint8Array<ArrayBuffer>[] = []
  let sizeBytes = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      sizeBytes += value.byteLength
      if (sizeBytes > limitBytes) {
        await reader.cancel()
        return 'too_large'
      }
      parts.push(value)
    }
  } catch {
    // The sender disconnected.
    return 'incomplete'
  } finally {
    clearTimeout(timer)
  }
  // A cancelled stream ends like a complete one.
  if (performance.now() - startedMs >= timeoutMs) return 'incomplete'
  return new Blob(parts).arrayBuffer()
}

/** Bodies are flat; deeper nesting exhausts a recursive reader. */
const DEPTH_LIMIT = 8

/** JSON allows text that a column cannot store: a null character, half of a surrogate pair. */
const problemOfText = (value: unknown, depth = 0): string | undefined => {
  if (typeof value === 'string') {
    if (value.includes('\u0000')) return 'a text has a null character'
    return value.isWellFormed() ? undefined : 'a text has half of a surrogate pair'
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= DEPTH_LIMIT) return 'the body is nested too deeply'
  for (const [key, part] of Object.entries(value)) {
    const problem = problemOfText(key) ?? problemOfText(part, depth + 1)
    if (problem !== undefined) return problem
  }
  return undefined
}

export const readJsonBody = async (
  request: Request,
  limitBytes: number,
  timeoutMs = BODY_TIMEOUT_MS
): Promise<JsonBody> => {
  if (request.body === null) return badRequest('the body is empty')
  const bytes = await readBytes(request.body, limitBytes, timeoutMs)
  if (bytes === 'too_large') return { ok: false, refusal: { code: 'body_too_large', limitBytes } }
  if (bytes === 'incomplete') return badRequest('the body did not arrive whole')
  let json: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    json = text.trim() === '' ? undefined : JSON.parse(text)
  } catch (error) {
    // The decoder throws TypeError, the parser SyntaxError.
    return badRequest(
      error instanceof SyntaxError ? 'the body is not JSON' : 'the body is not UTF-8'
    )
  }
  if (json === undefined) return badRequest('the body is empty')
  if (!isJsonType(request.headers.get('content-type'))) {
    return { ok: false, refusal: { code: 'unsupported_media_type' }, json }
  }
  const problem = problemOfText(json)
  return problem === undefined ? { ok: true, json } : { ...badRequest(problem), json }
}
