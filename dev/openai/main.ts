// Starts the stand-in for the OpenAI API as one process:
//   node dev/openai/main.ts --port 0 --questions FILE.json --api-key KEY [--with-parent]
// and for soaks and benches, which run thousands of turns:
//   [--brief] [--recogniser loudness] [--model-times MS|service]
// and for the tests that check its traffic:
//   [--traffic FILE]
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { serve } from '@hono/node-server'
import { z } from 'zod'
import { newCounters } from './counters.ts'
import { newFaultPlan } from './fault-injection.ts'
import { openLoudnessRecogniser } from './loudness-recogniser.ts'
import { readModelTimes } from './model-times.ts'
import { createRealtimeServer } from './openai-server.ts'
import { withSpeechCache } from './speech-cache.ts'
import { openSpeechRecogniser } from './speech-recogniser.ts'
import { openVoice } from './speech-synthesiser.ts'
import { createTraffic, withTraffic } from './traffic.ts'
import { createTurnLog } from './turn-timeline.ts'

const questionsSchema = z.object({ en: z.array(z.string()), es: z.array(z.string()) })

const log = (event: string, detail: Record<string, string | number | boolean>): void => {
  process.stderr.write(`${JSON.stringify({ event, ...detail })}\n`)
}

const stopWith = (message: string): never => {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

const { values: flags } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    questions: { type: 'string' },
    'api-key': { type: 'string' },
    brief: { type: 'boolean', default: false },
    recogniser: { type: 'string', default: 'pocketsphinx' },
    'model-times': { type: 'string', default: '0' },
    traffic: { type: 'string' },
    'with-parent': { type: 'boolean', default: false }
  }
})
const apiKey =
  flags['api-key'] ?? stopWith('--api-key is missing: the key that callers must present.')
const port = Number(flags.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535)
  stopWith(`--port must be 0 to 65535, not ${flags.port}.`)

const { recogniser: recogniserKind } = flags
if (recogniserKind !== 'pocketsphinx' && recogniserKind !== 'loudness')
  stopWith(`--recogniser must be pocketsphinx or loudness, not ${recogniserKind}.`)
const times =
  readModelTimes(flags['model-times']) ??
  stopWith(`--model-times must be service or milliseconds, not ${flags['model-times']}.`)

const questions = questionsSchema.parse(
  flags.questions === undefined
    ? { en: [], es: [] }
    : JSON.parse(await readFile(flags.questions, 'utf8'))
)
const [recogniser, voice] = await Promise.all([
  recogniserKind === 'loudness'
    ? openLoudnessRecogniser(questions)
    : openSpeechRecogniser(questions),
  openVoice()
])
const counters = newCounters()
const traffic = createTraffic(flags.traffic ?? null)
if (recogniser.unpronounceable.length > 0)
  log('recogniser.unpronounceable', { questions: recogniser.unpronounceable.join(' | ') })
const server = createRealtimeServer(apiKey, {
  recogniser,
  voice: withSpeechCache(voice),
  plan: newFaultPlan(),
  counters,
  turns: createTurnLog(counters),
  pace: { brief: flags.brief, times },
  traffic,
  log
})

// Loopback only: `/local` is for the tests of this machine.
const { app } = server
const answer =
  flags.traffic === undefined ? app.fetch : withTraffic((request) => app.fetch(request), traffic)
const listening = serve({ fetch: answer, hostname: '127.0.0.1', port }, ({ port }) => {
  const ready = {
    ready: true,
    url: `http://127.0.0.1:${port}/v1`,
    recogniser: recogniser.kind,
    voice: voice.kind
  }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
})

listening.on('upgrade', server.upgrade)

let stopping = false
const stop = async (): Promise<void> => {
  if (stopping) return
  stopping = true
  await server.close()
  await recogniser.close()
  listening.close()
  process.exit(0)
}
process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())
if (flags['with-parent']) {
  // The parent holds the other end of standard input: the pipe closes when it dies.
  process.stdin.on('end', () => void stop())
  process.stdin.on('close', () => void stop())
  process.stdin.resume()
}
