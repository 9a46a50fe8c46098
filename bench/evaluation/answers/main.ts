// `npm run eval:answers`: asks questions in the kiosk's session over the Realtime WebSocket, in text, and measures the answers.
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { startChildProcess } from '../../../dev/child-process.ts'
import { EXIT_USAGE, oneOf, wholeNumber } from '../../../dev/option-values.ts'
import { fromProject } from '../../../dev/paths.ts'
import { CommandError, runCommand, say } from '../../../dev/run-command.ts'
import { languageSchema } from '../../../src/shared/language.ts'
import { realService } from '../embedding-source.ts'
import { type EvaluationQuestion, HALVES, HANDBOOKS, loadSet, SET_NAMES } from '../question-set.ts'
import { type Summary, summarise } from './answer-measures.ts'
import { askQuestion, type Run } from './ask-question.ts'
import { chooseQuestions, type Estimate, estimateRun } from './choose-questions.ts'
import { type HandbookAccess, openHandbookAccess } from './handbook-access.ts'
import { openRealtimeConnection } from './realtime-connection.ts'
import { sessionSettings } from './session-settings.ts'
import { asText } from './summary-table.ts'
import { PRICES } from './token-prices.ts'

const USAGE = `npm run eval:answers -- [options]

  --set SET         sample (default) or held-out
  --half HALF       development or test; both by default
  --language LANG   en or es; both by default
  --limit N         N of the chosen questions, evenly spread
  --yes             asks the real service without asking you first
  --json            one JSON object as the last line: model, isReal, rows, asked, failures, usage, cost and runs

With OPENAI_API_KEY it asks the real service, which costs money: it prints an estimate and asks first. Without it, it asks
the local stand-in, which is no reader; its figures say only that the way there works.
The exit code is 0 when everything ran.`

const MODEL_READY_MS = 30_000

/** At a time: the service limits tokens a minute. */
const CONNECTIONS = 3
const QUESTIONS_PER_REPORT = 50
/** The service counts its limits by the minute. */
const RATE_LIMIT_PAUSE_MS = 20_000
const MOST_TRIES = 4
const RATE_LIMITED = 'rate_limit_exceeded'

type Model = { url: string; key: string; isReal: boolean; stop: () => Promise<void> }

const openStandIn = async (): Promise<Model> => {
  say('No OPENAI_API_KEY: the local stand-in is asked. It compares words and is no reader.')
  const key = `sk-local-${randomBytes(24).toString('base64url')}`
  const child = await startChildProcess({
    name: 'The local model',
    script: fromProject('dev/openai/main.ts'),
    args: ['--port', '0', '--api-key', key, '--recogniser', 'loudness'],
    ready: z.object({ url: z.url() }),
    readyTimeoutMs: MODEL_READY_MS
  })
  return { url: child.ready.url, key, isReal: false, stop: child.stop }
}

const sayEstimate = (questions: number, model: string, estimate: Estimate): void => {
  const { usage, least, most } = estimate
  const cost =
    least === null || most === null
      ? 'there is no listed price'
      : `$${least.toFixed(2)} (instructions cached) to $${most.toFixed(2)} (never cached) by the prices of ${PRICES.date}, embeddings not counted`
  say(
    `${questions} questions to ${model}: about ${usage.input} tokens in, ${usage.output} out; ${cost}.`
  )
}

/** @throws CommandError without a terminal */
const confirm = async (): Promise<boolean> => {
  if (!process.stdin.isTTY) throw new CommandError('Add --yes to ask the real service.', EXIT_USAGE)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await terminal.question('Ask them? [y/N] ')).trim())
  } finally {
    terminal.close()
  }
}

/** Asks again after a rate limit. */
const askWithRetries = async (ask: () => Promise<Run>): Promise<Run> => {
  for (let tries = 1; ; tries += 1) {
    const run = await ask()
    if (run.failure !== RATE_LIMITED || tries === MOST_TRIES) return run
    await delay(RATE_LIMIT_PAUSE_MS)
  }
}

const askAll = async (
  questions: readonly EvaluationQuestion[],
  access: HandbookAccess,
  { url, key }: Model
): Promise<Run[]> => {
  const runs: Run[] = []
  const waiting = questions.entries()
  const lines = Array.from({ length: CONNECTIONS }, async () => {
    for (const [place, question] of waiting) {
      const { group, language } = question
      const { model, session } = await access.session(group, language)
      runs[place] = await askWithRetries(() =>
        askQuestion(question, {
          openRealtimeConnection: () => openRealtimeConnection(url, key, model),
          session,
          search: (asked) => access.search(group, language, asked)
        })
      )
      if ((place + 1) % QUESTIONS_PER_REPORT === 0) say(`  ${place + 1} of ${questions.length}`)
    }
  })
  await Promise.all(lines)
  return runs
}

/** Without the passages. */
const runJson = ({ question, passages, ...run }: Run) => ({
  id: question.id,
  text: question.text,
  ...run,
  given: passages.map(({ slug, anchor }) => `${slug}#${anchor}`)
})

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      set: { type: 'string', default: 'sample' },
      half: { type: 'string' },
      language: { type: 'string' },
      limit: { type: 'string' },
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  const set = oneOf('--set', values.set, SET_NAMES) ?? 'sample'
  const half = oneOf('--half', values.half, HALVES) ?? null
  const language = oneOf('--language', values.language, languageSchema.options) ?? null
  const limit = values.limit === undefined ? null : wholeNumber('--limit', values.limit, 1, 999_999)
  const { handbook, questions: all } = await loadSet(set)
  const questions = chooseQuestions(all, { half, language, limit })

  const settings = sessionSettings(process.env)
  const service = realService(process.env)
  if (service !== null) {
    sayEstimate(questions.length, settings.model, estimateRun(settings, handbook, questions))
    if (!values.yes && !(await confirm())) return 0
  }
  const model: Model =
    service === null ? await openStandIn() : { ...service, isReal: true, stop: async () => {} }
  try {
    const access = await openHandbookAccess({
      handbookFolder: HANDBOOKS[set],
      openaiUrl: model.url,
      openaiKey: model.key,
      settings,
      // The log of the edge functions is JSON.
      log: (line) => {
        if (!line.includes('{"')) say(line)
      }
    })
    try {
      say(`Asking ${questions.length} questions …`)
      const runs = await askAll(questions, access, model)
      const summary: Summary = summarise(settings.model, runs)
      process.stdout.write(
        `${model.isReal ? settings.model : `the stand-in for ${settings.model} (nothing was paid)`}, ${set}: ${asText(summary)}\n`
      )
      if (values.json) {
        const { isReal } = model
        const result = { model: settings.model, isReal, set, ...summary, runs: runs.map(runJson) }
        process.stdout.write(`${JSON.stringify(result)}\n`)
      }
      return 0
    } finally {
      await access.close()
    }
  } finally {
    await model.stop()
  }
})
