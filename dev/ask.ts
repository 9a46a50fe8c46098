// `npm run ask`: asks the built kiosk one question through its screen or microphone, and prints the outcome.
// All figures come from outside the kiosk: its screen, its speaker and its log.
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from '@playwright/test'
import {
  type HandbookQuestion,
  handbookQuestionSchema,
  SEARCH_TOOL_NAME
} from '../src/shared/handbook.ts'
import type { Language } from '../src/shared/language.ts'
import { type TurnCounts, turnCountsSchema } from '../src/shared/turn-cost.ts'
import { withTarget } from './backend-target.ts'
import { chooseShell } from './choose-shell.ts'
import { openNetwork } from './company-network.ts'
import {
  type CitationSeen,
  chooseLanguage,
  holdWhileSpeaking,
  states,
  type TurnSeen,
  talkButton,
  turnNumber,
  typeQuestion,
  waitForOutcome,
  waitUntilPressRecorded,
  waitUntilReady
} from './drive/kiosk-screen.ts'
import {
  type KioskDriver,
  type LogLine,
  launchKiosk,
  type ShellName
} from './drive/launch-kiosk.ts'
import {
  type MicrophoneFile,
  recording,
  speak,
  writeMicrophoneFile
} from './drive/microphone-file.ts'
import type { StateSeen } from './drive/page-probe.ts'
import { firstAbove, peakDb } from './drive/recording-level.ts'
import { secretsInRenderer } from './drive/secret-scan.ts'
import { ensureBuilt } from './ensure-built.ts'
import { ensureTools } from './external-tools.ts'
import type { KioskTarget } from './kiosk-environment.ts'
import { samplesFromBase64 } from './openai/input-audio-buffer.ts'
import { oneOf } from './option-values.ts'
import { CommandError, runCommand, say } from './run-command.ts'
import { readWav, writeWav } from './wav.ts'

const USAGE = `npm run ask -- [options] "How hot does chicken have to be?"

  --speak              says the question into the kiosk's microphone instead of typing it
  --wav FILE           plays a PCM16 WAV recording into the microphone instead
  --cold               presses before there is a call: the question is recorded and asked when there is one
                       (with --speak or --wav, on the local stack)
  --language en|es     the kiosk's language (default en)
  --shell electron|preview|packaged   (packaged: what npm run package made)
  --network company|untrusted   between the kiosk and the local stack: a proxy that wants a password, and certificates of
                       a private authority (untrusted: which the kiosk does not trust). Not with the preview shell
  --model-times service   the local model takes the published times of the service
  --out DIR            where the sound and the screenshot go (default: a temporary folder)
  --json               one JSON object as the last line

With HEARD_SUPABASE_URL and HEARD_SUPABASE_PUBLISHABLE_KEY set it asks that project, signed in with
HEARD_SIGN_IN_EMAIL and HEARD_SIGN_IN_PASSWORD_FILE.`

/** All fields are measured; none is copied from the request. */
export type Asked = TurnSeen & {
  shell: ShellName
  input: 'typed' | 'speech'
  /** The model's search; null without one, or when the call is a WebSocket. */
  searchedFor: HandbookQuestion | null
  states: string[]
  audio: { path: string; seconds: number; peakDb: number }
  screenshot: string
  /** Responses of the model up to the answer: one where its passages were there at the commit. */
  passes: number | null
  /** Tokens by kind and transcribed seconds of the turn; null where the service reported none. */
  cost: TurnCounts | null
  timingsMs: {
    connect: number | null
    search: number | null
    firstAudio: number | null
    total: number
  }
  rendererRequests: number
  tokensInRenderer: number
}

type Input = { kind: 'typed'; question: string } | { kind: 'speech'; file: MicrophoneFile }

/** With --cold the local model mints a key after this time, which is longer than a kiosk waits. */
const COLD_MINT_MS = 20_000

