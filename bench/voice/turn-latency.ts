// Measures the kiosk's share of a turn on an open call. A press interrupts each answer.
import { setTimeout as delay } from 'node:timers/promises'
import { chooseLanguage, waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import type { KioskDriver, LogLine } from '../../dev/drive/launch-kiosk.ts'
import { secretsInRenderer } from '../../dev/drive/secret-scan.ts'
import type { StackAddress } from '../../dev/local-stack.ts'
import { wallClockMs } from '../../dev/openai/turn-timeline.ts'
import { CommandError } from '../../dev/run-command.ts'
import type { TurnMark, TurnTiming } from '../../src/shared/turn-timing.ts'
import { createSeededDelays, type Progress } from '../bench-result.ts'
import { clockOffset } from '../clock-offset.ts'
import {
  lineAtMs,
  linesOf,
  type Measurement,
  recentTimings,
  waitForKioskState,
  withKiosk
} from '../kiosk-page.ts'
import { counted, measured, NONE, p95AtMost, type Row } from '../report-rows.ts'
import {
  createTurnCollector,
  injectFaults,
  type ModelTurn,
  modelLatencyMs
} from '../stand-in-control.ts'
import { summarise } from '../statistics.ts'
import { talkKey } from '../talk-key.ts'

/** A short question's length. */
const HOLD_MS = 500
/** An answer lasts 600 ms; the tap is too short for a question. */
const BARGE_IN = { afterMs: [250, 450], holdMs: 100 } as const
const PAUSE_MS = [60, 200] as const
/** This share of the turns is asked first, without live transcripts: the model has to search by its tool. */
const BY_TOOL_SHARE = 0.25
/** The stand-in keeps its last 64 turns and the kiosk its last 500. */
const COLLECT_EVERY = 20
/** A larger offset is too much for a budget of 60 ms. */
const CLOCK_LIMIT_MS = 1

/** One and a half frames at 60 Hz. */
const LATE_FRAME_MS = (1_000 / 60) * 1.5
const LATE_FRAMES_PERCENT = 1

/** The states with an animation. */
const MOVING = ['listening', 'speaking'] as const
type Moving = (typeof MOVING)[number]

type Watched = {
  keyDownsAtMs: number[]
  longTasks: number
  /** Between two frames, by their time stamps. */
  framesMs: Record<Moving, number[]>
}

declare global {
  interface Window {
    __watched: Watched
  }
}

/** Records key events on the wall clock, long tasks (over 50 ms, the API's limit) and the frames of animations. */
const watch = (driven: KioskDriver): Promise<void> =>
  driven.page.evaluate((moving) => {
    const watched: Watched = {
      keyDownsAtMs: [],
      longTasks: 0,
      framesMs: { listening: [], speaking: [] }
    }
    addEventListener(
      'keydown',
      (event) => void watched.keyDownsAtMs.push(performance.timeOrigin + event.timeStamp),
      { capture: true }
    )
    new PerformanceObserver((list) => {
      watched.longTasks += list.getEntries().length
    }).observe({ type: 'longtask' })
    const root = document.querySelector<HTMLElement>('[data-testid=kiosk]')
    if (root === null) throw new Error('The kiosk has no screen.')
    /** Requests no frames in other states: a page at rest draws nothing. */
    const countFrames = (): void => {
      const state = moving.find((name) => name === root.dataset.state)
      if (state === undefined) return
      let beforeMs: number | null = null
      const frame = (atMs: number): void => {
        if (root.dataset.state !== state) return
        if (beforeMs !== null) watched.framesMs[state].push(atMs - beforeMs)
        beforeMs = atMs
        requestAnimationFrame(frame)
      }
      requestAnimationFrame(frame)
    }
    new MutationObserver(countFrames).observe(root, {
      attributes: true,
      attributeFilter: ['data-state']
    })
    window.__watched = watched
  }, MOVING)

const lateFrames = (what: string, framesMs: readonly number[]): Row => {
  const late = framesMs.filter((ms) => ms > LATE_FRAME_MS).length
  return counted(
    `frames over ${Math.round(LATE_FRAME_MS)} ms while ${what}`,
    '%',
    framesMs.length === 0 ? 100 : (late / framesMs.length) * 100,
    framesMs.length,
    { of: 'value', atMost: LATE_FRAMES_PERCENT, unit: '%' }
  )
}

const isDefined = <T>(value: T | null | undefined): value is T => value != null

type Pair = { timing: TurnTiming; model: ModelTurn }

/** A message between two processes of a loaded machine takes less. */
const LONGEST_HOP_MS = 250

/** Pairs the turns of the kiosk and the stand-in by the time of their commit. */
const paired = (timings: readonly TurnTiming[], turns: readonly ModelTurn[]): Pair[] =>
  timings.flatMap((timing) => {
    const { commit } = timing.marks
    if (commit === undefined) return []
    const sentAtMs = timing.atMs + commit
    const model = turns.find(({ commitAtMs }) => Math.abs(commitAtMs - sentAtMs) < LONGEST_HOP_MS)
    return model === undefined ? [] : [{ timing, model }]
  })

/** The line between two marks of a turn. Log times are whole milliseconds. */
const lineWithin = (lines: readonly LogLine[], fromMs: number, toMs: number): LogLine | undefined =>
  lines.find((line) => {
    const atMs = lineAtMs(line)
    return atMs >= fromMs - 2 && atMs <= toMs + 2
  })

/** From the complete tool call to its output, without main's wait for the backend. */
const toolShareMs = ({ atMs, marks }: TurnTiming, searched: readonly LogLine[]): number | null => {
  const { toolCall, outputSent } = marks
  if (toolCall === undefined || outputSent === undefined) return null
  const line = lineWithin(searched, atMs + toolCall, atMs + outputSent)
  return typeof line?.ms === 'number' ? outputSent - toolCall - line.ms : null
}

const shareMs = ({ timing: { marks, tailMs }, model }: Pair): number | null => {
  const ownMs = modelLatencyMs(model)
  const { audible, release } = marks
  if (ownMs === null || audible === undefined || release === undefined) return null
  return audible - release - tailMs - ownMs
}

type Step = { name: string; values: number[] }

/** The steps of the kiosk's share of release → first audible, by both clocks. */
const stepsOf = (pairs: readonly Pair[], searched: readonly LogLine[]): Step[] => {
  const step = (name: string, figureOf: (pair: Pair) => number | null): Step => ({
    name,
    values: pairs.map(figureOf).filter(isDefined)
  })
  const at = ({ timing: { atMs, marks } }: Pair, mark: TurnMark): number | null => {
    const sinceMs = marks[mark]
    return sinceMs === undefined ? null : atMs + sinceMs
  }
  const less = (one: number | null | undefined, other: number | null | undefined) =>
    isDefined(one) && isDefined(other) ? one - other : null
  /** The response that calls the search; the call of a report follows its words. */
  const calling = ({ timing, model }: Pair) =>
    timing.passes === 1
      ? undefined
      : model.responses.find(({ toolCallSentAtMs }) => toolCallSentAtMs !== null)
  const speaking = ({ model }: Pair) =>
    model.responses.find(({ firstSoundSentAtMs }) => firstSoundSentAtMs !== null)
  const searchMs = (pair: Pair): number | null => {
    const [from, to] = [at(pair, 'toolCall'), at(pair, 'toolAnswered')]
    const line = from === null || to === null ? undefined : lineWithin(searched, from, to)
    return typeof line?.ms === 'number' ? line.ms : null
  }
  return [
    step('commit on its way', (pair) => less(pair.model.commitAtMs, at(pair, 'commit'))),
    step('in one pass: commit → passages and request', ({ timing, model }) =>
      timing.passes === 1 ? less(model.responses[0]?.createdAtMs, model.commitAtMs) : null
    ),
    step('tool call on its way', (pair) =>
      less(at(pair, 'toolCall'), calling(pair)?.toolCallSentAtMs)
    ),
    step('search by the backend', searchMs),
    step('main and its bridge', (pair) =>
      less(less(at(pair, 'toolAnswered'), at(pair, 'toolCall')), searchMs(pair))
    ),
    step('output on its way', (pair) =>
      calling(pair) === undefined
        ? null
        : less(calling(pair)?.toolOutputAtMs, at(pair, 'outputSent'))
    ),
    step('first packet with sound → heard', (pair) =>
      less(at(pair, 'audible'), speaking(pair)?.firstSoundSentAtMs)
    )
  ]
}

const stepText = ({ name, values }: Step): string => {
  const figures = summarise(values)
  return figures === null
    ? `${name} not measured`
    : `${name} ${figures.p50.toFixed(0)} (p95 ${figures.p95.toFixed(0)})`
}

const between = (timings: readonly TurnTiming[], from: TurnMark, to: TurnMark): number[] =>
  timings.flatMap(({ marks }) => {
    const [start, end] = [marks[from], marks[to]]
    return start === undefined || end === undefined ? [] : [end - start]
  })

/** From each press that interrupts an answer to the silence. */
const silenceMs = (taps: readonly TurnTiming[], silenced: readonly LogLine[]) =>
  taps.flatMap(({ atMs, marks }) => {
    // Silence is detected 20 ms after its start, and the line follows a message later.
    const line = lineWithin(silenced, atMs, atMs + 500)
    const detail = line?.detail
    if (typeof detail !== 'object' || detail === null || marks.gate === undefined) return []
    const cutToSilenceMs: unknown = Reflect.get(detail, 'ms')
    const outputMs: unknown = Reflect.get(detail, 'outputMs')
    return typeof cutToSilenceMs === 'number' && typeof outputMs === 'number'
      ? [{ pressToSilenceMs: marks.gate + cutToSilenceMs, outputMs }]
      : []
  })

const askAll = async (
  driven: KioskDriver,
  stack: StackAddress,
  turns: number,
  progress: Progress
) => {
  const { page } = driven
  const key = await talkKey(page)
  const wait = createSeededDelays(turns)
  const turnCollector = createTurnCollector(stack)
  const timings = new Map<number, TurnTiming>()
  const collect = async () => {
    await turnCollector.look()
    for (const timing of await recentTimings(page)) timings.set(timing.turnId, timing)
  }
  let unanswered = 0
  const byTool = Math.ceil(turns * BY_TOOL_SHARE)
  for (let turn = 1; turn <= turns; turn += 1) {
    if (turn === byTool + 1) await injectFaults(stack, { liveTranscripts: true })
    if (turn === Math.floor(turns / 2) + 1) await chooseLanguage(page, 'es')
    if ((await waitForKioskState(page, ['connected'])) === null) {
      throw new CommandError(`Before turn ${turn} the kiosk did not come to rest.`)
    }
    await delay(wait(...PAUSE_MS))
    await key.hold(HOLD_MS)
    if ((await waitForKioskState(page, ['speaking', 'disconnected'])) === 'speaking') {
      await delay(wait(...BARGE_IN.afterMs))
      const tappedAtMs = wallClockMs()
      await key.press()
      await delay(BARGE_IN.holdMs)
      // On a late process: a longer tap would be a question.
      await key.release(Math.min(wallClockMs(), tappedAtMs + 2 * BARGE_IN.holdMs))
    } else unanswered += 1
    if (turn % COLLECT_EVERY === 0) {
      await collect()
      progress(`turn ${turn} of ${turns}`)
    }
  }
  await waitForKioskState(page, ['connected'])
  await collect()
  return { timings: [...timings.values()], turns: turnCollector.turns(), unanswered }
}

export const measureTurns: Measurement = (stack, microphone, turns, progress) =>
  withKiosk(stack, microphone, async (driven) => {
    const { page } = driven
    await injectFaults(stack, { liveTranscripts: false })
    await waitUntilReady(page)
    await watch(driven)
    const clock = await clockOffset(page)
    if (Math.abs(clock.aheadMs) > CLOCK_LIMIT_MS + clock.uncertainMs) {
      throw new CommandError(`The page's clock is ${clock.aheadMs.toFixed(1)} ms from the model's.`)
    }
    const seen = await askAll(driven, stack, turns, progress)
    const watched = await page.evaluate(() => window.__watched)
    const searched = await linesOf(driven, 'handbook.searched')
    const silenced = await linesOf(driven, 'speaker.silenced')

    const spoken = seen.timings.filter(({ marks }) => marks.commit !== undefined)
    const taps = seen.timings.filter(({ marks }) => marks.commit === undefined)
    const pairs = paired(spoken, seen.turns)
    const firstSpeechMs = pairs.flatMap(({ model }) => {
      const pressedAtMs = watched.keyDownsAtMs.findLast((atMs) => atMs < model.commitAtMs)
      return pressedAtMs === undefined || model.firstSpeechAtMs === null
        ? []
        : [model.firstSpeechAtMs - pressedAtMs]
    })
    const silences = silenceMs(taps, silenced)
    const silence = silences.map(({ pressToSilenceMs }) => pressToSilenceMs)
    const commitMs = spoken.flatMap(({ marks: { release, commit }, tailMs }) =>
      release === undefined || commit === undefined ? [] : [commit - release - tailMs]
    )
    const byTool = spoken.filter(({ marks }) => marks.toolCall !== undefined)
    const toolMs = byTool.map((timing) => toolShareMs(timing, searched)).filter(isDefined)
    const outputMs = silences[0]?.outputMs
    return {
      rows: [
        measured('press → gate open', 'ms', between(seen.timings, 'press', 'gate'), p95AtMost(10)),
        measured(
          'press → first packet with speech at the far end',
          'ms',
          firstSpeechMs,
          p95AtMost(60)
        ),
        measured('press in an answer → silence at the speaker', 'ms', silence, p95AtMost(20)),
        measured('release → commit sent, less the tail', 'ms', commitMs, p95AtMost(10)),
        measured('tool call → output sent, less the backend', 'ms', toolMs, p95AtMost(10)),
        measured(
          "release → first audible, the kiosk's share",
          'ms',
          pairs.map(shareMs).filter(isDefined),
          p95AtMost(120)
        ),
        measured(
          'release → first audible, all of it',
          'ms',
          between(spoken, 'release', 'audible'),
          null
        ),
        counted('turns without an answer', 'count', seen.unanswered, turns, NONE),
        counted('long tasks while speaking', 'count', watched.longTasks, turns, NONE),
        lateFrames('listening', watched.framesMs.listening),
        lateFrames('an answer is spoken', watched.framesMs.speaking),
        counted(
          "renderer's network requests",
          'count',
          driven.requests.urls.length +
            (await page.evaluate(() => window.__pageProbe.refusedUrls.length)),
          turns,
          NONE
        ),
        counted(
          "tokens in the renderer's memory",
          'count',
          (await secretsInRenderer(page)).length,
          1,
          NONE
        )
      ],
      notes: [
        `The page's clock and this process's differ by ${clock.aheadMs.toFixed(2)} ms (± ${clock.uncertainMs.toFixed(2)} ms); main's log has whole milliseconds.`,
        `Silence is measured where the answer leaves for the device; the device's own part comes after it${outputMs === undefined ? '' : ` (here Chromium says ${outputMs.toFixed(1)} ms)`}.`,
        `The kiosk's share of release → first audible in its steps, at the median in ms: ${stepsOf(pairs, searched).map(stepText).join(', ')}. The silence before the voice's first sound is the model's own. The last step holds the jitter buffer and the device's part${outputMs === undefined ? '' : ` (${outputMs.toFixed(0)} ms of it, which are in the share as well)`}.`,
        `Frames are those of the page's own animation callbacks, by their time stamps, in a Chromium without a screen or a GPU: its clock ticks 60 times a second and it draws on the processor that the whole stack runs on. A late frame here is time that the page or the machine did not have; what a driver and a display drop after that is not measured.`
      ]
    }
  })
