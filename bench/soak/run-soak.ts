// Runs one soak: plays scenarios batch by batch in the built kiosk, and judges each batch.
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { waitUntilPressRecorded } from '../../dev/drive/kiosk-screen.ts'
import { type KioskDriver, type LogLine, launchKiosk } from '../../dev/drive/launch-kiosk.ts'
import type { StackAddress } from '../../dev/local-stack.ts'
import { CommandError, say } from '../../dev/run-command.ts'
import { bundlePageScript } from '../bundle-page-script.ts'
import { injectFaults, modelState } from '../stand-in-control.ts'
import { type AudioArrival, audioOutsideHolds } from './audio-outside-holds.ts'
import { childrenMb, watchHeap } from './heap-growth.ts'
import { judge, type TimedTurn } from './judge-turns.ts'
import { tailLog } from './log-tail.ts'
import type { Evidence } from './loss-evidence.ts'
import type { BatchObservation } from './observations.ts'
import type { InjectedFaults, Scenario } from './scenario.ts'
import { type PlanShares, scenarioAt } from './scenario-generator.ts'
import { addJudgement, progressLine, type Tally } from './totals.ts'

export type SoakPlan = {
  seed: number
  /** Index of the first scenario. */
  from: number
  turns: number
  shares: PlanShares
  path: 'auto' | 'webrtc' | 'websocket'
  /** Settings, session and log of the kiosk. */
  userDataDir: string
}

/** `tally` and `evidence` are up to date at any time, for a soak that ends early. */
export type Soak = { plan: SoakPlan; stack: StackAddress; tally: Tally; evidence: Evidence }

type Batch = { seen: BatchObservation; scenarios: readonly Scenario[] }

/** Shortens the hour of a call's life to less than a minute. */
const CALL_CLOCK = {
  HEARD_CALL_ROTATE_SECONDS: '20',
  HEARD_CALL_ROTATE_BY_SECONDS: '40',
  HEARD_CALL_IDLE_GAP_SECONDS: '0',
  HEARD_CALL_USE_LIMIT_SECONDS: '60',
  HEARD_CALL_IDLE_SECONDS: '5'
} as const
const CHILD_SCRIPTS = {
  main: 'dev/preview/main.ts',
  model: 'dev/openai/main.ts',
  backend: 'dev/supabase/main.ts'
} as const

/** The first batch is shorter: the first heap sample comes early. */
const FIRST_SCENARIOS = 20
const BATCH_SCENARIOS = 40
/** Most scenarios begin one turn, some two, some none. */
const LEAST_SCENARIOS = 5
const PROGRESS_TURNS = 50
const HEAP_TURNS = 100
/** Two calls lost in one question, and the third without an answer, each at its own limit. */
const SETTLE_MS = 90_000
/** The tail, and a second. */
const GATE_MS = 1_200
const MODEL_POLL_MS = 500
/** From the end of a turn to its line in the log, on a busy machine. */
const LOG_LIMIT_MS = 5_000
const LOG_POLL_MS = 100
/** Later sound outside a hold counts as another stuck gate. */
const ONE_GATE_MS = 5_000
/** Scenarios before a fault that may have caused it. */
const LEADING_SCENARIOS = 3
const REPLAYED_TURNS = 20

const timedTurn = (line: LogLine): TimedTurn[] => {
  if (line.event !== 'turn.timed') return []
  const { turnId, kind, outcome, asks, passes, path, carrier } = line
  const endMs = (line.marks as Record<string, number>).end ?? 0
  return [{ turnId, kind, outcome, asks, passes, path, carrier, endMs } as TimedTurn]
}

/** Polls the stand-in for its counters and the last sound of each call. */
const watchModel = ({ stack, tally }: Soak) => {
  let arrivals: AudioArrival[] = []
  let latest = new Map<string, number>()
  let isEnded = false
  const poll = async () => {
    const { calls, counters, lagMs } = await modelState(stack)
    const { mixedTurns, answersWithoutPassages, createsRefused, callsOpened } = counters
    tally.standIn = { mixedTurns, answersWithoutPassages, createsRefused, callsOpened }
    const known = latest
    latest = new Map()
    for (const { callId, lastSpeechAtMs } of calls) {
      if (lastSpeechAtMs === null) continue
      latest.set(callId, lastSpeechAtMs)
      if (known.get(callId) !== lastSpeechAtMs)
        arrivals.push({ callId, atMs: lastSpeechAtMs, lagMs })
    }
  }
  const run = async () => {
    while (!isEnded) {
      await poll()
      await delay(MODEL_POLL_MS)
    }
  }
  const running = run()
  return {
    poll,
    /** Removes and returns the arrivals so far. */
    takeArrivals: (): AudioArrival[] => {
      const taken = arrivals
      arrivals = []
      return taken
    },
    end: () => {
      isEnded = true
      return running
    }
  }
}
type ModelWatch = ReturnType<typeof watchModel>

