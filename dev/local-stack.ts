// Starts the local stack, the stand-in for OpenAI and the embedded Supabase, or attaches to a running one.
import { randomBytes } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { startChildProcess } from './child-process.ts'
import { DATA_DIR, fromProject } from './paths.ts'
import { CommandError, say } from './run-command.ts'
import { handbookQuestions } from './supabase/handbook-files.ts'

const recogniserKindSchema = z.enum(['pocketsphinx', 'loudness', 'none'])

const modelReadySchema = z.object({
  ready: z.literal(true),
  url: z.url(),
  recogniser: recogniserKindSchema,
  voice: z.enum(['espeak-ng', 'none'])
})

const accountSchema = z.object({
  email: z.string(),
  password: z.string(),
  groupId: z.string(),
  groupName: z.string(),
  groupSlug: z.string(),
  role: z.enum(['crew', 'manager'])
})

const backendReadySchema = z.object({
  ready: z.literal(true),
  url: z.url(),
  publishableKey: z.string(),
  secretKey: z.string(),
  accounts: z.array(accountSchema).min(2),
  found: z.unknown()
})

export const stackSchema = z.object({
  supabaseUrl: z.url(),
  publishableKey: z.string(),
  secretKey: z.string(),
  openaiUrl: z.url(),
  openaiKey: z.string(),
  recogniser: recogniserKindSchema,
  voice: z.enum(['espeak-ng', 'none']),
  /** Kiosk accounts, the sample restaurant's first, and then its manager's. */
  accounts: z.array(accountSchema).min(2)
})
export type StackAddress = z.output<typeof stackSchema>
export type LocalAccount = z.output<typeof accountSchema>

export type Stack = StackAddress & {
  /** False when another command started it: `close` leaves it running. */
  startedHere: boolean
  close(): Promise<void>
}

/** The first start creates the database and embeds the handbook: ten seconds, and minutes where the machine is busy. */
const BACKEND_READY_MS = 300_000
const MODEL_READY_MS = 30_000
const ATTACH_TIMEOUT_MS = 2_000

type Options = {
  dataDir?: string
  onLine?: (from: 'model' | 'backend', line: string) => void
  model?: ModelOptions
}

/** Milliseconds to every decision of the model, or the published times of the service. */
export type ModelTimesOption = number | 'service'

/** Options for runs of thousands of turns; the defaults are a real model's. */
export type ModelOptions = {
  /** Speaks the first words of an answer only; its transcript is whole. */
  brief?: boolean
  /** `loudness`: takes any loud speech for the handbook's next question. */
  recogniser?: 'pocketsphinx' | 'loudness'
  times?: ModelTimesOption
}

const modelArguments = ({ brief = false, recogniser, times }: ModelOptions): string[] => [
  ...(brief ? ['--brief'] : []),
  ...(recogniser === undefined ? [] : ['--recogniser', recogniser]),
  ...(times === undefined ? [] : ['--model-times', String(times)])
]

/**
 * Attaches to the stack that runs in `dataDir`, or starts one there.
 * @throws CommandError when a part does not start, another process has locked the folder, or model options are given for
 * a stack that runs already.
 */
export const openStack = async (options: Options = {}): Promise<Stack> => {
  const dataDir = options.dataDir ?? join(DATA_DIR, 'stack')
  const running = await findRunning(dataDir)
  if (running !== null) {
    if (options.model !== undefined)
      throw new CommandError(`A local stack is already up in ${dataDir}: stop it first.`)
    say('Using the local stack that is already up.')
    return { ...running, startedHere: false, close: async () => {} }
  }
  await mkdir(dataDir, { recursive: true })
  return startStack(
    dataDir,
    options.onLine ?? logTo(join(dataDir, 'stack.log')),
    options.model ?? {}
  )
}

/** Writes all lines to a file, and sentences without JSON to the terminal too. */
const logTo = (file: string): NonNullable<Options['onLine']> => {
  say(`The local stack's log: ${file}`)
  return (from, line) => {
    appendFileSync(file, `${from} ${line}\n`)
    if (!line.includes('{"')) say(`  ${line}`)
  }
}

const addressFile = (dataDir: string): string => join(dataDir, 'stack.json')

const findRunning = async (dataDir: string): Promise<StackAddress | null> => {
  let address: StackAddress
  try {
    address = stackSchema.parse(JSON.parse(await readFile(addressFile(dataDir), 'utf8')))
  } catch {
    // No stack was started here, or its file is of another version.
    return null
  }
  const answers = async (url: string, headers: Record<string, string>): Promise<boolean> => {
    try {
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(ATTACH_TIMEOUT_MS) })
      return response.ok
    } catch {
      return false
    }
  }
  const [backend, model] = await Promise.all([
    answers(`${address.supabaseUrl}/health`, { apikey: address.publishableKey }),
    answers(`${address.openaiUrl}/models`, { authorization: `Bearer ${address.openaiKey}` })
  ])
  return backend && model ? address : null
}

const startStack = async (
  dataDir: string,
  onLine: (from: 'model' | 'backend', line: string) => void,
  modelOptions: ModelOptions
): Promise<Stack> => {
  const questionsFile = join(dataDir, 'questions.json')
  await writeFile(
    questionsFile,
    JSON.stringify(await handbookQuestions(fromProject('supabase/handbook')))
  )
  const openaiKey = `sk-local-${randomBytes(24).toString('base64url')}`

  say('Starting the local model …')
  const model = await startChildProcess({
    name: 'The local model',
    script: fromProject('dev/openai/main.ts'),
    args: [
      ...['--port', '0', '--questions', questionsFile, '--api-key', openaiKey],
      ...modelArguments(modelOptions)
    ],
    ready: modelReadySchema,
    readyTimeoutMs: MODEL_READY_MS,
    onLine: (line) => onLine('model', line)
  })
  try {
    say('Starting the local Supabase …')
    const backend = await startChildProcess({
      name: 'The local Supabase',
      script: fromProject('dev/supabase/main.ts'),
      args: [
        ...['--data', join(dataDir, 'postgres'), '--port', '0'],
        ...['--openai-url', model.ready.url, '--openai-key', openaiKey],
        ...['--handbook', fromProject('supabase/handbook')]
      ],
      ready: backendReadySchema,
      readyTimeoutMs: BACKEND_READY_MS,
      onLine: (line) => onLine('backend', line)
    })
    const address: StackAddress = {
      supabaseUrl: backend.ready.url,
      publishableKey: backend.ready.publishableKey,
      secretKey: backend.ready.secretKey,
      openaiUrl: model.ready.url,
      openaiKey,
      recogniser: model.ready.recogniser,
      voice: model.ready.voice,
      accounts: backend.ready.accounts
    }
    await writeFile(addressFile(dataDir), JSON.stringify(address), { mode: 0o600 })
    return {
      ...address,
      startedHere: true,
      close: async () => {
        await rm(addressFile(dataDir), { force: true })
        await backend.stop()
        await model.stop()
      }
    }
  } catch (error) {
    await model.stop()
    throw error
  }
}
