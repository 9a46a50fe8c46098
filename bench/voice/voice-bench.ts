// Measures the voice turn against its budgets and other clients, in Chromium on the local stack.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { ensureBuilt } from '../../dev/ensure-built.ts'
import { ensureTools, findChromium } from '../../dev/external-tools.ts'
import { type ModelOptions, openStack, type Stack } from '../../dev/local-stack.ts'
import { oneOf } from '../../dev/option-values.ts'
import { fromProject } from '../../dev/paths.ts'
import { CommandError, say } from '../../dev/run-command.ts'
import { handbookQuestions } from '../../dev/supabase/handbook-files.ts'
import { LANGUAGES } from '../../src/shared/language.ts'
import type { BenchResult, Progress } from '../bench-result.ts'
import { liftLimits } from '../lift-limits.ts'
import { writeSpokenLoop } from '../spoken-questions.ts'
import { writeSyntheticVoice } from '../synthetic-voice.ts'
import { compareClients } from './client-comparison.ts'
import { COLD_QUESTIONS, measureColdCall } from './cold-call.ts'
import { measureIdle } from './idle-cpu.ts'
import { measureShortestPress } from './shortest-press.ts'
import { measureStartupTime } from './startup-time.ts'
import { measureTurns } from './turn-latency.ts'

/** The values of `--only`. */
const PARTS = {
  turns:
    'press → gate, first packet, silence, commit, tool output, first audible, long tasks, frames, tokens',
  contest: 'call ready, first audible and lost speech, in turn with the other clients',
  service: 'first audible in turn with the other clients, and passes, at the times of the service',
  shortest: 'presses just short of a question and just past it',
  start: 'start → ready to be pressed, size of the script',
  idle: 'processor time with a call open',
  cold: 'questions spoken with no call open, recognised word for word'
} as const
type Part = keyof typeof PARTS

export const PARTS_HELP = Object.entries(PARTS)
  .map(([name, what]) => `                  ${name.padEnd(9)} ${what}`)
  .join('\n')

export const DEFAULT_TURNS = 200
/** Fewer turns give no reliable 95th percentile. */
export const REPORTED_TURNS = 200
/** A quick model decides in this time. All clients get the same. */
const MODEL_DELAY_MS = 150

/** For 200 turns: 24 rounds of the contest, 5 at the service's times, 20 presses each, 10 starts, 60 s of idling. */
const sharesOf = (turns: number) => ({
  rounds: Math.max(2, Math.round(turns * 0.12)),
  serviceRounds: Math.max(2, Math.round(turns * 0.025)),
  presses: Math.max(4, Math.round(turns * 0.1)),
  starts: Math.max(2, Math.round(turns * 0.05)),
  idleWindows: Math.max(2, Math.min(12, Math.round(turns * 0.06)))
})

type Plan = { parts: readonly Part[]; turns: number; folder: string }

/** Keeps the results of the other parts when one fails. */
const attempted = async (
  part: Part,
  measure: (progress: Progress) => Promise<BenchResult>
): Promise<BenchResult | Failed> => {
  say(`${part}: ${PARTS[part]} …`)
  try {
    return await measure((text) => say(`  ${part}: ${text}`))
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return { failed: part }
  }
}

type Failed = { failed: Part }

const isMeasured = (section: BenchResult | Failed): section is BenchResult => !('failed' in section)

const withStack = async <T>(
  folder: string,
  model: ModelOptions,
  work: (stack: Stack) => Promise<T>
): Promise<T> => {
  const stack = await openStack({ dataDir: folder, model, onLine: () => {} })
  try {
    if (stack.voice === 'none') {
      throw new CommandError(
        'The local model has no voice here: npm run setup says how to get espeak-ng.'
      )
    }
    await liftLimits(stack)
    return await work(stack)
  } finally {
    await stack.close()
  }
}

/** Parts on one stack: without a speech recogniser, with brief answers of a quick model. */
type QuickPart = Exclude<Part, 'cold' | 'service'>
const isQuick = (part: Part): part is QuickPart => part !== 'cold' && part !== 'service'

