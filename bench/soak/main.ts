// `npm run soak`: uses the built kiosk at random, with injected faults, and judges every question.
import { randomInt } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../../dev/ensure-built.ts'
import { ensureTools } from '../../dev/external-tools.ts'
import { openStack, type Stack } from '../../dev/local-stack.ts'
import { EXIT_USAGE, oneOf, wholeNumber } from '../../dev/option-values.ts'
import { CommandError, runCommand, say } from '../../dev/run-command.ts'
import { liftLimits } from '../lift-limits.ts'
import { writeSyntheticVoice } from '../synthetic-voice.ts'
import { createEvidence } from './loss-evidence.ts'
import { runSoak, type Soak, type SoakPlan } from './run-soak.ts'
import { USUAL_SHARES } from './scenario-generator.ts'
import { isFaulty, newTally, resultOf, sumOf, table } from './totals.ts'

const USAGE = `npm run soak -- [options]

  --turns N       holds and typed questions (default 2000; 10000 for a night)
  --seed N        what the turns are drawn from (default: another one each time, printed at the start)
  --from N        the first scenario of the seed to play (default 0), to play a part of a run again
  --trouble X     share of scenarios with injected faults (default ${USUAL_SHARES.faults})
  --path PATH     both (default), webrtc, websocket or auto: the transport of the calls. With both, two kiosks run at
                  once, each with a stack of its own and half of the turns. With auto, the first connect that is cut
                  off leads to the WebSocket, and for ten minutes every call goes there
  --keep DIR      keeps the logs of the kiosks and the stacks in this folder; by default they go with the soak
  --json          one JSON object as the last line

The exit code is 1 when a question was lost, a gate was stuck, a turn was answered without passages or mixed live and
recorded sound, the page had an uncaught error, or too short a hold was asked. Ctrl-C ends it with the sums so far.`

const DEFAULT_TURNS = 2_000
const MOST_TURNS = 1_000_000
const SEEDS = 2 ** 31
const BOTH = ['webrtc', 'websocket'] as const
/** Of a quick model; the machine's own time comes on top. */
const MODEL_DELAY_MS = 20

const shareOf = (text: string): number => {
  const value = Number(text)
  if (value >= 0 && value <= 1) return value
  throw new CommandError(`--trouble must be 0 to 1, not ${text}.`, EXIT_USAGE)
}

type SoakedKiosk = { stack: Stack; soak: Soak }

/** One after the other: two new databases at once take too long on two cores. */
const openKiosks = async (
  plans: readonly SoakPlan[],
  folder: string
): Promise<readonly SoakedKiosk[]> => {
  const kiosks: SoakedKiosk[] = []
  for (const plan of plans) {
    const evidence = createEvidence()
    const stack = await openStack({
      dataDir: join(folder, plan.path, 'stack'),
      model: { brief: true, recogniser: 'loudness', times: MODEL_DELAY_MS },
      onLine: (_, line) => evidence.model(line)
    }).catch(async (error: unknown) => {
      await closeAll(kiosks)
      throw error
    })
    kiosks.push({ stack, soak: { plan, stack, tally: newTally(performance.now()), evidence } })
    await liftLimits(stack)
  }
  return kiosks
}

const closeAll = async (kiosks: readonly SoakedKiosk[]): Promise<void> => {
  await Promise.all(kiosks.map(({ stack }) => stack.close()))
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      turns: { type: 'string', default: String(DEFAULT_TURNS) },
      seed: { type: 'string', default: String(randomInt(SEEDS)) },
      from: { type: 'string', default: '0' },
      trouble: { type: 'string', default: String(USUAL_SHARES.faults) },
      path: { type: 'string' },
      keep: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  const seed = wholeNumber('--seed', values.seed, 0, SEEDS)
  const path = oneOf('--path', values.path, ['both', 'webrtc', 'websocket', 'auto']) ?? 'both'
  const paths = path === 'both' ? BOTH : [path]
  const choices = {
    seed,
    from: wholeNumber('--from', values.from, 0, Number.MAX_SAFE_INTEGER),
    turns: Math.ceil(wholeNumber('--turns', values.turns, 1, MOST_TURNS) / paths.length),
    shares: { ...USUAL_SHARES, faults: shareOf(values.trouble) }
  }
  await ensureTools()
  await ensureBuilt()
  const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'heard-soak-')))
  const removeFolder = () => {
    if (values.keep === undefined) rmSync(folder, { recursive: true, force: true })
  }
  let kiosks: readonly SoakedKiosk[] = []
  const printResult = (): number => {
    const tally = sumOf(kiosks.map(({ soak }) => soak.tally))
    const result = { ...resultOf(tally, performance.now()), seed }
    process.stdout.write(`${table(result)}\n`)
    if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`)
    return isFaulty(tally) ? 1 : 0
  }
  // The terminal signals the child processes, too: they end by themselves.
  process.prependListener('SIGINT', () => {
    say('Ended early; the results so far:')
    const code = printResult()
    removeFolder()
    process.exit(code)
  })

  say(`Seed ${seed}.`)
  try {
    const microphone = join(folder, 'voice.wav')
    await mkdir(folder, { recursive: true })
    writeSyntheticVoice(microphone)
    const plans = paths.map((one) => ({
      ...choices,
      path: one,
      userDataDir: join(folder, one, 'kiosk')
    }))
    kiosks = await openKiosks(plans, folder)
    await Promise.all(
      kiosks.map(({ soak }) => {
        soak.tally.startedAtMs = performance.now()
        return runSoak(soak, microphone)
      })
    )
  } finally {
    await closeAll(kiosks)
    removeFolder()
  }
  return printResult()
})
