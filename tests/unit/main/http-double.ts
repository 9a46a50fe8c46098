// A real HTTP server on loopback with scripted answers, which records its requests.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export type AskedRequest = {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}
export type GivenAnswer = {
  status: number
  headers?: Record<string, string>
  body?: string | object
  /** Never answers. */
  silent?: true
}
export type HttpDouble = {
  url: string
  asked: AskedRequest[]
  close(): Promise<void>
}

export const startHttpDouble = async (
  answer: (request: AskedRequest) => GivenAnswer | Promise<GivenAnswer>
): Promise<HttpDouble> => {
  const asked: AskedRequest[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString()
      }
      asked.push(received)
      const given = await answer(received)
      if (given.silent === true) return
      const isText = typeof given.body === 'string'
      response.writeHead(given.status, {
        ...(given.body === undefined || isText ? {} : { 'content-type': 'application/json' }),
        ...given.headers
      })
      response.end(isText || given.body === undefined ? given.body : JSON.stringify(given.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

/** Answers in this order, then with `last`. Closes when the test has finished. */
export const serveAnswers = async (
  answers: GivenAnswer[],
  last: GivenAnswer = { status: 500 }
): Promise<HttpDouble> => {
  const left = [...answers]
  const server = await startHttpDouble(() => left.shift() ?? last)
  onTestFinished(server.close)
  return server
}

/** Receives requests and never answers; `received` resolves with the first request. */
export const serveSilence = async (): Promise<HttpDouble & { received: Promise<void> }> => {
  const received = Promise.withResolvers<void>()
  const server = await startHttpDouble(() => {
    received.resolve()
    return { status: 200, silent: true }
  })
  onTestFinished(server.close)
  return { ...server, received: received.promise }
}

/** The `Authorization` headers of the requests. */
export const tokensOf = ({ asked }: HttpDouble): (string | undefined)[] =>
  asked.map(({ headers }) => headers.authorization)

/** An address where nothing listens. */
export const deadUrl = async (): Promise<string> => {
  const server = await startHttpDouble(() => ({ status: 500 }))
  await server.close()
  return server.url
}