const measureQuick = ({ parts, turns, folder }: Plan): Promise<(BenchResult | Failed)[]> =>
  withStack(
    join(folder, 'quick'),
    { brief: true, recogniser: 'loudness', times: MODEL_DELAY_MS },
    async (stack) => {
      const microphone = join(folder, 'voice.wav')
      writeSyntheticVoice(microphone)
      const { rounds, presses, starts, idleWindows } = sharesOf(turns)
      const measure: Record<QuickPart, (progress: Progress) => Promise<BenchResult>> = {
        turns: (progress) => measureTurns(stack, microphone, turns, progress),
        contest: (progress) => compareClients('own')(stack, microphone, rounds, progress),
        shortest: (progress) => measureShortestPress(stack, microphone, presses, progress),
        start: (progress) => measureStartupTime(stack, microphone, starts, progress),
        idle: (progress) => measureIdle(stack, microphone, idleWindows, progress)
      }
      const sections: (BenchResult | Failed)[] = []
      for (const part of parts) {
        if (isQuick(part)) sections.push(await attempted(part, measure[part]))
      }
      return sections
    }
  )

const measureAtServiceTimes = ({ turns, folder }: Plan): Promise<BenchResult | Failed> =>
  withStack(
    join(folder, 'service'),
    { brief: true, recogniser: 'loudness', times: 'service' },
    (stack) => {
      const microphone = join(folder, 'service.wav')
      writeSyntheticVoice(microphone)
      const { serviceRounds } = sharesOf(turns)
      return attempted('service', (progress) =>
        compareClients('service')(stack, microphone, serviceRounds, progress)
      )
    }
  )

const measureWithRecogniser = ({ turns, folder }: Plan): Promise<BenchResult | Failed> =>
  withStack(join(folder, 'recogniser'), { brief: true }, async (stack) => {
    if (stack.recogniser !== 'pocketsphinx') {
      return {
        rows: [],
        notes: ['Cold presses were not measured: pocketsphinx is missing (npm run setup).']
      }
    }
    const known = await handbookQuestions(fromProject('supabase/handbook'))
    const questions = LANGUAGES.flatMap((language) =>
      known[language].slice(0, COLD_QUESTIONS).map((text) => ({ language, text }))
    )
    const loop = writeSpokenLoop(join(folder, 'questions.wav'), questions)
    return attempted('cold', (progress) =>
      measureColdCall(stack, loop, sharesOf(turns).presses, progress)
    )
  })

const chromiumVersion = async (): Promise<string> => {
  const executablePath = findChromium()
  if (executablePath === null) throw new CommandError('Chromium is missing: npm run setup.')
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath, args })
  try {
    return browser.version()
  } finally {
    await browser.close()
  }
}

export const partsOf = (only: readonly string[]): Part[] => {
  const all = Object.keys(PARTS).filter((name): name is Part => name in PARTS)
  const chosen = only.map((name) => oneOf('--only', name, all))
  return only.length === 0 ? all : all.filter((part) => chosen.includes(part))
}

/** `isWhole`: no part has failed. */
export const measureVoice = async (
  parts: readonly Part[],
  turns: number
): Promise<BenchResult & { isWhole: boolean; chromium: string }> => {
  await ensureTools()
  await ensureBuilt()
  const folder = await mkdtemp(join(tmpdir(), 'heard-bench-'))
  try {
    const plan = { parts, turns, folder }
    const attempts = parts.some(isQuick) ? await measureQuick(plan) : []
    if (parts.includes('service')) attempts.push(await measureAtServiceTimes(plan))
    if (parts.includes('cold')) attempts.push(await measureWithRecogniser(plan))
    const sections = attempts.filter(isMeasured)
    return {
      rows: sections.flatMap((section) => section.rows),
      notes: sections.flatMap((section) => section.notes),
      isWhole: sections.length === attempts.length,
      chromium: await chromiumVersion()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
