// One soak: the kiosk as it is built, in a real Chromium on the local stack, played on batch by batch and judged after
// each.
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { type KioskDriver, type LogLine, launchKiosk } from '../../dev/drive/launch-kiosk.ts'
import type { StackAddress } from '../../dev/local-stack.ts'
import { CommandError, say } from '../../dev/run-command.ts'
import { injectFaults, modelState } from '../stand-in-control.ts'
import { type AudioArrival, audioOutsideHolds } from './audio-outside-holds.ts'
import { installDriver } from './driver.ts'
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
  /** First act. */
  from: number
  turns: number
  shares: PlanShares
  path: 'auto' | 'webrtc' | 'websocket'
  /** Settings, session and log of the kiosk. */
  userDataDir: string
}

/** An hour's life of calls, in less than a minute each. */
const CALL_CLOCK = {
  HEARD_CALL_ROTATE_SECONDS: '20',
  HEARD_CALL_ROTATE_BY_SECONDS: '40',
  HEARD_CALL_IDLE_GAP_SECONDS: '0',
  HEARD_CALL_USE_LIMIT_SECONDS: '60',
  HEARD_CALL_IDLE_SECONDS: '5'
} as const

/** The first of them warm up what is made once. */
const WARM_UP_ACTS = 20
const BATCH_ACTS = 40
/** Most acts begin one turn, some two, some none. */
const LEAST_ACTS = 5
const PROGRESS_TURNS = 50
const HEAP_TURNS = 100
/** Two calls lost under a question, and the third without an answer, each within its own limit. */
const SETTLE_MS = 90_000
/** The tail, and a second. */
const GATE_MS = 1_200
const LOOK_AT_MODEL_MS = 500
/** From the end of a turn to its line in the log, on a machine that is busy with other things. */
const LINE_LIMIT_MS = 5_000
const LINE_LOOK_MS = 100
/** Sound outside a hold that goes on is one gate that is stuck. */
const ONE_GATE_MS = 5_000

const timedTurn = (line: LogLine): TimedTurn[] => {
  if (line.event !== 'turn.timed') return []
  const marks = line.marks as Record<string, number>
  return [
    {
      turnId: line.turnId as number,
      kind: line.kind as TimedTurn['kind'],
      outcome: line.outcome as TimedTurn['outcome'],
      asks: line.asks as number,
      path: line.path as TimedTurn['path'],
      carrier: line.carrier as TimedTurn['carrier'],
      endMs: marks.end ?? 0
    }
  ]
}

/** Looks at the model's end while the soak runs: its counts, and when it heard sound last. */
const watchModel = (stack: StackAddress, tally: Tally) => {
  let heard: AudioArrival[] = []
  /** By call; what is here was noted. */
  let latest = new Map<string, number>()
  let isEnded = false
  const look = async () => {
    const { calls, counters } = await modelState(stack)
    const { committed, emptyCommits, mixedTurns, createsRefused, callsOpened } = counters
    tally.standIn = { committed, emptyCommits, mixedTurns, createsRefused, callsOpened }
    const known = latest
    latest = new Map()
    for (const { callId, lastSpeechAtMs } of calls) {
      if (lastSpeechAtMs === null) continue
      latest.set(callId, lastSpeechAtMs)
      if (known.get(callId) !== lastSpeechAtMs) heard.push({ callId, atMs: lastSpeechAtMs })
    }
  }
  const run = async () => {
    while (!isEnded) {
      await look()
      await delay(LOOK_AT_MODEL_MS)
    }
  }
  const running = run()
  return {
    look,
    /** What was heard up to this moment and not taken before. */
    take: (untilMs: number): AudioArrival[] => {
      const taken = heard.filter(({ atMs }) => atMs <= untilMs)
      heard = heard.filter(({ atMs }) => atMs > untilMs)
      return taken
    },
    end: () => {
      isEnded = true
      return running
    }
  }
}

const prepare = async (page: Page, stack: StackAddress, evidence: Evidence): Promise<void> => {
  await page.exposeFunction('__soakTrouble', async (text: string) => {
    const trouble: InjectedFaults = JSON.parse(text)
    evidence.trouble(trouble)
    await injectFaults(stack, trouble)
  })
  await page.exposeFunction(
    '__soakPointer',
    async (action: 'down' | 'up', x: number, y: number) => {
      if (action === 'up') return page.mouse.up()
      await page.mouse.move(x, y)
      await page.mouse.down()
    }
  )
  await page.evaluate(installDriver, { settleMs: SETTLE_MS, gateMs: GATE_MS })
}

const actsFrom = (from: number, count: number, { seed, shares }: SoakPlan): Scenario[] =>
  Array.from({ length: count }, (_, index) => scenarioAt(seed, from + index, shares))

/** @param tally is kept up to date all the while, for who ends the soak early */
export const runSoak = async (
  plan: SoakPlan,
  stack: StackAddress,
  microphone: string,
  tally: Tally,
  evidence: Evidence
): Promise<void> => {
  // Nothing but loopback, but it can be cut.
  await injectFaults(stack, { network: { profile: 'clear', seed: plan.seed } })
  const kiosk = await launchKiosk({
    shell: 'preview',
    target: { kind: 'local', stack, account: stack.accounts[0] ?? null },
    microphone,
    userDataDir: plan.userDataDir,
    env: { ...CALL_CLOCK, HEARD_CALL_PATH: plan.path }
  })
  const model = watchModel(stack, tally)
  try {
    await playAll(plan, kiosk, stack, model, tally, evidence)
  } finally {
    await model.end()
    await kiosk.close()
  }
}

