// Starts the stand-in as the local stack does, and holds the sessions and events that its tests share.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Counters } from '../../dev/openai/counters.ts'
import type { CallState } from '../../dev/openai/session-connection.ts'
import type { Turn } from '../../dev/openai/turn-timeline.ts'
import { mismatches } from './published-types.ts'

export const QUESTIONS = [
  'How hot does chicken have to be?',
  'How long do I wash my hands?',
  'What temperature should the cooler be?',
  'When do I change my gloves?',
  'Can I work if I have a sore throat?',
  'Where do I put the wet towels?',
  'Who closes the patio on Friday?',
  'Which board do I cut fish on?'
]

export const SPANISH_QUESTIONS = [
  '¿A qué temperatura debe llegar el pollo?',
  '¿A qué temperatura recaliento las sobras?',
  '¿Cómo calibro mi termómetro?',
  '¿Dónde va la pala del hielo?'
]

export type StandIn = {
  url: string
  apiKey: string
  state: () => Promise<{ calls: CallState[]; turns: Turn[]; counters: Counters }>
  injectFaults: (plan: object) => Promise<void>
  mint: (session: object, seconds?: number) => Promise<string>
  /** @throws for traffic that the published types do not allow */
  stop: () => Promise<number | null>
}

/** @param options further start options of the stand-in. */
export const startStandIn = async (options: readonly string[] = []): Promise<StandIn> => {
  const folder = await mkdtemp(join(tmpdir(), 'heard-fidelity-'))
  const questions = join(folder, 'questions.json')
  const traffic = join(folder, 'traffic.jsonl')
  await writeFile(traffic, '')
  await writeFile(questions, JSON.stringify({ en: QUESTIONS, es: SPANISH_QUESTIONS }))
  const apiKey = `sk-${randomBytes(18).toString('hex')}`
  const child = spawn(
    process.execPath,
    [
      'dev/openai/main.ts',
      ...['--port', '0', '--questions', questions, '--api-key', apiKey, '--with-parent'],
      ...['--traffic', traffic],
      ...options
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] }
  )
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const firstLine = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('exit', () => reject(new Error(`The stand-in did not start: ${errors}`)))
  })
  const { url } = JSON.parse(await firstLine)
  const authorized = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' }
  const post = async (address: string, body: object) => {
    const response = await fetch(address, {
      method: 'POST',
      headers: authorized,
      body: JSON.stringify(body)
    })
    if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  const local = url.replace(/\/v1$/, '/local')
  return {
    url,
    apiKey,
    state: async () => (await fetch(`${local}/state`, { headers: authorized })).json(),
    injectFaults: async (plan) => {
      await post(`${local}/faults`, plan)
    },
    mint: async (session, seconds) => {
      const secret = await post(`${url}/realtime/client_secrets`, {
        session,
        ...(seconds === undefined ? {} : { expires_after: { anchor: 'created_at', seconds } })
      })
      return secret.value
    },
    stop: async () => {
      child.kill('SIGTERM')
      const code = await exited
      const lines = (await readFile(traffic, 'utf8')).split('\n').filter((line) => line !== '')
      expect(await mismatches(lines.map((line) => JSON.parse(line)))).toEqual([])
      await rm(folder, { recursive: true, force: true })
      return code
    }
  }
}

/** The stand-in of a test file. @param isComplete false: no test can run. @param options further start options */
export const setUpStandIn = (isComplete: boolean, options: readonly string[] = []): StandIn => {
  const standIn: Partial<StandIn> = {}
  beforeAll(async () => {
    if (isComplete) Object.assign(standIn, await startStandIn(options))
  })
  afterAll(() => standIn.stop?.())
  return standIn as StandIn
}

/** Push-to-talk, with a tool that takes the question as `query`, as other clients' tools do. */
export const pushToTalkSession = {
  type: 'realtime',
  model: 'gpt-realtime-2.1',
  instructions: 'Answer from the handbook, always.',
  audio: {
    input: {
      turn_detection: null,
      transcription: { model: 'gpt-live-transcribe', languages: ['en'] }
    }
  },
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
  ]
} as const

/** The result of a handbook search, as the kiosk sends it to the model. */
export const CHICKEN_OUTPUT = JSON.stringify({
  found: true,
  passages: [
    {
      section: 'cooking-temperatures',
      title: 'Cooking temperatures',
      language: 'en',
      text: 'Cook chicken and turkey to 165 °F for at least 15 seconds. Check the thickest part with a probe. Ground beef needs 155 °F for 17 seconds. Wipe the probe with an alcohol pad after each use.'
    }
  ]
})

export const TYPED_QUESTION = {
  type: 'conversation.item.create',
  item: {
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: 'How hot does chicken have to be?' }]
  }
} satisfies RealtimeClientEvent

export const SEARCH_FIRST = {
  type: 'response.create',
  response: { tool_choice: { type: 'function', name: 'search_handbook' } }
} satisfies RealtimeClientEvent

export const toolOutput = (callId: string) =>
  ({
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id: callId, output: CHICKEN_OUTPUT }
  }) satisfies RealtimeClientEvent
