// Judges each turn by the driver's actions, the screen and the kiosk's log. Pure.
import type { ActionObservation, BatchObservation, ScreenObservation } from './observations.ts'

/** A turn's line in the kiosk's log. */
export type TimedTurn = {
  turnId: number
  kind: 'spoken' | 'typed'
  outcome: 'answered' | 'not_found' | 'failed' | 'cancelled' | 'discarded'
  asks: number
  /** Responses of the model up to the answer. */
  passes: number
  /** The transport of its call; null: no call. */
  path: 'webrtc' | 'websocket' | null
  carrier: 'live' | 'recorded'
  /** From its press. */
  endMs: number
}

export const zeroResultCounts = () => ({
  answered: 0,
  refused: 0,
  /** With a message. */
  failed: 0,
  /** By the next press, or by a typed question. */
  cancelled: 0,
  /** Too short or replaced, with a hint. */
  discarded: 0,
  /** No audio arrived, with a message. */
  unheard: 0
})
export type TurnResult = keyof ReturnType<typeof zeroResultCounts>

export type LossReason =
  | 'no end-of-turn line in the log'
  | 'ended more than once'
  | 'no end within the limit'
  | 'answered without a section on the screen'
  | 'failed without a message on the screen'
  | 'cancelled without a user action'
  | 'discarded without a message on the screen'
  | 'valid hold rejected as too short'
  | 'press ignored without a message on the screen'
  | 'typed question not sent'

type LostTurn = {
  reason: LossReason
  /** 0: none. */
  turn: number
  scenario: number
  atMs: number
}

export type Judgement = {
  resultCounts: Record<TurnResult, number>
  losses: LostTurn[]
  /** Asked after a hold that is shorter than a question. */
  tooShortQuestions: { turn: number; scenario: number; heldMs: number }[]
}

const SHORTEST_QUESTION_MS = 250
/** The screen follows an event within this time on a busy machine. */
const SCREEN_LAG_MS = 400
/** The kiosk handles an event within this time. */
const EVENT_LAG_MS = 250

/** Hints that explain a dropped question. */
const DROP_HINTS = new Set([
  'started_over',
  'interrupted',
  'no_microphone',
  'not_connected',
  'nothing_heard'
])
/** Hints that explain an ignored press. */
const IGNORE_HINTS = new Set(['no_microphone', 'not_connected'])

const screensWithin = (screens: readonly ScreenObservation[], fromMs: number, toMs: number) => {
  const before = screens.findLast(({ atMs }) => atMs <= fromMs)
  const within = screens.filter(({ atMs }) => atMs > fromMs && atMs <= toMs)
  return before === undefined ? within : [before, ...within]
}

const isRelease = ({ kind }: ActionObservation) => kind === 'release' || kind === 'gone'

/**
 * From the first press of a turn to its last release; null while it is held. A press may end a latched hold or continue a
 * hold, which look the same: hence two figures.
 */
export const heldMs = (
  actions: readonly ActionObservation[]
): { leastMs: number; mostMs: number } | null => {
  let firstMs: number | null = null
  let lastMs: number | null = null
  let leastMs: number | null = null
  let isHeld = false
  for (const action of actions) {
    if (action.kind === 'press') {
      if (!isHeld && lastMs !== null) leastMs = action.atMs
      firstMs ??= action.atMs
      isHeld = true
    } else if (isRelease(action) && isHeld) {
      isHeld = false
      lastMs = action.atMs
    }
  }
  if (firstMs === null || lastMs === null || isHeld) return null
  return { leastMs: (leastMs ?? lastMs) - firstMs, mostMs: lastMs - firstMs }
}

const beginsTurn = (action: ActionObservation) =>
  !isRelease(action) && action.turnAfter > action.turnBefore

type Case = { turn: number; timed: readonly TimedTurn[]; seen: BatchObservation }

/** A release belongs to the turn of the last press, even if the screen still shows the turn before. */
const actionsOf = ({ turn, seen }: Case): ActionObservation[] => {
  let pressed = 0
  return seen.actions.filter((action) => {
    if (isRelease(action)) return Math.max(action.turnBefore, pressed) === turn
    pressed = action.turnAfter
    return pressed === turn
  })
}