const playAll = async (
  plan: SoakPlan,
  kiosk: KioskDriver,
  stack: StackAddress,
  model: ReturnType<typeof watchModel>,
  tally: Tally,
  evidence: Evidence
): Promise<void> => {
  const { page } = kiosk
  page.on('pageerror', (error) => {
    tally.pageErrors += 1
    say(`An error that nobody caught in the page: ${error.stack ?? error.message}`)
  })
  const crashed = new Promise<never>((_, reject) => {
    page.on('crash', () => reject(new CommandError('The page has crashed.')))
  })
  await waitUntilReady(page)
  await prepare(page, stack, evidence)
  const heap = await watchHeap(page)
  const log = tailLog(kiosk.userDataDir)
  let timed: TimedTurn[] = []
  const readLog = async () => {
    const lines = await log.next()
    evidence.log(lines)
    timed.push(...lines.flatMap(timedTurn))
  }

  let nextAct = plan.from
  let judgedTurn = 0
  let heapAtTurns = 0
  let toldAtTurns = 0
  while (tally.turns < plan.turns) {
    const wanted = Math.max(LEAST_ACTS, plan.turns - tally.turns)
    const count = Math.min(wanted, nextAct === plan.from ? WARM_UP_ACTS : BATCH_ACTS)
    const acts = actsFrom(nextAct, count, plan)
    nextAct += count
    const seen = await Promise.race([
      page.evaluate((batch) => window.__soak.play(batch), acts),
      crashed
    ])
    const lastTurn = seen.screens.at(-1)?.turn ?? judgedTurn
    const untilMs = Date.now() + LINE_LIMIT_MS
    const isWhole = () => {
      const ids = new Set(timed.map(({ turnId }) => turnId))
      for (let turn = judgedTurn + 1; turn <= lastTurn; turn += 1) if (!ids.has(turn)) return false
      return true
    }
    await readLog()
    while (!isWhole() && Date.now() < untilMs) {
      await delay(LINE_LOOK_MS)
      await readLog()
    }
    await model.look()

    const judgement = judge(seen, timed, { afterTurn: judgedTurn, lastTurn })
    addJudgement(tally, judgement)
    for (const { turnId, path, carrier, asks } of timed) {
      if (turnId <= judgedTurn || turnId > lastTurn) continue
      tally.paths[path ?? 'none'] += 1
      if (carrier === 'recorded') tally.recorded += 1
      if (asks > 1) tally.askedAgain += 1
    }
    tally.acts += seen.acts.length
    tally.turns += lastTurn - judgedTurn
    judgedTurn = lastTurn
    timed = timed.filter(({ turnId }) => turnId > judgedTurn)
    for (const { reason, turn, act, atMs } of judgement.losses) {
      tellFault(`LOST turn ${turn}: ${reason}`, plan, act, atMs, seen, acts, evidence)
    }
    for (const { turn, act, heldMs } of judgement.tooShortQuestions) {
      const atMs = seen.deeds.find((deed) => deed.turnAfter === turn)?.atMs ?? 0
      tellFault(`ASKED turn ${turn} after ${heldMs} ms`, plan, act, atMs, seen, acts, evidence)
    }
    for (const { turn, act, lastReleaseAtMs, seenAtMs } of seen.stuck) {
      tally.stuckListening += 1
      const after = Math.round(seenAtMs - lastReleaseAtMs)
      const what = `STUCK turn ${turn}: it says that it listens ${after} ms after the release`
      tellFault(what, plan, act, seenAtMs, seen, acts, evidence)
    }
    countSound(seen, model.take(Date.now()), plan, acts, tally, evidence)

    if (tally.turns - heapAtTurns >= HEAP_TURNS || tally.heap.length === 0) {
      heapAtTurns = tally.turns
      tally.heap.push(await heap.sample(tally.turns))
      tally.residentMb = await childrenMb({
        main: 'dev/preview/main.ts',
        model: 'dev/openai/main.ts',
        backend: 'dev/supabase/main.ts'
      })
    }
    if (tally.turns - toldAtTurns >= PROGRESS_TURNS) {
      toldAtTurns = tally.turns
      say(progressLine(tally, plan.turns, performance.now()))
    }
  }
  tally.heap.push(await heap.sample(tally.turns))
}

const countSound = (
  seen: BatchObservation,
  heard: readonly AudioArrival[],
  plan: SoakPlan,
  acts: readonly Scenario[],
  tally: Tally,
  evidence: Evidence
): void => {
  let lastMs = 0
  for (const { callId, atMs } of audioOutsideHolds(heard, seen.holds, GATE_MS)) {
    const isNew = atMs - lastMs > ONE_GATE_MS
    lastMs = atMs
    if (!isNew) continue
    tally.stuckListening += 1
    const act = seen.acts.find((one) => one.startedAtMs <= atMs && one.endedAtMs >= atMs)?.index
    const what = `STUCK: the model heard sound on ${callId} while nobody held`
    tellFault(what, plan, act ?? acts[0]?.index ?? 0, atMs, seen, acts, evidence)
  }
}

/** Acts before a fault that may have led to it. */
const LED_TO_IT = 3
const REPLAYED_TURNS = 20

const tellFault = (
  what: string,
  plan: SoakPlan,
  act: number,
  atMs: number,
  seen: BatchObservation,
  acts: readonly Scenario[],
  evidence: Evidence
): void => {
  const around = acts.filter(({ index }) => index >= act - 1 && index <= act + 1)
  const lines = evidence.around(atMs, seen, around)
  const from = Math.max(0, act - LED_TO_IT)
  const replay = `npm run soak -- --seed ${plan.seed} --from ${from} --turns ${REPLAYED_TURNS}`
  process.stderr.write(
    `\n${what} (act ${act})\n${lines.map((line) => `  ${line}\n`).join('')}  play it again: ${replay}\n\n`
  )
}