const installDriver = async (page: Page, { stack, evidence }: Soak): Promise<void> => {
  await page.exposeFunction('__soakInjectFaults', async (text: string) => {
    const faults: InjectedFaults = JSON.parse(text)
    evidence.faults(faults)
    await injectFaults(stack, faults)
  })
  await page.exposeFunction(
    '__soakPointer',
    async (action: 'down' | 'up', x: number, y: number) => {
      if (action === 'up') return page.mouse.up()
      await page.mouse.move(x, y)
      await page.mouse.down()
    }
  )
  await page.evaluate((limits) => window.__soakInstall(limits), {
    settleMs: SETTLE_MS,
    gateMs: GATE_MS
  })
}

const reportFault = (
  { plan: { seed, path }, evidence }: Soak,
  { seen, scenarios }: Batch,
  what: string,
  index: number,
  atMs: number
): void => {
  const played = scenarios
    .filter((scenario) => Math.abs(scenario.index - index) <= 1)
    .map((scenario) => `scenario ${scenario.index}: ${scenario.name} ${JSON.stringify(scenario)}`)
  const lines = [...played, ...evidence.around(atMs, seen)].map((line) => `  ${line}\n`).join('')
  const from = Math.max(0, index - LEADING_SCENARIOS)
  const replay = `npm run soak -- --path ${path} --seed ${seed} --from ${from} --turns ${REPLAYED_TURNS}`
  process.stderr.write(`\n${what} (scenario ${index})\n${lines}  play it again: ${replay}\n\n`)
}

/** Reads the log until it has a line for each turn of the batch, or the limit. */
const createTurnLog = ({ evidence }: Soak, userDataDir: string) => {
  const nextLines = tailLog(userDataDir)
  let timed: TimedTurn[] = []
  const read = async (): Promise<Set<number>> => {
    const lines = await nextLines()
    evidence.log(lines)
    timed.push(...lines.flatMap(timedTurn))
    return new Set(timed.map(({ turnId }) => turnId))
  }
  return async (afterTurn: number, lastTurn: number): Promise<TimedTurn[]> => {
    const untilMs = Date.now() + LOG_LIMIT_MS
    const turns = Array.from({ length: lastTurn - afterTurn }, (_, at) => afterTurn + 1 + at)
    let known = await read()
    while (!turns.every((turn) => known.has(turn)) && Date.now() < untilMs) {
      await delay(LOG_POLL_MS)
      known = await read()
    }
    const own = timed.filter(({ turnId }) => turnId > afterTurn && turnId <= lastTurn)
    timed = timed.filter(({ turnId }) => turnId > lastTurn)
    return own
  }
}

