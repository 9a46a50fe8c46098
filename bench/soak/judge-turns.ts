// What became of every question: the driver's deeds, the screen's words and the kiosk's own line of each turn held
// against each other. Pure.
import type { ActionObservation, BatchObservation, ScreenObservation } from './observations.ts'

/** The kiosk's line of a turn, as it is in its log. */
export type TimedTurn = {
  turnId: number
  kind: 'spoken' | 'typed'
  outcome: 'answered' | 'not_found' | 'failed' | 'cancelled' | 'discarded'
  asks: number
  /** What carried its call; null: there was none. */
  path: 'webrtc' | 'websocket' | null
  carrier: 'live' | 'recorded'
  /** From its press. */
  endMs: number
}

export type TurnResult =
  | 'answered'
  | 'refused'
  /** And said so. */
  | 'failed'
  /** By the next press, or by what was typed. */
  | 'cancelled'
  /** No question: too short, or replaced, with a hint. */
  | 'discarded'
  /** A question of which nothing arrived, and the screen said so. */
  | 'unheard'

export type LossReason =
  | 'no end-of-turn line in the log'
  | 'ended more than once'
  | 'no end within the limit'
  | 'failed without a message on the screen'
  | 'cancelled without a user action'
  | 'discarded without a message on the screen'
  | 'valid hold rejected as too short'
  | 'press ignored without a message on the screen'
  | 'typed question not sent'

export type LostTurn = {
  reason: LossReason
  /** 0: there was none. */
  turn: number
  act: number
  atMs: number
}

export type Judgement = {
  resultCounts: Record<TurnResult, number>
  losses: LostTurn[]
  /** Asked although it was held for less than a question; by turn. */
  tooShortQuestions: { turn: number; act: number; heldMs: number }[]
}

/** The shortest hold that is a question. */
export const SHORTEST_QUESTION_MS = 250
/** What the kiosk does at an event is on the screen by then, on a machine that is busy with other things. */
const SCREEN_LAG_MS = 400
/** Between an event's own time and the moment in which the kiosk took it. */
const EVENT_LAG_MS = 250

/** Hints that may stand for words that are not asked. */
const SAID_DROPPED = new Set([
  'started_over',
  'interrupted',
  'no_microphone',
  'not_connected',
  'nothing_heard'
])
/** Hints of a press that cannot be heard. */
const SAID_DEAF = new Set(['no_microphone', 'not_connected'])

const screensWithin = (screens: readonly ScreenObservation[], fromMs: number, toMs: number) => {
  const before = screens.findLast(({ atMs }) => atMs <= fromMs)
  const within = screens.filter(({ atMs }) => atMs > fromMs && atMs <= toMs)
  return before === undefined ? within : [before, ...within]
}

const isLettingGo = ({ kind }: ActionObservation) => kind === 'release' || kind === 'gone'

/**
 * From the first press of a turn to when it was let go of last; null: it was never let go of. A press that ends what
 * was latched lets go by itself, and looks like one that goes on with a hold: hence two figures.
 */
export const heldMs = (
  deeds: readonly ActionObservation[]
): { leastMs: number; mostMs: number } | null => {
  let firstMs: number | null = null
  let lastMs: number | null = null
  let leastMs: number | null = null
  let isHeld = false
  for (const deed of deeds) {
    if (deed.kind === 'press') {
      if (!isHeld && lastMs !== null) leastMs = deed.atMs
      firstMs ??= deed.atMs
      isHeld = true
    } else if (isLettingGo(deed) && isHeld) {
      isHeld = false
      lastMs = deed.atMs
    }
  }
  if (firstMs === null || lastMs === null || isHeld) return null
  return { leastMs: (leastMs ?? lastMs) - firstMs, mostMs: lastMs - firstMs }
}

const beginsTurn = (deed: ActionObservation) =>
  !isLettingGo(deed) && deed.turnAfter > deed.turnBefore

type Case = {
  turn: number
  timed: readonly TimedTurn[]
  seen: BatchObservation
}

/** A busy screen may still show the turn before when somebody lets go: it is the turn of the last press all the same. */
const deedsOf = ({ turn, seen }: Case): ActionObservation[] => {
  let pressed = 0
  return seen.deeds.filter((deed) => {
    if (isLettingGo(deed)) return Math.max(deed.turnBefore, pressed) === turn
    pressed = deed.turnAfter
    return pressed === turn
  })
}

