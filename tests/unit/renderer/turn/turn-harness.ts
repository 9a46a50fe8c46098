// The world around one reducer, for the property tests: hands, a clock, timers, a recorder, a network, and a server
// that answers late, twice, out of order or not at all. After each step it checks what holds in every life.
import fc from 'fast-check'
import type {
  Carrier,
  ForceReleaseReason,
  HoldLostReason,
  TimerName,
  ToolCall,
  TurnEffect,
  TurnEvent
} from '../../../../src/renderer/turn/turn-events.ts'
import {
  CHATTER_MS,
  DOUBLE_TAP_MS,
  MAX_ASKS,
  MIN_HOLD_MS,
  PEDAL_TAP_MS
} from '../../../../src/renderer/turn/turn-limits.ts'
import {
  initialTurnState,
  isGateOpen,
  isSending,
  reduceTurn,
  type Step,
  type TurnState
} from '../../../../src/renderer/turn/turn-reducer.ts'
import { TALK_MODES, type TalkMode } from '../../../../src/shared/settings.ts'
import { BUTTON, KEY, OTHER_KEY, PEDAL } from './reduce-events.ts'

export const SOURCES = [KEY, OTHER_KEY, BUTTON, PEDAL] as const
type CallWord = 'call_opened' | 'call_lost' | 'call_expected' | 'call_blocked'

export type Action =
  /** `late`: the timers that are due by then have not fired yet, as on a busy machine. */
  | { kind: 'press' | 'release'; source: (typeof SOURCES)[number]; afterMs: number; late: boolean }
  /** Down and up again at once. */
  | { kind: 'tap'; source: (typeof SOURCES)[number]; afterMs: number; heldMs: number }
  /** A hold as it should be, up to the end of its tail. */
  | { kind: 'question' }
  /** The recorder finds that nobody spoke at the last release that asked for it, or at one before. */
  | { kind: 'quiet'; afterMs: number; releases: number }
  | { kind: 'hold_lost'; reason: HoldLostReason; afterMs: number }
  | { kind: 'force_release'; reason: ForceReleaseReason }
  | { kind: 'ask' }
  | { kind: 'ask_again' }
  | { kind: 'abandon' }
  | { kind: 'call'; word: CallWord }
  | { kind: 'microphone'; available: boolean }
  | { kind: 'talk_mode'; talkMode: TalkMode }
  | { kind: 'hands_free'; on: boolean }
  /** Too much of what was said live never arrived. */
  | { kind: 'audio_lost' }
  /** Somebody speaks to a kiosk that listens by itself, or has just stopped listening. */
  | { kind: 'speech' }
  | { kind: 'time'; afterMs: number }
  /** Fires the timer that is due next. */
  | { kind: 'timer' }
  /** The server's or main's next word; `pick` chooses among those that are outstanding. */
  | { kind: 'word'; pick: number; variant: number }
  /** Words about things that never were, or are long gone. */
  | { kind: 'noise'; variant: number; id: number }

const afterMs = fc.oneof(
  fc.integer({ min: 1, max: PEDAL_TAP_MS }),
  fc.integer({ min: 1, max: CHATTER_MS + 5 }),
  fc.integer({ min: 1, max: MIN_HOLD_MS + 50 }),
  fc.integer({ min: 1, max: DOUBLE_TAP_MS + 50 }),
  fc.integer({ min: 1, max: 5_000 })
)
/** Mostly one hand: a second one is there in one press of four. */
const source = fc.nat({ max: 7 }).map((dice) => SOURCES[dice] ?? KEY)
const kind = <K extends string>(name: K) => fc.constant(name)
const late = fc.nat({ max: 9 }).map((dice) => dice === 0)

const tap = fc.record({
  kind: kind('tap'),
  source,
  afterMs,
  heldMs: fc.integer({ min: 1, max: MIN_HOLD_MS - 1 })
})
const word = fc.record({
  kind: kind('word'),
  pick: fc.nat({ max: 3 }),
  variant: fc.nat({ max: 14 })
})
const call = fc.record({
  kind: kind('call'),
  word: fc.constantFrom<CallWord>(
    'call_opened',
    'call_opened',
    'call_lost',
    'call_lost',
    'call_expected',
    'call_blocked'
  )
})
const handsFree = fc.record({
  kind: kind('hands_free'),
  on: fc.constantFrom(true, false, false)
})

