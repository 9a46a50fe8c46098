// A real HTTP server on loopback that answers what the test says and remembers what it was asked.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

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
  /** Never answers, so that a deadline can pass. */
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
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString()
      }
      asked.push(one)
      const given = await answer(one)
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

/** An address where nothing listens. */
export const deadUrl = async (): Promise<string> => {
  const server = await startHttpDouble(() => ({ status: 500 }))
  await server.close()
  return server.url
}
