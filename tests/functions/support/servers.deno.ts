// A real HTTP server on a free port, for the other side of a function.

export type RecordedRequest = {
  method: string
  path: string
  /** With its question mark. */
  query: string
  headers: Headers
  /** As it came. */
  text: string
  /** Undefined for what is not JSON. */
  body: unknown
}

export type LocalServer = {
  url: string
  requests: RecordedRequest[]
  [Symbol.asyncDispose]: () => Promise<void>
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Records every request, and answers as `respond` says. */
export const serve = (
  respond: (request: RecordedRequest) => Response | Promise<Response>
): LocalServer => {
  const requests: RecordedRequest[] = []
  const server = Deno.serve(
    { hostname: '127.0.0.1', port: 0, onListen: () => {} },
    async (request) => {
      const text = await request.text()
      const recorded = {
        method: request.method,
        path: new URL(request.url).pathname,
        query: new URL(request.url).search,
        headers: request.headers,
        text,
        body: jsonOf(text)
      }
      requests.push(recorded)
      return respond(recorded)
    }
  )
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown()
  }
}

/** An address that nothing listens on: taken, then given back. */
export const deadUrl = async (): Promise<string> => {
  const server = Deno.serve(
    { hostname: '127.0.0.1', port: 0, onListen: () => {} },
    () => new Response()
  )
  const url = `http://127.0.0.1:${server.addr.port}`
  await server.shutdown()
  return url
}