/** A bad day: everything at once. */
const hectic: fc.Arbitrary<Action> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: kind('press'), source, afterMs, late }) },
  { weight: 10, arbitrary: fc.record({ kind: kind('release'), source, afterMs, late }) },
  { weight: 3, arbitrary: tap },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind('quiet'),
      afterMs: fc.integer({ min: 1, max: 250 }),
      releases: fc.nat({ max: 1 })
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('hold_lost'),
      reason: fc.constantFrom<HoldLostReason>('blur', 'hidden', 'device_removed'),
      afterMs
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('force_release'),
      reason: fc.constantFrom<ForceReleaseReason>('lock', 'suspend', 'quit', 'reload')
    })
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('ask') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('ask_again') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('abandon') }) },
  { weight: 3, arbitrary: call },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('microphone'),
      available: fc.constantFrom(true, true, false)
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind('talk_mode'), talkMode: fc.constantFrom(...TALK_MODES) })
  },
  { weight: 1, arbitrary: handsFree },
  { weight: 2, arbitrary: fc.record({ kind: kind('audio_lost') }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('speech') }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('time'), afterMs }) },
  { weight: 6, arbitrary: fc.record({ kind: kind('timer') }) },
  { weight: 22, arbitrary: word },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('noise'),
      variant: fc.nat({ max: 8 }),
      id: fc.nat({ max: 4 })
    })
  }
)
/** A good day, on which questions reach their answers, with a mishap now and then. */
const calm: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: kind('question') }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('ask') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('ask_again') }) },
  { weight: 2, arbitrary: tap },
  { weight: 2, arbitrary: fc.record({ kind: kind('audio_lost') }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('speech') }) },
  { weight: 1, arbitrary: handsFree },
  { weight: 2, arbitrary: call },
  { weight: 2, arbitrary: fc.record({ kind: kind('timer') }) },
  { weight: 60, arbitrary: word }
)
/** Long ones too: what goes wrong takes a dozen steps to show. */
export const lives: fc.Arbitrary<Action[]> = fc.oneof(
  fc.array(hectic, { maxLength: 70, size: 'max' }),
  fc.array(calm, { maxLength: 70, size: 'max' })
)

/** Quick enough for millions of checks. */
const holds = (isTrue: boolean, what: string): void => {
  if (!isTrue) throw new Error(`broken: ${what}`)
}

type Armed = { timer: TimerName; turnId: number; atMs: number }
type Reduce = (state: TurnState, event: TurnEvent) => Step

/** What may end a question that nobody has answered. */
const CANCELLING: readonly TurnEvent['type'][] = [
  'press',
  'ask',
  'abandon',
  'commit_refused',
  'response_done'
]

export class TurnHarness {
  state: TurnState = initialTurnState(200)
  nowMs = 0
  gate: 'open' | 'closed' = 'closed'
  started: number[] = []
  ended = new Map<number, string>()
  readonly #reduce: Reduce
  #live = new Set<number>()
  #timers = new Map<TimerName, Armed>()
  #owed: TurnEvent[] = []

  /** Which hands press, as far as the kiosk could know it, in the hold under way. */
  #pressing = new Set<string>()
  /** When nobody may be heard any more; null while somebody presses or it is latched. */
  #mustCloseByMs: number | null = null
  #pressedAtMs = 0
  #releasedAtMs = 0
  /** Releases that the recorder was asked about, the newest first. */
  #asksForQuiet: { turnId: number; releasedAtMs: number }[] = []
  /** This step is the end of a tail. */
  #isTailOver = false
  #isHandsFree = false
  /** Nobody is in front of it. */
  #isLocked = false

  /** Whether there is a call, as the kiosk was told; and how often one was gone. */
  #isUp = false
  #losses = 0
  #carrier = new Map<number, Carrier>()
  /** Recordings that are kept; and the ones that are not any more. */
  #recordings = new Map<number, 'on' | 'stopped'>()
  #dropped = new Set<number>()
  #asks = new Map<
    number,
    { kind: 'live' | 'recording' | 'text'; atLosses: number; count: number }
  >()
  /** Turns whose question is on its way, the ones that wait for a call included. */
  #asked = new Set<number>()
  #committed = new Set<number>()
  #finishedCalls = new Set<string>()
  #foundIn = new Set<number>()
  /** Calls of finished responses that have no output yet, on the call in use. */
  #unansweredCalls = new Set<string>()
  #reportedIn = new Map<number, boolean>()
  /** Turns whose answer has its last word, or is looked up in the copy. */
  #completeIn = new Set<number>()
  /** At the server: requests without a response yet, and responses without a `done`. */
  #requested = new Set<string>()
  #active = new Set<string>()
  #responses = 0
  #speeches = 0
  /** The buffer was cleared in this step: its confirmation is on the way. */
  #unsettle = false

