// The endpoints of OpenAI's API that the backend and its functions call, with vectors made from words.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import {
  EMBEDDING_DIMENSIONS,
  EMBEDDING_MODEL
} from '../../../supabase/functions/_shared/embedding.ts'

export type ModelRequest = { path: string; headers: IncomingHttpHeaders; text: string }

export type ModelEndpoints = {
  /** With the version, as OPENAI_BASE_URL has it. */
  url: string
  /** Number of texts of each embedding request so far. */
  embeddingRequests: number[]
  /** Each embedded text so far, after the name of its model. */
  embedded: string[]
  /** While true, embeddings are answered with 500. */
  failing: boolean
  /** Path and headers of each request so far. */
  requests: ModelRequest[]
  close: () => Promise<void>
}

const embeddingRequestSchema = z.object({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string())])
})

/** A normalised bag of hashed words: texts that share words are near each other. */
const vectorOf = (text: string, model: string): number[] => {
  const vector = new Array<number>(EMBEDDING_DIMENSIONS).fill(0)
  // Each model has a space of its own.
  const first = 7 + 31 * (model === EMBEDDING_MODEL ? 0 : model.length)
  for (const word of text.toLowerCase().match(/\p{L}+|\d+/gu) ?? []) {
    let hash = first
    for (const letter of word)
      hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % EMBEDDING_DIMENSIONS
    vector[hash] = (vector[hash] ?? 0) + 1
  }
  const length = Math.hypot(...vector) || 1
  return vector.map((part) => part / length)
}

/** A shutdown date within the 60 days that the health check reports. */
const soon = (): string => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)

export const ANSWER_SDP =
  'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'

/** Serves the endpoints of OpenAI's API that the backend and its functions call. */
export const startModelEndpoints = async (): Promise<ModelEndpoints> => {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const text = Buffer.concat(parts).toString()
    endpoints.requests.push({ path: request.url ?? '', headers: request.headers, text })
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (request.url === '/v1/embeddings' && !endpoints.failing) {
      const { model, input } = embeddingRequestSchema.parse(JSON.parse(text))
      const texts = [input].flat()
      endpoints.embeddingRequests.push(texts.length)
      endpoints.embedded.push(...texts.map((one) => `${model} ${one}`))
      const data = texts.map((one, index) => ({
        object: 'embedding',
        index,
        embedding: vectorOf(one, model)
      }))
      send(200, { object: 'list', model, data, usage: { prompt_tokens: 1, total_tokens: 1 } })
    } else if (request.url === '/v1/realtime/client_secrets') {
      send(200, {
        value: 'ek_test',
        expires_at: Math.floor(Date.now() / 1_000) + 600,
        session: { type: 'realtime', model: 'gpt-realtime-2.1' }
      })
    } else if (request.url === '/v1/realtime/calls') {
      response
        .writeHead(201, {
          'content-type': 'application/sdp',
          location: '/v1/realtime/calls/rtc_test'
        })
        .end(ANSWER_SDP)
    } else if (request.url === '/v1/models') {
      const data = [
        { id: 'gpt-realtime-2.1', shutdown_date: null },
        { id: 'gpt-live-transcribe', shutdown_date: null },
        { id: 'gpt-transcribe', shutdown_date: soon() },
        { id: 'text-embedding-3-small', shutdown_date: null }
      ].map((model) => ({ object: 'model', created: 1, owned_by: 'system', ...model }))
      send(200, { object: 'list', data })
    } else {
      send(500, { error: { message: 'This endpoint fails.' } })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoints: ModelEndpoints = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    embeddingRequests: [],
    embedded: [],
    failing: false,
    requests: [],
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
  return endpoints
}
