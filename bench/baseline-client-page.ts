// Opens the page of the baseline clients, and the server that gives them keys and searches the handbook. It uses the same
// edge functions as the kiosk's main process.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { BrowserContext, Page } from '@playwright/test'
import { createClient } from '@supabase/supabase-js'
import { Hono } from 'hono'
import { z } from 'zod'
import type { LocalAccount, StackAddress } from '../dev/local-stack.ts'
import { searchAnswerSchema, toolOutput } from '../src/shared/handbook.ts'
import { bundlePageScript } from './bundle-page-script.ts'
import { installCallProbe } from './call-probe.ts'
import { CALL_PATH, SEARCH_PATH, TOKEN_PATH } from './page/baseline-client.ts'

const MODEL = 'gpt-realtime-2.1'

const sessionWith = (turnDetection: object | null) => ({
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
        properties: { question: { type: 'string' } },
        required: ['question']
      }
    }
  ],
  tool_choice: 'auto',
  audio: {
    input: {
      transcription: { model: 'gpt-live-transcribe', languages: ['en'] },
      turn_detection: turnDetection
    },
    output: { voice: 'marin' }
  }
})

/** The figures of the product's first plan. */
const SERVER_VAD = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 800
}

const textOf = async (response: Response): Promise<string> => {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`)
  return text
}

const tokenRequestSchema = z.object({ client: z.string() })
const secretSchema = z.object({ value: z.string() })
const searchRequestSchema = z.object({ question: z.string() })

const createApp = async (stack: StackAddress, account: LocalAccount): Promise<Hono> => {
  const supabase = createClient(stack.supabaseUrl, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false }
  })
  const { data, error } = await supabase.auth.signInWithPassword(account)
  if (error !== null) throw new Error(`The bench could not sign in: ${error.message}`)
  const authorization = `Bearer ${stack.openaiKey}`
  const app = new Hono()
  app.onError((failure, context) => context.text(String(failure), 502))
  app.get('/', (context) => context.html('<!doctype html><title>Baseline clients</title>'))
  // Minted without the checks of the kiosk's edge function.
  app.post(TOKEN_PATH, async (context) => {
    const { client } = tokenRequestSchema.parse(await context.req.json())
    const session =
      client === 'open-microphone-hook'
        ? sessionWith(SERVER_VAD)
        : { type: 'realtime', model: MODEL }
    const response = await fetch(`${stack.openaiUrl}/realtime/client_secrets`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ session })
    })
    return context.text(secretSchema.parse(JSON.parse(await textOf(response))).value)
  })
  app.post(CALL_PATH, async (context) => {
    const body = new FormData()
    body.set('sdp', await context.req.text())
    body.set('session', JSON.stringify(sessionWith(null)))
    const url = `${stack.openaiUrl}/realtime/calls`
    return context.text(
      await textOf(await fetch(url, { method: 'POST', headers: { authorization }, body }))
    )
  })
  app.post(SEARCH_PATH, async (context) => {
    const { question } = searchRequestSchema.parse(await context.req.json())
    const { groupId } = account
    const response = await fetch(`${stack.supabaseUrl}/functions/v1/realtime-search`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${data.session.access_token}`,
        apikey: stack.publishableKey,
        'content-type': 'application/json'
      },
      body: JSON.stringify({ groupId, language: 'en', question, questionId: randomUUID() })
    })
    return context.text(toolOutput(searchAnswerSchema.parse(JSON.parse(await textOf(response)))))
  })
  return app
}

/** @param context of the browser that the kiosk runs in */
export const openBaselineClientPage = async (
  context: BrowserContext,
  stack: StackAddress,
  account: LocalAccount
) => {
  const script = await bundlePageScript('bench/page/baseline-clients.ts')
  const server = createAdaptorServer({ fetch: (await createApp(stack, account)).fetch })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  await context.addInitScript(installCallProbe)
  const page: Page = await context.newPage()
  const uncaught: string[] = []
  page.on('pageerror', (error) => uncaught.push(`uncaught ${error.name}`))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.addScriptTag({ content: script })
  return {
    page,
    problems: async () => [...uncaught, ...(await page.evaluate(() => window.baseline.problems))],
    close: async () => {
      await page.close()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