  constructor(reduce: Reduce = reduceTurn) {
    this.#reduce = reduce
  }

  owes(): boolean {
    return this.#owed.length > 0
  }

  step(event: TurnEvent): void {
    const before = this.state
    const { state, effects } = this.#reduce(before, event)
    this.state = state
    this.#learnBefore(event)
    this.#checkOrder(before, event, effects)
    for (const effect of effects) this.#carryOut(effect)
    this.#learnAfter(before, event, effects)
    this.#checkDropped(event, effects)
    this.#checkState()
    if (!this.#unsettle) return
    this.#unsettle = false
    if (this.#isUp) this.step({ type: 'input_settled', settled: false })
  }

  /** What the world knows of an event, whatever the reducer makes of it. */
  #learnBefore(event: TurnEvent): void {
    this.#isTailOver = event.type === 'timer' && event.timer === 'tail'
    switch (event.type) {
      case 'call_opened':
        this.#isUp = true
        this.#onCallLost()
        return
      case 'call_lost':
      case 'call_expected':
      case 'call_blocked':
        this.#isUp = false
        this.#onCallLost()
        return
      case 'hands_free_changed':
        this.#isHandsFree = event.on
        this.#isLocked = false
        return
      case 'force_release':
        this.#isLocked = true
        return
      case 'press':
        this.#isLocked = false
        return
      case 'response_refused':
        this.#requested.delete(event.requestId)
        return
      case 'commit_refused':
        // Nothing of it has arrived: its recording is still to be heard.
        if (event.empty) this.#forgetLive(event.turnId)
        return
      default:
    }
  }

  #forgetLive(turnId: number): void {
    const last = this.#asks.get(turnId)
    if (last?.kind !== 'live') return
    this.#asks.set(turnId, { ...last, atLosses: -1 })
    this.#carrier.set(turnId, 'recorded')
  }

  #onCallLost(): void {
    this.#losses += 1
    this.#requested.clear()
    this.#active.clear()
    this.#unansweredCalls.clear()
    const { turn } = this.state
    if (turn !== null && this.#carrier.get(turn.id) === 'live')
      this.#carrier.set(turn.id, 'recorded')
  }

