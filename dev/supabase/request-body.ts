// Reads a request's body whole, up to a limit. (Hono's own limit needs the adapter to replace the
// process's Request, which whoever shares the process would notice.)

/** The body, null when there is none, or `too_large` as soon as that is certain. */
export const readBody = async (
  request: Request,
  limitBytes: number
): Promise<Uint8Array<ArrayBuffer> | null | 'too_large'> => {
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) return 'too_large'
  if (request.method === 'GET' || request.method === 'HEAD' || request.body === null) return null
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  // Leaving the loop early cancels the stream.
  for await (const part of request.body) {
    sizeBytes += part.byteLength
    if (sizeBytes > limitBytes) return 'too_large'
    parts.push(part)
  }
  const body = new Uint8Array(sizeBytes)
  let at = 0
  for (const part of parts) {
    body.set(part, at)
    at += part.byteLength
  }
  return body
}
