// Starts real HTTP servers on free ports, in place of OpenAI and Supabase.
import { EMBEDDING_DIMENSIONS } from '../../../supabase/functions/_shared/embedding.ts'
import { readJson } from '../../../supabase/functions/_shared/read-json.ts'

export type RecordedRequest = {
  method: string
  path: string
  /** With its question mark. */
  query: string
  headers: Headers
  text: string
  /** Undefined unless the text is JSON. */
  body: unknown
}

export type LocalServer = {
  url: string
  requests: RecordedRequest[]
  [Symbol.asyncDispose]: () => Promise<void>
}

/** Records every request and answers with `respond`. */
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
        body: readJson(text)
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

/** An address without a listener. */
export const deadUrl = async (): Promise<string> => {
  await using server = serve(() => new Response())
  return server.url
}

/** The vector of the text at `index`. */
export const vectorOf = (index: number): number[] =>
  Array.from({ length: EMBEDDING_DIMENSIONS }, (_, at) => (at + index) / 10_000)

/** Answers a request for embeddings. */
export const embeddings = ({ body }: RecordedRequest): Response => {
  const { input } = body as { input: string[] }
  return Response.json({ data: input.map((_, index) => ({ index, embedding: vectorOf(index) })) })
}