  #learnAfter(before: TurnState, event: TurnEvent, effects: readonly TurnEffect[]): void {
    const was = before.turn?.phase
    const is = this.state.turn?.phase
    const starts = effects.some(({ type }) => type === 'turn_started')
    const closesByMs = this.nowMs + Math.max(this.state.tailMs, CHATTER_MS)
    if (event.type === 'press' && !this.#isHandsFree) {
      if (was === 'held') {
        holds(starts === this.#pressing.has(event.source), 'a press by the same hand starts over')
      }
      if (starts || was !== 'held') this.#pressing.clear()
      this.#pressing.add(event.source)
      if (is === 'held' || is === 'latched') this.#mustCloseByMs = null
      else if (was === 'latched') this.#mustCloseByMs = closesByMs
      const isSilent = effects.length === 0
      holds(!isSilent || is === 'held' || is === 'latched', 'a press does something')
    }
    if (event.type === 'release') {
      this.#pressing.clear()
      if (is === 'latched') this.#mustCloseByMs = null
      else this.#mustCloseByMs ??= closesByMs
    }
    if (event.type === 'hold_lost') {
      this.#pressing.clear()
      this.#mustCloseByMs ??= closesByMs
    }
    if (event.type === 'force_release') {
      holds(this.gate === 'closed' && !this.#isRecording(), 'nothing is heard once it is forced')
    }
    if (this.state.turn?.phase === 'waiting' || this.state.turn?.phase === 'offline') {
      this.#asked.add(this.state.turn.id)
    }
  }

  #isRecording(): boolean {
    for (const recording of this.#recordings.values()) if (recording === 'on') return true
    return false
  }

  #ask(turnId: number, how: 'live' | 'recording' | 'text'): void {
    const last = this.#asks.get(turnId)
    if (last !== undefined) {
      holds(last.atLosses < this.#losses, 'asked again only when a call was lost in between')
      holds(how !== 'live', 'what was asked once is never asked again live')
    }
    // Another answer is to come: it may be reported anew.
    this.#reportedIn.delete(turnId)
    this.#completeIn.delete(turnId)
    const count = (last?.count ?? 0) + 1
    holds(count <= MAX_ASKS, 'a question is asked a few times at most')
    this.#asks.set(turnId, { kind: how, atLosses: this.#losses, count })
    this.#asked.add(turnId)
  }

  #carryOut(effect: TurnEffect): void {
    switch (effect.type) {
      case 'open_gate':
        holds(this.gate === 'closed', 'an open gate is not opened')
        this.gate = 'open'
        return
      case 'close_gate':
        holds(this.gate === 'open', 'a closed gate is not closed')
        this.gate = 'closed'
        return
      case 'start_recording':
        holds(
          !this.#recordings.has(effect.turnId) && !this.#dropped.has(effect.turnId),
          'a recording is started once'
        )
        holds(!this.#isRecording(), 'one recording at a time')
        this.#recordings.set(effect.turnId, 'on')
        this.#pressedAtMs = this.nowMs
        this.#releasedAtMs = Number.NEGATIVE_INFINITY
        return
      case 'stop_recording':
        holds(this.#recordings.get(effect.turnId) === 'on', 'what is stopped was recording')
        this.#recordings.set(effect.turnId, 'stopped')
        return
      case 'await_silence':
        holds(this.#recordings.get(effect.turnId) === 'on', 'silence is heard in a recording')
        this.#asksForQuiet.unshift({ turnId: effect.turnId, releasedAtMs: effect.releasedAtMs })
        return
      case 'drop_recording':
        holds(
          this.#recordings.get(effect.recordingId) === 'stopped',
          'what is dropped was stopped, and is dropped once'
        )
        this.#recordings.delete(effect.recordingId)
        this.#dropped.add(effect.recordingId)
        return
      case 'turn_started':
        holds(effect.turnId > (this.started.at(-1) ?? 0), 'turn numbers grow')
        this.started.push(effect.turnId)
        this.#live.add(effect.turnId)
        this.#carrier.set(effect.turnId, effect.carrier)
        return
      case 'turn_discarded':
        holds(!this.#asked.has(effect.turnId), 'a question that was asked is not discarded')
        this.#end(effect.turnId, 'discarded')
        return
      case 'turn_ended':
        holds(
          this.#asked.has(effect.turnId) || this.state.handsFree,
          'an outcome belongs to a question'
        )
        holds(effect.asks === (this.#asks.get(effect.turnId)?.count ?? 0), 'asks are counted')
        if (effect.outcome === 'answered') {
          holds(this.#foundIn.has(effect.turnId), 'answered out of the handbook')
          holds(this.#completeIn.has(effect.turnId), 'an answer has its last word')
          holds(
            this.#reportedIn.get(effect.turnId) !== false,
            'what was reported as none is no answer'
          )
        }
        holds((effect.failure === null) === (effect.outcome !== 'failed'), 'a failure has a name')
        this.#end(effect.turnId, effect.outcome)
        return
      case 'commit':
        holds(this.#isUp, 'committed on a call')
        holds(this.#carrier.get(effect.turnId) === 'live', 'only live audio is committed')
        this.#checkLength(effect.turnId)
        this.#ask(effect.turnId, 'live')
        this.#owed.push({ type: 'committed', itemId: `item-${effect.turnId}` })
        return
      case 'send_recording':
        holds(this.#isUp, 'a recording is sent on a call')
        holds(
          this.#recordings.get(effect.recordingId) === 'stopped',
          'a recording is sent when it is complete and still there'
        )
        holds(this.#carrier.get(effect.turnId) === 'recorded', 'live audio is not sent twice')
        this.#checkLength(effect.recordingId)
        this.#ask(effect.turnId, 'recording')
        this.#owed.push({ type: 'committed', itemId: `item-${effect.turnId}` })
        return
      case 'send_text':
        holds(this.#isUp, 'a text is sent on a call')
        this.#ask(effect.turnId, 'text')
        this.#committed.add(effect.turnId)
        return
      case 'turn_committed':
        if (!this.#asks.has(effect.turnId)) this.#ask(effect.turnId, 'live')
        this.#committed.add(effect.turnId)
        return
      case 'create_response': {
        holds(this.#committed.has(effect.turnId), 'a response has a question')
        holds(this.gate === 'closed', 'nobody is heard while it is answered')
        holds(this.#requested.size === 0, 'one request at a time')
        holds(this.#active.size === 0, 'one active response at a time')
        this.#requested.add(effect.requestId)
        this.#responses += 1
        const responseId = `r${this.#responses}`
        this.#owed.push({ type: 'response_created', responseId, requestId: effect.requestId })
        return
      }
      case 'drop_requests':
        this.#requested.clear()
        return
      case 'cancel_response':
        this.#active.delete(effect.responseId)
        this.#owed.push({
          type: 'response_done',
          responseId: effect.responseId,
          status: 'cancelled',
          hasAudio: false,
          calls: []
        })
        return
      case 'search':
        holds(this.#finishedCalls.has(effect.callId), 'searched after response.done')
        this.#owed.push({
          type: 'searched',
          turnId: effect.turnId,
          callId: effect.callId,
          found: effect.callId.length % 2 === 0,
          output: '{}'
        })
        return
      case 'search_offline':
        // What is shown from the copy is another answer too.
        this.#reportedIn.delete(effect.turnId)
        this.#completeIn.add(effect.turnId)
        this.#owed.push({
          type: 'searched_offline',
          turnId: effect.turnId,
          found: effect.turnId % 2 === 0
        })
        return
      case 'send_tool_output':
      case 'resolve_tool_call':
        holds(this.#finishedCalls.has(effect.callId), 'answered after response.done')
        holds(this.#unansweredCalls.delete(effect.callId), 'a call is answered once')
        return
      case 'answer_reported':
        holds(this.#live.has(effect.turnId), 'a report is of the turn under way')
        holds(!this.#reportedIn.has(effect.turnId), 'an answer is reported once')
        this.#reportedIn.set(effect.turnId, effect.report.found)
        return
      case 'answer_complete':
        holds(this.#live.has(effect.turnId), 'a last word is of the turn under way')
        holds(!this.#completeIn.has(effect.turnId), 'an answer has one last word')
        this.#completeIn.add(effect.turnId)
        return
      case 'replace_call':
        this.#isUp = false
        this.#losses += 1
        // What it asked for may still be answered there, and nobody waits for it.
        this.#requested.clear()
        this.#active.clear()
        this.#unansweredCalls.clear()
        this.#owed.push({ type: 'call_lost' })
        return
      case 'wake_call':
        if (!this.#isUp) this.#owed.push({ type: 'call_opened' })
        return
      case 'start_timer':
        this.#timers.set(effect.timer, {
          timer: effect.timer,
          turnId: effect.turnId,
          atMs: this.nowMs + effect.ms
        })
        return
      case 'stop_timer':
        this.#timers.delete(effect.timer)
        return
      case 'hint':
        if (effect.hint === 'too_short' || effect.hint === 'pedal_taps') {
          holds(this.#releasedAtMs - this.#pressedAtMs < MIN_HOLD_MS, 'only a tap is too short')
        }
        return
      case 'clear_input':
        this.#unsettle = true
        this.#owed.push({ type: 'input_settled', settled: true })
        return
      case 'cut_speaker':
      case 'restore_speaker':
      case 'clear_output':
      case 'delete_item':
        return
      default:
        effect satisfies never
    }
  }

  /** A hold that became a question was long enough; only the last one can be told. */
  #checkLength(recordingId: number): void {
    if (recordingId !== this.started.at(-1) || this.#isHandsFree) return
    holds(this.#releasedAtMs - this.#pressedAtMs >= MIN_HOLD_MS, 'a question is no slip')
    if (!this.#isTailOver) return
    holds(this.nowMs - this.#releasedAtMs >= CHATTER_MS, 'a release may be a bounce for a while')
  }

  #end(turnId: number, how: string): void {
    holds(!this.ended.has(turnId), `turn ${turnId} ends once`)
    this.ended.set(turnId, how)
    this.#live.delete(turnId)
  }

  #checkOrder(before: TurnState, event: TurnEvent, effects: readonly TurnEffect[]): void {
    const order = effects.map(({ type }) => type)
    const opened = order.indexOf('open_gate')
    if (opened >= 0) {
      holds(
        this.#isHandsFree || (before.isInputSettled && before.unconfirmedCommits.length === 0),
        'nothing is on its way to the input buffer that could meet what is said now'
      )
      holds(this.#isHandsFree || !order.includes('clear_input'), 'nor sent in the same step')
      if (before.playing !== null && event.type === 'press') {
        holds(order[0] === 'cut_speaker', 'the speaker is cut before anything else')
      }
      const live = effects.some(
        (effect) => effect.type === 'turn_started' && effect.carrier === 'live'
      )
      holds(live || this.#isHandsFree, 'the gate opens for a live turn only')
    }
    const cancelled = order.indexOf('cancel_response')
    if (cancelled >= 0 && event.type !== 'response_created') {
      holds(
        order.indexOf('cut_speaker') < cancelled,
        'the speaker is cut before the server is told'
      )
    }
  }

  /** Nothing that was said is dropped in silence. */
  #checkDropped(event: TurnEvent, effects: readonly TurnEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'turn_discarded') {
        const isSaid = effects.some(({ type }) => type === 'hint')
        holds(isSaid || event.type === 'press', 'a dropped hold is said to be dropped')
      }
      if (effect.type === 'turn_ended' && effect.outcome === 'cancelled') {
        holds(CANCELLING.includes(event.type), 'a question is cancelled by somebody')
      }
    }
  }

  #checkState(): void {
    const { turn } = this.state
    const isRecording = this.#isRecording()
    holds((this.gate === 'open') === isSending(this.state), 'the gate is what the state says')
    holds(
      isRecording === (isGateOpen(this.state) && turn?.phase !== 'speech_detected'),
      'a hold is recorded'
    )
    if (this.gate === 'open') {
      holds(this.#isUp, 'the gate is open on a call only')
      holds(turn !== null || this.#isHandsFree, 'the gate is open for a turn')
      if (isRecording) holds(this.#carrier.get(turn?.id ?? 0) === 'live', 'recorded is not live')
      else holds(this.#isHandsFree && !this.#isLocked, 'it listens by itself hands-free only')
    }
    if (isRecording)
      holds(this.#recordings.get(turn?.id ?? 0) === 'on', 'the live turn is recorded')
    // Somebody is heard for the tail at most once nobody presses, unless a timer is late.
    if (this.#mustCloseByMs !== null && this.nowMs > this.#mustCloseByMs) {
      const isLate = [...this.#timers.values()].some(({ atMs }) => atMs <= this.nowMs)
      holds(isLate || !isRecording, 'nobody holds, and it listens')
    }
    if (turn?.phase === 'latched') holds(turn.mode !== 'hold', 'only holding talks here')
    if (turn?.phase === 'committing' || turn?.phase === 'answering') {
      holds(this.#isUp, 'nothing is asked where there is no call')
    }
    // Every turn but the live one has ended, once.
    holds(this.#live.size === (turn === null ? 0 : 1), 'one live turn')
    if (turn !== null) holds(this.#live.has(turn.id), 'the live turn is the one in the state')
    holds(this.state.lastTurnId === (this.started.at(-1) ?? 0), 'turns are numbered as they start')
    // Only what could still be asked is kept.
    const kept = [...this.#recordings.keys()]
    holds(kept.length <= 1, 'one recording is kept at most')
    if (turn === null) {
      const retryable =
        this.state.retryable?.kind === 'spoken' ? this.state.retryable.recordingId : undefined
      holds(kept[0] === retryable, 'what is kept can be asked again')
    } else holds(this.state.retryable === null, 'while a turn is live, the last one is over')
    // A live turn always has something that will end it; a dead one leaves nothing behind.
    for (const { turnId } of this.#timers.values())
      holds(turnId === turn?.id, 'no timer of the dead')
    if (turn !== null) holds(this.#timers.size > 0, 'something will end every turn')
    if (turn?.phase === 'held' || turn?.phase === 'latched') {
      holds(this.state.microphoneAvailable, 'held with a microphone')
    }
  }

  /** A release counts for the hold that is under way; a second one says nothing. */
  #letGo(): void {
    const phase = this.state.turn?.phase
    if (phase === 'held' || phase === 'latched') this.#releasedAtMs = this.nowMs
  }

  #pass(ms: number): void {
    const untilMs = this.nowMs + ms
    for (;;) {
      const next = this.#nextTimer()
      if (next === undefined || next.atMs > untilMs) break
      this.#fire(next)
    }
    this.nowMs = Math.max(this.nowMs, untilMs)
    this.#checkState()
  }

  #nextTimer(): Armed | undefined {
    let next: Armed | undefined
    for (const armed of this.#timers.values()) {
      if (next === undefined || armed.atMs < next.atMs) next = armed
    }
    return next
  }

  #fire(due: Armed): void {
    this.nowMs = Math.max(this.nowMs, due.atMs)
    this.#timers.delete(due.timer)
    if (due.timer === 'max_hold') this.#letGo()
    this.step({ type: 'timer', timer: due.timer, turnId: due.turnId })
  }

  fireNextTimer(): boolean {
    const next = this.#nextTimer()
    if (next === undefined) return false
    this.#fire(next)
    return true
  }

  press(from: string): void {
    // The press that ends a latch, and not one that begins something.
    if (this.state.turn?.phase === 'latched') this.#letGo()
    this.step({ type: 'press', source: from, atMs: this.nowMs })
  }

  release(from: string): void {
    const phase = this.state.turn?.phase
    if (phase === 'held') this.#letGo()
    this.step({ type: 'release', source: from, atMs: this.nowMs })
  }

  loseHold(reason: HoldLostReason): void {
    this.#letGo()
    this.step({ type: 'hold_lost', reason, atMs: this.nowMs })
  }

  /** The call is another one, or none: what the server owed on the last one will never be said. */
  call(word: CallWord): void {
    this.#owed = this.#owed.filter(
      ({ type }) => type === 'searched' || type === 'searched_offline' || type === 'call_opened'
    )
    this.step({ type: word })
  }

  loseAudio(): void {
    const { turn } = this.state
    if (turn === null) return
    const isCommitted = turn.phase === 'committing' && turn.question !== null
    if (isCommitted) this.#forgetLive(turn.id)
    else if (isGateOpen(this.state) && this.#carrier.get(turn.id) === 'live' && !this.#isHandsFree)
      this.#carrier.set(turn.id, 'recorded')
    this.step({ type: 'audio_lost', turnId: turn.id })
  }

  speech(): void {
    this.#speeches += 1
    const itemId = `speech-${this.#speeches}`
    this.step({ type: 'speech_started', itemId, atMs: this.nowMs })
    this.#owed.push({ type: 'committed', itemId })
  }

  /** Delivers one owed word and adds what a server would owe next. */
  deliver(pick: number, variant: number): void {
    const index = Math.min(pick, this.#owed.length - 1)
    const [word] = this.#owed.splice(Math.max(0, index), 1)
    if (word === undefined) return
    switch (word.type) {
      case 'call_opened':
      case 'call_lost':
        this.call(word.type)
        return
      case 'searched': {
        const { turnId, callId, found } = word
        if (variant === 11) {
          this.step({ type: 'search_failed', turnId, callId, code: 'search_timeout' })
          return
        }
        if (found) this.#foundIn.add(turnId)
        this.step(word)
        return
      }
      case 'searched_offline':
        if (word.found) this.#foundIn.add(word.turnId)
        this.step(word)
        return
      case 'committed': {
        const [turnId] = this.state.unconfirmedCommits
        if (variant === 11 && turnId !== undefined) {
          this.step({ type: 'commit_refused', turnId, empty: pick % 2 === 0 })
          return
        }
        this.step(word)
        return
      }
      case 'response_done':
        for (const call of word.calls) {
          this.#finishedCalls.add(call.callId)
          this.#unansweredCalls.add(call.callId)
        }
        this.#active.delete(word.responseId)
        this.step(word)
        return
      case 'response_created': {
        const { responseId, requestId } = word
        if (requestId !== null && this.#requested.delete(requestId)) this.#active.add(responseId)
        this.step(word)
        const live = this.state.turn
        const isTaken = live?.phase === 'answering' && live.responses.includes(responseId)
        const isOurs = requestId?.startsWith(`turn-${live?.id}-`) === true
        holds(!isTaken || isOurs, 'a response belongs to the turn that asked for it')
        this.#oweResponse(responseId, variant)
        return
      }
      default:
        this.step(word)
    }
  }

  #oweResponse(responseId: string, variant: number): void {
    const reports = variant === 3 || variant === 12 || variant === 13 ? 1 : variant === 14 ? 2 : 0
    const done = (calls: number, hasAudio: boolean, status: 'completed' | 'failed' = 'completed') =>
      ({
        type: 'response_done',
        responseId,
        status,
        hasAudio,
        calls: [
          ...Array.from({ length: calls }, (_, n): ToolCall => {
            const callId = `${responseId}-${'c'.repeat(n + 1)}`
            return variant === 5
              ? { tool: 'unknown', callId }
              : {
                  tool: 'search',
                  callId,
                  question: variant === 6 ? null : { question: 'q', sections: [] }
                }
          }),
          // With the answer or with a search, alone, twice, unreadable, or none.
          ...Array.from({ length: reports }, (_, n): ToolCall => {
            const callId = `${responseId}-report-${n}`
            const report = { found: variant % 2 === 0, sources: [] }
            return { tool: 'report', callId, report: variant === 14 && n === 0 ? null : report }
          })
        ]
      }) as const
    const started = { type: 'audio_started', responseId } as const
    const stopped = { type: 'audio_stopped', responseId } as const
    if (variant < 4) this.#owed.push(done(1 + (variant % 2), false))
    else if (variant < 7) this.#owed.push(started, done(1, true), stopped)
    else if (variant < 9) this.#owed.push(started, done(0, true), stopped)
    else if (variant === 9) this.#owed.push(done(0, false))
    else if (variant === 10) this.#owed.push(done(0, false, 'failed'))
    else if (variant === 12 || variant === 14) this.#owed.push(started, done(0, true), stopped)
    else if (variant === 13) this.#owed.push(done(0, false))
    // Otherwise the server is never heard of again.
  }

  happen(it: Action): void {
    switch (it.kind) {
      case 'press':
      case 'release':
        if (it.late) this.nowMs += it.afterMs
        else this.#pass(it.afterMs)
        if (it.kind === 'press') this.press(it.source)
        else this.release(it.source)
        return
      case 'tap':
        this.#pass(it.afterMs)
        this.press(it.source)
        this.#pass(it.heldMs)
        this.release(it.source)
        return
      case 'question':
        this.#pass(1_000)
        this.press(KEY)
        this.#pass(1_000)
        this.release(KEY)
        this.#pass(500)
        return
      case 'quiet': {
        this.#pass(it.afterMs)
        const asked = this.#asksForQuiet[it.releases]
        if (asked !== undefined) this.step({ type: 'silence_detected', ...asked, atMs: this.nowMs })
        return
      }
      case 'hold_lost':
        this.#pass(it.afterMs)
        this.loseHold(it.reason)
        return
      case 'force_release':
        this.step({ type: 'force_release', reason: it.reason })
        return
      case 'ask':
        this.step({ type: 'ask', text: 'How hot?' })
        return
      case 'ask_again':
        this.step({ type: 'ask_again' })
        return
      case 'abandon':
        this.step({ type: 'abandon' })
        return
      case 'call':
        this.call(it.word)
        return
      case 'microphone':
        this.step({ type: 'microphone', available: it.available })
        return
      case 'talk_mode':
        this.step({ type: 'talk_mode_changed', talkMode: it.talkMode })
        return
      case 'hands_free':
        this.step({ type: 'hands_free_changed', on: it.on })
        return
      case 'audio_lost':
        this.loseAudio()
        return
      case 'speech':
        this.speech()
        return
      case 'time':
        this.#pass(it.afterMs)
        return
      case 'timer':
        this.fireNextTimer()
        return
      case 'word':
        this.deliver(it.pick, it.variant)
        return
      case 'noise': {
        const event = noise(it.variant, it.id)
        // A timer of the live turn is no noise, nor is the answer it waits for.
        if ('turnId' in event && event.turnId === this.state.turn?.id) return
        this.step(event)
        return
      }
      default:
        it satisfies never
    }
  }

  /** Everybody goes home: hands are off, nothing listens by itself, and the timers that are left run out. */
  goHome(): void {
    this.step({ type: 'hands_free_changed', on: false })
    this.loseHold('blur')
    for (let fired = 0; this.fireNextTimer(); fired += 1) holds(fired < 50, 'timers end')
    holds(this.gate === 'closed', 'the gate is closed in the end')
    holds(this.state.turn === null, 'no turn is left in the end')
    holds(this.#unansweredCalls.size === 0, 'every call of the model is answered')
    for (const id of this.started) holds(this.ended.has(id), 'every turn has ended')
  }
}

const noise = (variant: number, id: number): TurnEvent => {
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

/** One random life of a kiosk, checked at every step. */
export const live = (life: readonly Action[], reduce: Reduce = reduceTurn): TurnHarness => {
  const world = new TurnHarness(reduce)
  world.step({ type: 'call_opened' })
  world.step({ type: 'microphone', available: true })
  for (const it of life) world.happen(it)
  world.goHome()
  return world
}
