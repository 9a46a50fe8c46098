// Reads the JSON body of a request: no more of it than the limit, no longer than a sender on a bad line needs, and
// only text that Postgres can hold.
import type { Refusal } from './refusals.ts'

/** A kiosk sends some hundred bytes; who needs longer for them is holding a connection open. */
const BODY_TIMEOUT_MS = 10_000

export type JsonBody =
  | { ok: true; json: unknown }
  /** `json` where it could be read and is refused all the same: its language is still worth knowing. */
  | { ok: false; refusal: Refusal; json?: unknown }

const badRequest = (problem: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code: 'bad_request', problem }
})

/** `application/json`, with nothing or with UTF-8 as its charset (RFC 8259 knows no other). */
const isJsonType = (header: string | null): boolean =>
  /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(header ?? '')

type Bytes = { ok: true; bytes: Uint8Array } | { ok: false; reason: 'too_large' | 'broken_off' }

/** Whatever the length header says. */
const readBytes = async (
  body: ReadableStream<Uint8Array>,
  limitBytes: number,
  timeoutMs: number
): Promise<Bytes> => {
  const reader = body.getReader()
  const timer = setTimeout(() => reader.cancel('too slow').catch(() => {}), timeoutMs)
  const startedMs = performance.now()
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      sizeBytes += value.byteLength
      if (sizeBytes > limitBytes) {
        await reader.cancel()
        return { ok: false, reason: 'too_large' }
      }
      parts.push(value)
    }
  } catch {
    // The sender went away.
    return { ok: false, reason: 'broken_off' }
  } finally {
    clearTimeout(timer)
  }
  // A cancelled stream ends as a whole one does.
  if (performance.now() - startedMs >= timeoutMs) return { ok: false, reason: 'broken_off' }
  const bytes = new Uint8Array(sizeBytes)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.byteLength
  }
  return { ok: true, bytes }
}

/** Bodies are flat; what is nested deeper than this is there to exhaust whoever walks it. */
const DEPTH_LIMIT = 8

/** JSON can say more than a text column can hold: a null character, half of a surrogate pair. */
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
  const read = await readBytes(request.body, limitBytes, timeoutMs)
  if (!read.ok) {
    return read.reason === 'too_large'
      ? { ok: false, refusal: { code: 'body_too_large', limitBytes } }
      : badRequest('the body did not arrive whole')
  }
  let json: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(read.bytes)
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