const judgeTurn = (it: Case): TurnResult | LossReason => {
  const { turn, timed, seen } = it
  const [line, second] = timed
  if (seen.acts.some(({ unfinishedTurn }) => unfinishedTurn === turn))
    return 'no end within the limit'
  if (line === undefined) return 'no end-of-turn line in the log'
  if (second !== undefined) return 'ended more than once'
  const deeds = deedsOf(it)
  const startMs = deeds.find(beginsTurn)?.atMs
  const endMs = startMs === undefined ? null : startMs + line.endMs
  const shown = endMs === null ? [] : screensWithin(seen.screens, endMs, endMs + SCREEN_LAG_MS)
  switch (line.outcome) {
    case 'answered':
      return 'answered'
    case 'not_found':
      return 'refused'
    case 'failed':
      return seen.screens.some(
        (screen) => screen.turn === turn && screen.outcome === 'failed' && screen.failure !== ''
      )
        ? 'failed'
        : 'failed without a message on the screen'
    case 'cancelled': {
      if (shown.some(({ hint }) => hint === 'nothing_heard')) return 'unheard'
      const isReplaced = seen.deeds.some(
        (deed) =>
          beginsTurn(deed) &&
          deed.turnAfter > turn &&
          endMs !== null &&
          Math.abs(deed.atMs - endMs) <= EVENT_LAG_MS
      )
      return isReplaced ? 'cancelled' : 'cancelled without a user action'
    }
    case 'discarded': {
      const held = heldMs(deeds)?.leastMs ?? line.endMs
      const isQuestion = held >= SHORTEST_QUESTION_MS
      const hints = shown.map(({ hint }) => hint)
      if (isQuestion && hints.some((hint) => SAID_DROPPED.has(hint))) return 'discarded'
      if (isQuestion) {
        return hints.includes('too_short')
          ? 'valid hold rejected as too short'
          : 'discarded without a message on the screen'
      }
      const isGoneOn = seen.deeds.some((deed) => beginsTurn(deed) && deed.turnBefore === turn)
      // The second tap goes on with the first.
      return isGoneOn || hints.some((hint) => hint !== '')
        ? 'discarded'
        : 'discarded without a message on the screen'
    }
    default:
      return line.outcome satisfies never
  }
}

const judgeDeed = (
  deed: ActionObservation,
  screens: readonly ScreenObservation[]
): LossReason | null => {
  switch (deed.kind) {
    case 'press': {
      const after = screensWithin(screens, deed.atMs, deed.atMs + SCREEN_LAG_MS)
      const isTaken =
        deed.turnAfter > deed.turnBefore ||
        after.some(({ state, hint }) => state === 'listening' || SAID_DEAF.has(hint))
      return isTaken ? null : 'press ignored without a message on the screen'
    }
    case 'ask':
      return deed.turnAfter > deed.turnBefore ? null : 'typed question not sent'
    case 'ask_again':
    case 'release':
    case 'gone':
      return null
    default:
      return deed.kind satisfies never
  }
}

const FATES: readonly TurnResult[] = [
  'answered',
  'refused',
  'failed',
  'cancelled',
  'discarded',
  'unheard'
]

export const zeroResultCounts = (): Record<TurnResult, number> => ({
  answered: 0,
  refused: 0,
  failed: 0,
  cancelled: 0,
  discarded: 0,
  unheard: 0
})

const isFate = (verdict: TurnResult | LossReason): verdict is TurnResult =>
  FATES.some((fate) => fate === verdict)

/**
 * Judges one batch, which has been played to the end of its last question.
 * @param afterTurn the last turn that was judged before; @param lastTurn the last one on the screen
 */
export const judge = (
  seen: BatchObservation,
  timed: readonly TimedTurn[],
  { afterTurn, lastTurn }: { afterTurn: number; lastTurn: number }
): Judgement => {
  const resultCounts = zeroResultCounts()
  const losses: LostTurn[] = []
  const tooShortQuestions: Judgement['tooShortQuestions'] = []
  for (let turn = afterTurn + 1; turn <= lastTurn; turn += 1) {
    const it: Case = { turn, timed: timed.filter(({ turnId }) => turnId === turn), seen }
    const verdict = judgeTurn(it)
    const deeds = deedsOf(it)
    const first = deeds[0]
    const act = first?.act ?? seen.acts.at(-1)?.index ?? -1
    if (isFate(verdict)) resultCounts[verdict] += 1
    else {
      const unsettled = seen.acts.find(({ unfinishedTurn }) => unfinishedTurn === turn)
      losses.push({
        reason: verdict,
        turn,
        act,
        atMs: first?.atMs ?? unsettled?.startedAtMs ?? seen.screens.at(-1)?.atMs ?? 0
      })
    }
    const held = heldMs(deeds)?.mostMs ?? null
    const isAsked = it.timed.some(
      ({ kind, outcome }) => kind === 'spoken' && outcome !== 'discarded'
    )
    if (isAsked && held !== null && held < SHORTEST_QUESTION_MS) {
      tooShortQuestions.push({ turn, act, heldMs: Math.round(held) })
    }
  }
  for (const deed of seen.deeds) {
    const reason = judgeDeed(deed, seen.screens)
    if (reason !== null) losses.push({ reason, turn: 0, act: deed.act, atMs: deed.atMs })
  }
  return { resultCounts, losses, tooShortQuestions }
}
