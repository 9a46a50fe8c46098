// Reads a request's body up to a limit. Hono's own limit needs an adapter that replaces the process's global Request.

/** Null without a body; `too_large` as soon as the limit is exceeded. */
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
  return Buffer.concat(parts)
}
