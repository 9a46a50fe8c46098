// Random actions on a turn: presses, calls, settings, and the server's events in any order.
import fc from 'fast-check'
import type {
  ForceReleaseReason,
  HoldLostReason,
  TurnEvent
} from '../../../../src/renderer/turn/turn-events.ts'
import {
  CHATTER_MS,
  DOUBLE_TAP_MS,
  MIN_HOLD_MS,
  PEDAL_TAP_MS
} from '../../../../src/renderer/turn/turn-limits.ts'
import { TALK_MODES } from '../../../../src/shared/settings.ts'
import { weightedActions } from '../weighted-action.ts'
import { BUTTON, KEY, OTHER_KEY, PEDAL } from './reduce-events.ts'

const SOURCES = [KEY, OTHER_KEY, BUTTON, PEDAL] as const
export type CallEvent = 'call_opened' | 'call_lost' | 'call_expected' | 'call_blocked'

/** `late`: due timers have not fired yet, as on a busy machine. */
type Input = { source: string; afterMs: number; late: boolean }

export type Action =
  | ({ kind: 'press' } & Input)
  | ({ kind: 'release' } & Input)
  | { kind: 'tap'; source: string; afterMs: number; heldMs: number }
  /** An ordinary hold, up to the end of its tail. */
  | { kind: 'question' }
  /** The recorder finds silence at the last release that awaits it, or at the one before. */
  | { kind: 'silence'; afterMs: number; releases: number }
  | { kind: 'hold_lost'; reason: HoldLostReason; afterMs: number }
  | { kind: 'call'; event: CallEvent }
  | { kind: 'event'; event: TurnEvent }
  | { kind: 'audio_lost' }
  /** Hands-free speech, also just after it was switched off. */
  | { kind: 'speech' }
  /** Words of the question under way: those so far, or the whole transcript. */
  | { kind: 'words'; words: string; isWhole: boolean }
  | { kind: 'time'; afterMs: number }
  /** Fires the next timer. */
  | { kind: 'timer' }
  /** Delivers an event of the server or of main; `pick` chooses among the outstanding ones. */
  | { kind: 'deliver'; pick: number; variant: number }
  /** An event about an unknown or old thing. */
  | { kind: 'noise'; variant: number; id: number }

const action = weightedActions<Action>()

const afterMs = fc.oneof(
  fc.integer({ min: 1, max: PEDAL_TAP_MS }),
  fc.integer({ min: 1, max: CHATTER_MS + 5 }),
  fc.integer({ min: 1, max: MIN_HOLD_MS + 50 }),
  fc.integer({ min: 1, max: DOUBLE_TAP_MS + 50 }),
  fc.integer({ min: 1, max: 5_000 })
)
/** Mostly one source: one press in four has another. */
const source = fc.nat({ max: 7 }).map((dice): string => SOURCES[dice] ?? KEY)
const late = fc.nat({ max: 9 }).map((dice) => dice === 0)
const heldMs = fc.integer({ min: 1, max: MIN_HOLD_MS - 1 })
const lossReason = fc.constantFrom<HoldLostReason>('blur', 'hidden', 'device_removed')
const delivery = { pick: fc.nat({ max: 3 }), variant: fc.nat({ max: 14 }) }
const callEvent = fc.constantFrom<CallEvent>(
  'call_opened',
  'call_opened',
  'call_lost',
  'call_lost',
  'call_expected',
  'call_blocked'
)

/** Empty: the transcription failed. */
const words = {
  words: fc.constantFrom('how hot', 'how hot is it', 'How hot is it?', 'how long', ''),
  isWhole: fc.nat({ max: 2 }).map((dice) => dice === 0)
}

const ask = fc.constant<TurnEvent>({ type: 'ask', text: 'How hot?' })
const askAgain = fc.constant<TurnEvent>({ type: 'ask_again' })
const handsFree = fc
  .constantFrom(true, false, false)
  .map((on): TurnEvent => ({ type: 'hands_free_changed', on }))
const anyEvent = fc.oneof(
  ask,
  askAgain,
  handsFree,
  fc.constantFrom<TurnEvent>({ type: 'abandon' }, { type: 'stop' }),
  fc
    .constantFrom<ForceReleaseReason>('lock', 'suspend', 'quit', 'reload')
    .map((reason): TurnEvent => ({ type: 'force_release', reason })),
  fc
    .constantFrom(true, true, false)
    .map((available): TurnEvent => ({ type: 'microphone', available })),
  fc
    .constantFrom(...TALK_MODES)
    .map((talkMode): TurnEvent => ({ type: 'talk_mode_changed', talkMode }))
)

/** Everything at once. */
const hectic: fc.Arbitrary<Action> = fc.oneof(
  action(10, 'press', { source, afterMs, late }),
  action(10, 'release', { source, afterMs, late }),
  action(3, 'tap', { source, afterMs, heldMs }),
  action(4, 'silence', {
    afterMs: fc.integer({ min: 1, max: 250 }),
    releases: fc.nat({ max: 1 })
  }),
  action(1, 'hold_lost', { reason: lossReason, afterMs }),
  action(7, 'event', { event: anyEvent }),
  action(3, 'call', { event: callEvent }),
  action(2, 'audio_lost', {}),
  action(2, 'speech', {}),
  action(5, 'words', words),
  action(3, 'time', { afterMs }),
  action(6, 'timer', {}),
  action(22, 'deliver', delivery),
  action(2, 'noise', { variant: fc.nat({ max: 8 }), id: fc.nat({ max: 4 }) })
)
/** Questions reach their answers, with a fault now and then. */
const calm: fc.Arbitrary<Action> = fc.oneof(
  action(5, 'question', {}),
  action(3, 'press', { source, afterMs, late }),
  action(3, 'release', { source, afterMs, late }),
  action(2, 'event', { event: ask }),
  action(1, 'event', { event: askAgain }),
  action(1, 'event', { event: handsFree }),
  action(2, 'tap', { source, afterMs, heldMs }),
  action(2, 'audio_lost', {}),
  action(2, 'speech', {}),
  action(2, 'call', { event: callEvent }),
  action(16, 'words', words),
  action(2, 'timer', {}),
  action(60, 'deliver', delivery)
)
/** Long ones too: some faults need a dozen steps. */
export const actionSequences: fc.Arbitrary<Action[]> = fc.oneof(
  fc.array(hectic, { maxLength: 70, size: 'max' }),
  fc.array(calm, { maxLength: 70, size: 'max' })
)

export const noiseEvent = (variant: number, id: number): TurnEvent => {
  const responseId = `r${id}`
  const all: TurnEvent[] = [
    { type: 'audio_started', responseId: `ghost-${id}` },
    { type: 'audio_stopped', responseId },
    { type: 'audio_cleared', responseId },
    { type: 'searched', turnId: id, callId: `ghost-${id}`, found: true, output: '' },
    { type: 'response_refused', requestId: `turn-${id}-1` },
    { type: 'response_progress', responseId },
    { type: 'timer', timer: 'tail', turnId: id - 1 },
    { type: 'searched_offline', turnId: id, found: true }
  ]
  return all[variant] ?? { type: 'tail_changed', tailMs: id * 100 }
}
