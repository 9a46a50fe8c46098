// What the tests of the local backend start it with: a folder of its own, the few endpoints of a model
// that it calls, a small handbook, and the backend as the process that people start.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import {
  EMBEDDING_DIMENSIONS,
  EMBEDDING_MODEL
} from '../../../supabase/functions/_shared/embedding.ts'

const MAIN = fileURLToPath(new URL('../../../dev/supabase/main.ts', import.meta.url))

export const temporaryFolder = async (): Promise<string> =>
  mkdtemp(join(tmpdir(), 'heard-backend-'))

export const removeFolder = async (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5 })

/** Writes files by their path inside `folder`. */
export const writeFiles = async (
  folder: string,
  files: Readonly<Record<string, string>>
): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

const section = (title: string, order: number, question: string, body: string): string =>
  `---\ntitle: ${title}\ncategory: food\norder: ${order}\nquestions:\n  - ${question}\n---\n\n${body}\n`

/** Two restaurants, one section in English only. */
export const SMALL_HANDBOOK = {
  'harbor-and-rye/en/chicken.md': section(
    'Cooking chicken',
    10,
    'How hot does chicken have to be?',
    '## The number\n\nCook chicken to 165 °F (74 °C) and check with a probe in the thickest part.'
  ),
  'harbor-and-rye/es/chicken.md': section(
    'Cocinar pollo',
    10,
    '¿A qué temperatura se cocina el pollo?',
    '## El número\n\nCocine el pollo a 165 °F (74 °C) y revise con termómetro en la parte más gruesa.'
  ),
  'harbor-and-rye/en/parking.md': section(
    'Parking',
    20,
    'Where do I park?',
    'Park behind the building, never in front of the loading dock.'
  ),
  'sol-y-sal/en/hands.md': section(
    'Washing hands',
    10,
    'How long do I wash my hands?',
    'Wash hands for 20 seconds with warm water and soap, then dry them with paper.'
  ),
  'sol-y-sal/es/hands.md': section(
    'Lavarse las manos',
    10,
    '¿Cuánto tiempo me lavo las manos?',
    'Lávese las manos 20 segundos con agua tibia y jabón, y séquelas con papel.'
  ),
  'unanswered.yaml': 'en:\n  - What is the internet password?\nes:\n  - ¿Cuál es la contraseña?\n'
} as const

export type ModelRequest = { path: string; headers: IncomingHttpHeaders; text: string }

export type ModelEndpoints = {
  /** With the version, as OPENAI_BASE_URL has it. */
  url: string
  /** Number of texts of each embedding request so far. */
  embeddingRequests: number[]
  /** Every text that was embedded so far, behind the name of its model. */
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

/** A bag of hashed words, so that texts that share words are near each other. */
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

/** As the service announces the end of a model: a day, here within the sixty that are reported. */
const soon = (): string => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)

export const ANSWER_SDP =
  'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'

/** The endpoints of a model's service that the backend and its functions call. */
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

const readySchema = z.object({
  ready: z.literal(true),
  url: z.url(),
  publishableKey: z.string(),
  secretKey: z.string(),
  accounts: z.array(
    z.object({
      email: z.string(),
      password: z.string(),
      groupId: z.uuid(),
      groupName: z.string(),
      groupSlug: z.string(),
      role: z.string()
    })
  ),
  found: z.object({
    isNew: z.boolean(),
    closedCleanly: z.boolean().nullable(),
    migrations: z.number(),
    accounts: z.number(),
    sections: z.number()
  })
})
export type Ready = z.output<typeof readySchema>

export type BackendProcess = {
  child: ChildProcess
  pid: number
  /** stderr so far. */
  lines: string[]
  /** Resolves when a line of stderr matches. */
  said: (pattern: RegExp) => Promise<string>
  /** The ready line; rejects when the process ends first. */
  ready: Promise<Ready>
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | string>
}

/** `node dev/supabase/main.ts` with these arguments. */
export const spawnBackend = (args: readonly string[]): BackendProcess => {
  const child = spawn(process.execPath, [MAIN, '--port', '0', ...args], {
    stdio: ['pipe', 'pipe', 'pipe']
  })
  const lines: string[] = []
  const listeners = new Set<(line: string) => void>()
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line)
    for (const listener of listeners) listener(line)
  })
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal)
  const ready = new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => {
      resolve(readySchema.parse(JSON.parse(line)))
    })
    ended.then((how) => reject(new Error(`ended (${how}): ${lines.join('\n')}`)))
  })
  // Whoever expects an end does not wait for the ready line.
  ready.catch(() => {})
  const said = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const held = lines.find((line) => pattern.test(line))
      if (held !== undefined) {
        resolve(held)
        return
      }
      listeners.add((line) => {
        if (pattern.test(line)) resolve(line)
      })
      ended.then(() => reject(new Error(`never said ${pattern}: ${lines.join('\n')}`)))
    })
  return { child, pid: child.pid ?? 0, lines, said, ready, ended }
}

/** Ends a process and waits for it. */
export const endProcess = async (
  { child, ended }: BackendProcess,
  signal: NodeJS.Signals
): Promise<number | string> => {
  child.kill(signal)
  return ended
}
