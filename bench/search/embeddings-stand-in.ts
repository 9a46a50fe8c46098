// Answers POST /v1/embeddings at once from prepared vectors.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { EMBEDDING_MODEL } from '../../supabase/functions/_shared/embedding.ts'
import { denseVector } from './dense-vector.ts'

/** A question and its restatement. */
const requestSchema = z.object({ input: z.array(z.string()).length(2) })

export const startEmbeddingsStandIn = async () => {
  /** JSON by text. */
  const vectors = new Map<string, string>()
  let requests = 0
  const server = createServer(async (request, response) => {
    requests += 1
    const { input } = requestSchema.parse(JSON.parse(await text(request)))
    const ready = input.flatMap((one) => vectors.get(one) ?? [])
    response.writeHead(ready.length < input.length ? 404 : 200, {
      'content-type': 'application/json'
    })
    const data = ready.map(
      (vector, index) => `{"object":"embedding","index":${index},"embedding":${vector}}`
    )
    response.end(
      `{"object":"list","model":"${EMBEDDING_MODEL}","data":[${data.join()}],` +
        '"usage":{"prompt_tokens":16,"total_tokens":16}}'
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    /** Requests for other texts get 404. */
    prepare: (texts: readonly string[]): void => {
      for (const one of texts) {
        if (!vectors.has(one)) vectors.set(one, JSON.stringify([...denseVector(one)]))
      }
    },
    requests: () => requests,
    close: async (): Promise<void> => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    }
  }
}
export type EmbeddingsStandIn = Awaited<ReturnType<typeof startEmbeddingsStandIn>>
