// Answers POST /v1/embeddings at once, from vectors that are ready: what remains of the embedding call is its way there
// and back and the reading of the answer.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { EMBEDDING_MODEL } from '../../../supabase/functions/_shared/embedding.ts'
import { denseVector } from './dense-vector.ts'

const requestSchema = z.object({ input: z.array(z.string()).length(1) })

export type EmbeddingsDouble = {
  /** With the version. */
  url: string
  /** How often it was asked. */
  requests: () => number
  close: () => Promise<void>
}

/** @param questions all that will be asked; another one is refused with 404 */
export const startEmbeddingsDouble = async (
  questions: readonly string[]
): Promise<EmbeddingsDouble> => {
  const answers = new Map(
    questions.map((question) => [
      question,
      JSON.stringify({
        object: 'list',
        model: EMBEDDING_MODEL,
        data: [{ object: 'embedding', index: 0, embedding: [...denseVector(question)] }],
        usage: { prompt_tokens: 8, total_tokens: 8 }
      })
    ])
  )
  let requests = 0
  const server = createServer(async (request, response) => {
    requests += 1
    const { input } = requestSchema.parse(JSON.parse(await text(request)))
    const answer = answers.get(input[0] ?? '')
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(answer ?? '{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: () => requests,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    }
  }
}