const judgeBatch = (
  soak: Soak,
  batch: Batch,
  timed: readonly TimedTurn[],
  turns: { afterTurn: number; lastTurn: number },
  arrivals: readonly AudioArrival[]
): void => {
  const { tally } = soak
  const { seen, scenarios } = batch
  const judgement = judge(seen, timed, turns)
  addJudgement(tally, judgement)
  for (const { path, carrier, asks, passes, outcome } of timed) {
    tally.paths[path ?? 'none'] += 1
    if (outcome === 'answered' && passes === 1) tally.onePass += 1
    if (carrier === 'recorded') tally.recorded += 1
    if (asks > 1) tally.askedAgain += 1
  }
  tally.turns += turns.lastTurn - turns.afterTurn
  for (const { reason, turn, scenario, atMs } of judgement.losses) {
    reportFault(soak, batch, `LOST turn ${turn}: ${reason}`, scenario, atMs)
  }
  for (const { turn, scenario, heldMs } of judgement.tooShortQuestions) {
    const atMs = seen.actions.find((action) => action.turnAfter === turn)?.atMs ?? 0
    reportFault(soak, batch, `ASKED turn ${turn} after ${heldMs} ms`, scenario, atMs)
  }
  for (const { turn, scenario, lastReleaseAtMs, seenAtMs } of seen.stuck) {
    tally.stuckListening += 1
    const afterMs = Math.round(seenAtMs - lastReleaseAtMs)
    const what = `STUCK turn ${turn}: the screen listens ${afterMs} ms after the release`
    reportFault(soak, batch, what, scenario, seenAtMs)
  }
  let lastMs = 0
  for (const { callId, atMs } of audioOutsideHolds(arrivals, seen.holds, GATE_MS)) {
    const isNew = atMs - lastMs > ONE_GATE_MS
    lastMs = atMs
    if (!isNew) continue
    tally.stuckListening += 1
    const scenario = seen.scenarios.find((one) => one.startedAtMs <= atMs && one.endedAtMs >= atMs)
    const index = scenario?.index ?? scenarios[0]?.index ?? 0
    reportFault(soak, batch, `STUCK: sound reached ${callId} outside a hold`, index, atMs)
  }
}

const playAll = async (soak: Soak, kiosk: KioskDriver, model: ModelWatch): Promise<void> => {
  const { plan, tally } = soak
  const { page } = kiosk
  page.on('pageerror', (error) => {
    tally.pageErrors += 1
    say(`An uncaught error in the page: ${error.stack ?? error.message}`)
  })
  const crashed = new Promise<never>((_, reject) => {
    page.on('crash', () => reject(new CommandError('The page has crashed.')))
  })
  // On a slow machine the call of the start has ended for want of use before it is seen ready.
  await waitUntilPressRecorded(page)
  await installDriver(page, soak)
  const sampleHeap = await watchHeap(page)
  const turnsOf = createTurnLog(soak, kiosk.userDataDir)

  let next = plan.from
  let judgedTurn = 0
  let sampledTurns = 0
  let reportedTurns = 0
  while (tally.turns < plan.turns) {
    const wanted = Math.max(LEAST_SCENARIOS, plan.turns - tally.turns)
    const count = Math.min(wanted, next === plan.from ? FIRST_SCENARIOS : BATCH_SCENARIOS)
    const scenarios = Array.from({ length: count }, (_, at) =>
      scenarioAt(plan.seed, next + at, plan.shares)
    )
    next += count
    const played = page.evaluate((batch) => window.__soakPlay(batch), scenarios)
    const seen = await Promise.race([played, crashed])
    const lastTurn = seen.screens.at(-1)?.turn ?? judgedTurn
    const timed = await turnsOf(judgedTurn, lastTurn)
    await model.poll()
    const turns = { afterTurn: judgedTurn, lastTurn }
    judgeBatch(soak, { seen, scenarios }, timed, turns, model.takeArrivals())
    judgedTurn = lastTurn

    if (tally.turns - sampledTurns >= HEAP_TURNS || tally.heap.length === 0) {
      sampledTurns = tally.turns
      tally.heap.push(await sampleHeap(tally.turns))
      tally.residentMb = await childrenMb(CHILD_SCRIPTS)
    }
    if (tally.turns - reportedTurns >= PROGRESS_TURNS) {
      reportedTurns = tally.turns
      say(`${plan.path}: ${progressLine(tally, plan.turns, performance.now())}`)
    }
  }
  tally.heap.push(await sampleHeap(tally.turns))
}

export const runSoak = async (soak: Soak, microphone: string): Promise<void> => {
  const { plan, stack } = soak
  // A clear network, but one that can be cut.
  await injectFaults(stack, { network: { profile: 'clear', seed: plan.seed } })
  const kiosk = await launchKiosk({
    shell: 'preview',
    target: { kind: 'local', stack, account: stack.accounts[0] ?? null },
    microphone,
    userDataDir: plan.userDataDir,
    env: { ...CALL_CLOCK, HEARD_CALL_PATH: plan.path },
    scripts: [await bundlePageScript('bench/soak/page/driver.ts')]
  })
  const model = watchModel(soak)
  try {
    await playAll(soak, kiosk, model)
  } finally {
    await model.end()
    await kiosk.close()
  }
}
