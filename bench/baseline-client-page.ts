// The rivals' page and the server that such a page has: it keeps the keys and asks the handbook, over the same
// functions of the same backend as the kiosk's main process.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from '@playwright/test'
import { createClient } from '@supabase/supabase-js'
import { build } from 'vite'
import { z } from 'zod'
import type { LocalAccount, StackAddress } from '../dev/local-stack.ts'
import { searchAnswerSchema, toolOutput } from '../src/shared/handbook.ts'
import { installCallProbe } from './call-probe.ts'
import { CALL_PATH, SEARCH_PATH, TOKEN_PATH } from './page/baseline-client.ts'

const MODEL = 'gpt-realtime-2.1'

const SESSION = {
  type: 'realtime',
  model: MODEL,
  output_modalities: ['audio'],
  instructions: 'Answer from the handbook, always. Search it first.',
  tools: [
    {
      type: 'function',
      name: 'search_handbook',
      description: 'Searches the handbook.',
      parameters: {
        type: 'object',
        properties: { query: { type: 'string' } },
        required: ['query']
      }
    }
  ],
  tool_choice: 'auto'
} as const

const TRANSCRIPTION = { model: 'gpt-live-transcribe', language: 'en' } as const

/** For clients that end their turns themselves. */
const PUSH_TO_TALK = {
  ...SESSION,
  audio: {
    input: { transcription: TRANSCRIPTION, turn_detection: null },
    output: { voice: 'marin' }
  }
} as const

/** The first plan's own figures. */
const OPEN_MICROPHONE = {
  ...SESSION,
  audio: {
    input: {
      transcription: TRANSCRIPTION,
      turn_detection: {
        type: 'server_vad',
        threshold: 0.5,
        prefix_padding_ms: 300,
        silence_duration_ms: 800
      }
    },
    output: { voice: 'marin' }
  }
} as const

const bundle = async (): Promise<Map<string, string>> => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    // A library build leaves this to whoever uses it: here that is the page.
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'esnext',
      lib: {
        entry: fileURLToPath(new URL('./page/baseline-clients.ts', import.meta.url)),
        formats: ['es'],
        fileName: 'peers'
      }
    }
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (output === undefined || !('output' in output)) throw new Error('vite built nothing.')
  return new Map(
    output.output.flatMap((file) =>
      file.type === 'chunk' ? [[`/${file.fileName}`, file.code]] : []
    )
  )
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

const textOf = async (response: Response): Promise<string> => {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`)
  return text
}

const tokenRequestSchema = z.object({ client: z.string() })
const secretSchema = z.object({ value: z.string() })
const searchRequestSchema = z.object({ query: z.string() })

type Work = (body: string) => Promise<string>

const backendOf = async (
  stack: StackAddress,
  account: LocalAccount
): Promise<Record<string, Work>> => {
  const supabase = createClient(stack.supabaseUrl, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false }
  })
  const { data, error } = await supabase.auth.signInWithPassword(account)
  if (error !== null) throw new Error(`The bench could not sign in: ${error.message}`)
  const authorized = { authorization: `Bearer ${stack.openaiKey}` }
  return {
    // Minted straight at the model, without the checks that the kiosk's own function makes first.
    [TOKEN_PATH]: async (body) => {
      const { client } = tokenRequestSchema.parse(JSON.parse(body))
      const session =
        client === 'open-microphone-hook' ? OPEN_MICROPHONE : { type: 'realtime', model: MODEL }
      const response = await fetch(`${stack.openaiUrl}/realtime/client_secrets`, {
        method: 'POST',
        headers: { ...authorized, 'content-type': 'application/json' },
        body: JSON.stringify({ session })
      })
      return secretSchema.parse(JSON.parse(await textOf(response))).value
    },
    [CALL_PATH]: async (sdp) => {
      const form = new FormData()
      form.set('sdp', sdp)
      form.set('session', JSON.stringify(PUSH_TO_TALK))
      return textOf(
        await fetch(`${stack.openaiUrl}/realtime/calls`, {
          method: 'POST',
          headers: authorized,
          body: form
        })
      )
    },
    [SEARCH_PATH]: async (body) => {
      const { query } = searchRequestSchema.parse(JSON.parse(body))
      const response = await fetch(`${stack.supabaseUrl}/functions/v1/realtime-search`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${data.session.access_token}`,
          apikey: stack.publishableKey,
          'content-type': 'application/json'
        },
        body: JSON.stringify({
          groupId: account.groupId,
          language: 'en',
          query,
          questionId: randomUUID()
        })
      })
      return toolOutput(searchAnswerSchema.parse(JSON.parse(await textOf(response))))
    }
  }
}

export type BaselineClientPage = {
  page: Page
  /** What the rivals complained of, and what they did not catch. */
  problems: () => Promise<string[]>
  close: () => Promise<void>
}

/** Opens the rivals' page in a context of the browser that the kiosk runs in. */
export const openBaselineClientPage = async (
  context: BrowserContext,
  stack: StackAddress,
  account: LocalAccount
): Promise<BaselineClientPage> => {
  const [scripts, backend] = await Promise.all([bundle(), backendOf(stack, account)])
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const work = backend[path]
    if (work === undefined) {
      const script = scripts.get(path)
      response.setHeader('Content-Type', script === undefined ? 'text/html' : 'text/javascript')
      response.end(
        script ??
          '<!doctype html><title>Peers</title><script type="module" src="/peers.js"></script>'
      )
      return
    }
    bodyOf(request)
      .then(work)
      .then((answer) => response.end(answer))
      .catch((error: unknown) => {
        response.statusCode = 502
        response.end(String(error))
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await context.addInitScript(installCallProbe)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(`uncaught ${error.name}`))
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.waitForFunction(() => window.peers !== undefined)
  return {
    page,
    problems: async () => [...problems, ...(await page.evaluate(() => window.peers.problems))],
    close: async () => {
      await page.close()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