/** Below this level is noise, not an answer. */
const AUDIBLE_DB = -45

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      speak: { type: 'boolean', default: false },
      wav: { type: 'string' },
      cold: { type: 'boolean', default: false },
      language: { type: 'string', default: 'en' },
      shell: { type: 'string' },
      network: { type: 'string' },
      'model-times': { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  const question = positionals.join(' ').trim()
  if (values.help || (question === '' && values.wav === undefined)) {
    process.stdout.write(`${USAGE}\n`)
    return values.help ? 0 : 64
  }
  const language = languageOf(values.language)
  await ensureTools()
  const outDir = resolve(values.out ?? (await mkdtemp(join(tmpdir(), 'heard-ask-'))))
  await mkdir(outDir, { recursive: true })
  const input = inputOf(question, values, language, outDir)

  if (values.cold && input.kind === 'typed') {
    throw new CommandError('--cold is for a spoken question: add --speak or --wav FILE.', 64)
  }
  const shell = await chooseShell(values.shell ?? process.env.HEARD_SHELL)
  if (values.network !== undefined && shell === 'preview') {
    throw new CommandError('--network needs Electron: the preview shell knows no proxy.', 64)
  }
  await ensureBuilt()
  const times = oneOf('--model-times', values['model-times'], ['service'])
  return withTarget(times, async (stackTarget) => {
    const network = await openNetwork(values.network, stackTarget)
    const { target } = network
    if (values.cold) await delayMint(target, COLD_MINT_MS)
    say(`Opening the kiosk (${shell}) …`)
    const driven = await launchKiosk({
      shell,
      target,
      env: network.env,
      microphone: input.kind === 'speech' ? input.file.path : null
    })
    try {
      const warmUp = values.cold ? () => delayMint(target, 0) : null
      const asked = await ask(driven, input, language, outDir, warmUp)
      printAsked(asked)
      say(`Sound and screenshot are in ${outDir}`)
      if (values.json) process.stdout.write(`${JSON.stringify(asked)}\n`)
      return asked.outcome === 'answered' || asked.outcome === 'not_found' ? 0 : 1
    } catch (error) {
      throw networkProblem(await driven.log()) ?? error
    } finally {
      await driven.close()
      await network.close()
    }
  })
})

/** The sentence for IT, when the kiosk's log ends with a network failure. */
function networkProblem(log: LogLine[]): CommandError | null {
  const last = log.findLast(({ event }) => event?.startsWith('network.') === true)
  return last?.event === 'network.failed' ? new CommandError(String(last.sentence)) : null
}

async function delayMint(target: KioskTarget, ms: number): Promise<void> {
  if (target.kind !== 'local') throw new CommandError('--cold needs the local stack.', 64)
  const { openaiUrl, openaiKey } = target.stack
  const response = await fetch(new URL('/local/faults', openaiUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${openaiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ clientSecretsDelayMs: ms })
  })
  if (!response.ok) throw new Error(`the local model refused: ${await response.text()}`)
}

function languageOf(word: string): Language {
  if (word === 'en' || word === 'es') return word
  throw new CommandError(`--language is "en" or "es", not "${word}".`, 64)
}

function inputOf(
  question: string,
  values: { speak: boolean; wav?: string | undefined },
  language: Language,
  outDir: string
): Input {
  const path = join(outDir, 'microphone.wav')
  if (values.wav !== undefined) {
    return { kind: 'speech', file: writeMicrophoneFile(path, recording(values.wav)) }
  }
  return values.speak
    ? { kind: 'speech', file: writeMicrophoneFile(path, speak(question, language)) }
    : { kind: 'typed', question }
}

async function ask(
  driven: KioskDriver,
  input: Input,
  language: Language,
  outDir: string,
  /** Opens the call after the question was spoken; null: the call is open before. */
  warmUp: (() => Promise<void>) | null
): Promise<Asked> {
  const { page } = driven
  if (warmUp !== null) {
    await page.locator(`[data-testid=language-${language}]`).click()
    await waitUntilPressRecorded(page)
  } else {
    await waitUntilReady(page)
    await chooseLanguage(page, language)
  }
  const turn = (await turnNumber(page)) + 1
  say('Ready. Asking …')
  const startRecorder = () => page.evaluate(() => window.__pageProbe.recorder.start())
  await startRecorder()
  const button = talkButton(page)
  const askedAtMs =
    input.kind === 'typed'
      ? await typeQuestion(page, input.question)
      : await holdWhileSpeaking(page, input.file, {
          // Drops the recording of the wait before the press.
          press: async () => {
            await startRecorder()
            await button.press()
          },
          release: async () => {
            await button.release()
            await warmUp?.()
          }
        })
  const seen = await waitForOutcome(page, turn)
  const endedAtMs = await page.evaluate(() => performance.now())

  const recorded = await page.evaluate(() => window.__pageProbe.recorder.stop())
  const sound = {
    samples: samplesFromBase64(recorded.base64),
    rateHz: recorded.sampleRate
  }
  const audioPath = join(outDir, 'answer.wav')
  await writeFile(audioPath, writeWav(sound))
  const written = readWav(await readFile(audioPath))
  if (!written.ok) throw new Error(`the answer's file is ${written.problem}`)
  const { samples, rateHz } = written.sound

  const screenshot = join(outDir, 'screen.png')
  await page.screenshot({ path: screenshot })
  const statesSeen = await states(page)
  const log = await driven.log()
  const refused = await page.evaluate(() => window.__pageProbe.refusedUrls.length)
  return {
    shell: driven.shell,
    input: input.kind,
    ...seen,
    searchedFor: await searchedFor(page),
    states: statesSeen.map(({ state }) => state),
    audio: {
      path: audioPath,
      seconds: round(samples.length / rateHz, 2),
      peakDb: round(peakDb(samples), 1)
    },
    screenshot,
    passes: lastNumber(log, 'turn.timed', 'passes'),
    cost: costIn(log),
    timingsMs: {
      connect: connectMs(statesSeen),
      search: lastNumber(log, 'handbook.searched', 'ms'),
      firstAudio: firstAudioMs(recorded, samples, statesSeen, askedAtMs),
      total: Math.round(endedAtMs - askedAtMs)
    },
    rendererRequests: driven.requests.urls.length + refused,
    tokensInRenderer: (await secretsInRenderer(page)).length
  }
}