const judgeTurn = (it: Case): TurnResult | LossReason => {
  const { turn, timed, seen } = it
  const [line, second] = timed
  if (seen.scenarios.some(({ unfinishedTurn }) => unfinishedTurn === turn))
    return 'no end within the limit'
  if (line === undefined) return 'no end-of-turn line in the log'
  if (second !== undefined) return 'ended more than once'
  const actions = actionsOf(it)
  const startMs = actions.find(beginsTurn)?.atMs
  const endMs = startMs === undefined ? null : startMs + line.endMs
  const shown = endMs === null ? [] : screensWithin(seen.screens, endMs, endMs + SCREEN_LAG_MS)
  switch (line.outcome) {
    case 'answered':
      return seen.screens.some(
        (screen) => screen.turn === turn && screen.outcome === 'answered' && screen.citations > 0
      )
        ? 'answered'
        : 'answered without a section on the screen'
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
      const isReplaced = seen.actions.some(
        (action) =>
          beginsTurn(action) &&
          action.turnAfter > turn &&
          endMs !== null &&
          Math.abs(action.atMs - endMs) <= EVENT_LAG_MS
      )
      return isReplaced ? 'cancelled' : 'cancelled without a user action'
    }
    case 'discarded': {
      const held = heldMs(actions)?.leastMs ?? line.endMs
      const isQuestion = held >= SHORTEST_QUESTION_MS
      const hints = shown.map(({ hint }) => hint)
      if (isQuestion && hints.some((hint) => DROP_HINTS.has(hint))) return 'discarded'
      if (isQuestion) {
        return hints.includes('too_short')
          ? 'valid hold rejected as too short'
          : 'discarded without a message on the screen'
      }
      // The second tap continues the first.
      const isContinued = seen.actions.some(
        (action) => beginsTurn(action) && action.turnBefore === turn
      )
      return isContinued || hints.some((hint) => hint !== '')
        ? 'discarded'
        : 'discarded without a message on the screen'
    }
    default:
      return line.outcome satisfies never
  }
}

const judgeAction = (
  action: ActionObservation,
  screens: readonly ScreenObservation[]
): LossReason | null => {
  switch (action.kind) {
    case 'press': {
      const after = screensWithin(screens, action.atMs, action.atMs + SCREEN_LAG_MS)
      const isTaken =
        action.turnAfter > action.turnBefore ||
        after.some(({ state, hint }) => state === 'listening' || IGNORE_HINTS.has(hint))
      return isTaken ? null : 'press ignored without a message on the screen'
    }
    case 'ask':
      return action.turnAfter > action.turnBefore ? null : 'typed question not sent'
    case 'ask_again':
    case 'release':
    case 'gone':
      return null
    default:
      return action.kind satisfies never
  }
}

const isResult = (verdict: TurnResult | LossReason): verdict is TurnResult =>
  verdict in zeroResultCounts()

/**
 * Judges a batch whose questions have all ended.
 * @param afterTurn the last judged turn; @param lastTurn the last turn on the screen
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
    const actions = actionsOf(it)
    const first = actions[0]
    const scenario = first?.scenario ?? seen.scenarios.at(-1)?.index ?? -1
    if (isResult(verdict)) resultCounts[verdict] += 1
    else {
      const unsettled = seen.scenarios.find(({ unfinishedTurn }) => unfinishedTurn === turn)
      losses.push({
        reason: verdict,
        turn,
        scenario,
        atMs: first?.atMs ?? unsettled?.startedAtMs ?? seen.screens.at(-1)?.atMs ?? 0
      })
    }
    const held = heldMs(actions)?.mostMs ?? null
    const isAsked = it.timed.some(
      ({ kind, outcome }) => kind === 'spoken' && outcome !== 'discarded'
    )
    if (isAsked && held !== null && held < SHORTEST_QUESTION_MS) {
      tooShortQuestions.push({ turn, scenario, heldMs: Math.round(held) })
    }
  }
  for (const action of seen.actions) {
    const reason = judgeAction(action, seen.screens)
    if (reason !== null)
      losses.push({ reason, turn: 0, scenario: action.scenario, atMs: action.atMs })
  }
  return { resultCounts, losses, tooShortQuestions }
}