async function searchedFor(page: Page): Promise<HandbookQuestion | null> {
  const json = await page.evaluate(
    (name) => window.__pageProbe.toolArguments[name],
    SEARCH_TOOL_NAME
  )
  const read = handbookQuestionSchema.safeParse(json === undefined ? null : JSON.parse(json))
  return read.success ? read.data : null
}

/** From the last `connecting` before the first `connected` to that `connected`. */
function connectMs(seen: StateSeen[]): number | null {
  const end = seen.findIndex(({ state }) => state === 'connected')
  const start = seen.slice(0, Math.max(0, end)).findLast(({ state }) => state === 'connecting')
  const connected = seen[end]
  return start === undefined || connected === undefined
    ? null
    : Math.round(connected.atMs - start.atMs)
}

/**
 * From the question's end to the first audible sample of the answer. The kiosk's cues play before the screen shows
 * `speaking`, so the search begins just before that.
 */
function firstAudioMs(
  recorded: { sampleRate: number; startedAtMs: number },
  samples: Int16Array,
  seen: StateSeen[],
  askedAtMs: number
): number | null {
  const speaking = seen.find(({ state, atMs }) => state === 'speaking' && atMs > askedAtMs)
  if (speaking === undefined) return null
  const beforeMs = 100
  const fromMs = speaking.atMs - beforeMs - recorded.startedAtMs
  const from = Math.max(0, Math.round((fromMs / 1000) * recorded.sampleRate))
  const at = firstAbove(samples.subarray(from), AUDIBLE_DB)
  if (at < 0) return null
  return Math.round(recorded.startedAtMs + ((from + at) / recorded.sampleRate) * 1000 - askedAtMs)
}

function lastNumber(log: LogLine[], event: string, field: string): number | null {
  const value = log.findLast((entry) => entry.event === event)?.[field]
  return typeof value === 'number' ? Math.round(value) : null
}

function costIn(log: LogLine[]): TurnCounts | null {
  const line = log.findLast(({ event }) => event === 'turn.timed')
  return turnCountsSchema
    .nullable()
    .catch(null)
    .parse(line?.cost ?? null)
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

function searchText({ question, restated, sections }: HandbookQuestion): string {
  const named = sections.length === 0 ? 'no section named' : `named ${sections.join(', ')}`
  return `${restated ?? question} (${named})`
}

function citationText({ title, slug, language, hasUnverifiedQuote }: CitationSeen): string {
  return `Section    ${title} (${slug}, ${language})${hasUnverifiedQuote ? ', misquoted' : ''}`
}

function printAsked(asked: Asked): void {
  const lines = [
    `Heard      ${asked.heard}`,
    ...(asked.searchedFor === null ? [] : [`Searched   ${searchText(asked.searchedFor)}`]),
    `Answer     ${asked.answer}`,
    `Found      ${asked.found ? 'yes' : 'no'} (${asked.outcome})`,
    ...asked.unverifiedFigures.map((figure) => `Unverified ${figure}`),
    ...asked.citations.map(citationText),
    `States     ${asked.states.join(' → ')}`,
    `Sound      ${asked.audio.seconds} s, peak ${asked.audio.peakDb} dB`,
    `Passes     ${asked.passes ?? 'unknown'}`,
    `Cost       ${asked.cost === null ? 'unknown' : JSON.stringify(asked.cost)}`,
    `Timings    ${JSON.stringify(asked.timingsMs)} ms`,
    `Renderer   ${asked.rendererRequests} requests, ${asked.tokensInRenderer} tokens`
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
