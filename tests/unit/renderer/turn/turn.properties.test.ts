// What holds for a turn whatever happens, in whatever order: thousands of random lives of a kiosk, with a
// server that answers late, twice, out of order or not at all.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CHATTER_MS, MIN_HOLD_MS } from '../../../../src/renderer/turn/limits.ts'
import {
  initialTurnState,
  isGateOpen,
  stepTurn,
  type TimerName,
  type TurnEffect,
  type TurnEvent,
  type TurnState
} from '../../../../src/renderer/turn/turn.ts'

const SEQUENCES = 5_000

type Happening =
  | { kind: 'press'; afterMs: number }
  | { kind: 'release'; afterMs: number }
  | { kind: 'ask' }
  | { kind: 'force_release' }
  | { kind: 'abandon' }
  | { kind: 'call'; up: boolean }
  | { kind: 'microphone'; available: boolean }
  /** Fires the timer that is due next. */
  | { kind: 'timer' }
  /** The server's or main's next word; `pick` chooses among those that are outstanding. */
  | { kind: 'word'; pick: number; variant: number }
  /** Words about things that never were, or are long gone. */
  | { kind: 'noise'; variant: number; id: number }

const afterMs = fc.oneof(
  fc.integer({ min: 1, max: CHATTER_MS }),
  fc.integer({ min: 1, max: MIN_HOLD_MS + 50 }),
  fc.integer({ min: 1, max: 5_000 })
)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('press' as const), afterMs }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('release' as const), afterMs }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'ask' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'force_release' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'abandon' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('call' as const), up: fc.boolean() })
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('microphone' as const), available: fc.boolean() })
  },
  { weight: 6, arbitrary: fc.constant({ kind: 'timer' as const }) },
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constant('word' as const),
      pick: fc.nat({ max: 3 }),
      variant: fc.nat({ max: 11 })
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('noise' as const),
      variant: fc.nat({ max: 6 }),
      id: fc.nat({ max: 4 })
    })
  }
)

type Armed = { timer: TimerName; turnId: number; atMs: number }

/** The world around one reducer: a clock, timers, and a server that owes words. */
class World {
  state: TurnState = initialTurnState(200)
  nowMs = 0
  gate: 'open' | 'closed' = 'closed'
  cut = false
  timers = new Map<TimerName, Armed>()
  owed: TurnEvent[] = []
  started: number[] = []
  live = new Set<number>()
  ended = new Map<number, string>()
  asked = new Set<number>()
  committed = new Set<number>()
  finishedCalls = new Set<string>()
  foundIn = new Set<number>()
  pressedAtMs = 0
  releasedAtMs = 0
  responses = 0

  step(event: TurnEvent): void {
    const before = this.state
    const { state, effects } = stepTurn(before, event)
    this.state = state
    this.checkOrder(before, event, effects)
    for (const effect of effects) this.carryOut(effect)
    this.checkState()
  }

  private carryOut(effect: TurnEffect): void {
    switch (effect.type) {
      case 'open_gate':
        this.gate = 'open'
        return
      case 'close_gate':
        this.gate = 'closed'
        return
      case 'cut_speaker':
        this.cut = true
        return
      case 'restore_speaker':
        this.cut = false
        return
      case 'turn_started':
        expect(effect.turnId).toBeGreaterThan(this.started.at(-1) ?? 0)
        this.started.push(effect.turnId)
        this.live.add(effect.turnId)
        return
      case 'turn_discarded':
        this.end(effect.turnId, 'discarded')
        expect(this.asked.has(effect.turnId), 'a committed question was discarded').toBe(false)
        return
      case 'turn_ended':
        this.end(effect.turnId, effect.outcome)
        expect(this.asked.has(effect.turnId), 'an outcome without a question').toBe(true)
        if (effect.outcome === 'answered') expect(this.foundIn).toContain(effect.turnId)
        return
      case 'commit':
        expect(this.releasedAtMs - this.pressedAtMs).toBeGreaterThanOrEqual(MIN_HOLD_MS)
        this.asked.add(effect.turnId)
        this.owed.push({ type: 'committed', itemId: `item-${effect.turnId}` })
        return
      case 'send_text':
        this.asked.add(effect.turnId)
        this.committed.add(effect.turnId)
        return
      case 'turn_committed':
        this.committed.add(effect.turnId)
        return
      case 'create_response': {
        expect(this.committed, 'a response to nothing').toContain(effect.turnId)
        expect(this.gate).toBe('closed')
        this.responses += 1
        const responseId = `r${this.responses}`
        this.owed.push({ type: 'response_created', responseId, requestId: effect.requestId })
        return
      }
      case 'cancel_response':
        this.owed.push({
          type: 'response_done',
          responseId: effect.responseId,
          status: 'cancelled',
          hasAudio: false,
          calls: []
        })
        return
      case 'search':
        expect(this.finishedCalls, 'searched before response.done').toContain(effect.callId)
        this.owed.push({
          type: 'searched',
          turnId: effect.turnId,
          callId: effect.callId,
          found: effect.callId.length % 2 === 0,
          output: '{}'
        })
        return
      case 'send_tool_output':
        expect(this.finishedCalls, 'answered before response.done').toContain(effect.callId)
        return
      case 'start_timer':
        this.timers.set(effect.timer, {
          timer: effect.timer,
          turnId: effect.turnId,
          atMs: this.nowMs + effect.ms
        })
        return
      case 'stop_timer':
        this.timers.delete(effect.timer)
        return
      case 'clear_input':
      case 'clear_output':
      case 'delete_item':
      case 'drop_requests':
      case 'hint':
        return
      default:
        effect satisfies never
    }
  }

  private end(turnId: number, how: string): void {
    expect(this.ended.has(turnId), `turn ${turnId} ended twice`).toBe(false)
    this.ended.set(turnId, how)
    this.live.delete(turnId)
  }

  private checkOrder(before: TurnState, event: TurnEvent, effects: readonly TurnEffect[]): void {
    const order = effects.map(({ type }) => type)
    const opened = order.indexOf('open_gate')
    if (opened >= 0) {
      expect(order.indexOf('clear_input'), 'stale sound is dropped first').toBeGreaterThanOrEqual(0)
      expect(order.lastIndexOf('clear_input')).toBeLessThan(opened)
      if (before.playing !== null) expect(order[0]).toBe('cut_speaker')
    }
    const cancelled = order.indexOf('cancel_response')
    if (cancelled >= 0 && event.type !== 'response_created') {
      expect(order.indexOf('cut_speaker')).toBeLessThan(cancelled)
    }
  }

  private checkState(): void {
    const { turn } = this.state
    expect(this.gate === 'open').toBe(isGateOpen(this.state))
    if (this.gate === 'open') {
      expect(this.state.call).toBe('up')
      expect(turn?.id).toBe(this.started.at(-1))
    }
    // Every turn but the live one has ended, once.
    expect([...this.live]).toEqual(turn === null ? [] : [turn.id])
    expect(this.state.lastTurnId).toBe(this.started.at(-1) ?? 0)
    // A live turn always has something that will end it; a dead one leaves nothing behind.
    const armed = [...this.timers.values()]
    for (const { turnId } of armed) expect(turnId).toBe(turn?.id)
    if (turn?.phase === 'held') {
      expect(this.state.microphoneAvailable, 'held without a microphone').toBe(true)
    }
    if (turn !== null) expect(armed.length, 'nothing would ever end this turn').toBeGreaterThan(0)
  }

  /** A release counts for the hold that is under way; a second one says nothing. */
  released(): void {
    if (this.state.turn?.phase === 'held') this.releasedAtMs = this.nowMs
  }

  fireNextTimer(): boolean {
    const [next] = [...this.timers.values()].sort((one, other) => one.atMs - other.atMs)
    if (next === undefined) return false
    this.nowMs = Math.max(this.nowMs, next.atMs)
    this.timers.delete(next.timer)
    if (next.timer === 'max_hold') this.released()
    this.step({ type: 'timer', timer: next.timer, turnId: next.turnId })
    return true
  }

  /** Delivers one owed word and adds what a server would owe next. */
  deliver(pick: number, variant: number): void {
    const index = Math.min(pick, this.owed.length - 1)
    const [word] = this.owed.splice(Math.max(0, index), 1)
    if (word === undefined) return
    if (word.type === 'searched' && variant === 11) {
      const { turnId, callId } = word
      this.step({ type: 'search_failed', turnId, callId, code: 'search_timeout' })
      return
    }
    if (word.type === 'response_done')
      for (const call of word.calls) this.finishedCalls.add(call.callId)
    if (word.type === 'searched' && word.found) this.foundIn.add(word.turnId)
    if (word.type === 'committed' && variant === 11 && this.state.unconfirmedCommits.length > 0) {
      const [turnId = 0] = this.state.unconfirmedCommits
      this.step({ type: 'commit_refused', turnId, empty: pick % 2 === 0 })
      return
    }
    this.step(word)
    if (word.type === 'response_created') {
      const live = this.state.turn
      const isOurs = word.requestId?.startsWith(`turn-${live?.id}-`) === true
      const isTaken = live?.phase === 'answering' && live.responses.includes(word.responseId)
      expect(isTaken, 'a response was taken for the wrong turn').toBe(isTaken && isOurs)
    }
    if (word.type === 'response_created') this.oweResponse(word.responseId, variant)
  }

  private oweResponse(responseId: string, variant: number): void {
    const done = (calls: number, hasAudio: boolean, status: 'completed' | 'failed' = 'completed') =>
      ({
        type: 'response_done',
        responseId,
        status,
        hasAudio,
        calls: Array.from({ length: calls }, (_, n) => ({
          callId: `${responseId}-${'c'.repeat(n + 1)}`,
          name: variant === 5 ? 'other_tool' : 'search_handbook',
          query: variant === 6 ? null : 'q'
        }))
      }) as const
    const started = { type: 'audio_started', responseId } as const
    const stopped = { type: 'audio_stopped', responseId } as const
    if (variant < 4) this.owed.push(done(1 + (variant % 2), false))
    else if (variant < 7) this.owed.push(started, done(1, true), stopped)
    else if (variant < 9) this.owed.push(started, done(0, true), stopped)
    else if (variant === 9) this.owed.push(done(0, false))
    else if (variant === 10) this.owed.push(done(0, false, 'failed'))
    // Otherwise the server is never heard of again.
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
    { type: 'timer', timer: 'tail', turnId: id - 1 }
  ]
  return all[variant] ?? { type: 'tail_changed', tailMs: id * 100 }
}

const happen = (world: World, it: Happening): void => {
  switch (it.kind) {
    case 'press': {
      world.nowMs += it.afterMs
      const isContinued = world.state.turn?.phase === 'releasing'
      if (!isContinued) world.pressedAtMs = world.nowMs
      world.step({ type: 'press', source: 'key', atMs: world.nowMs })
      return
    }
    case 'release':
      world.nowMs += it.afterMs
      world.released()
      world.step({ type: 'release', atMs: world.nowMs })
      return
    case 'ask':
      world.step({ type: 'ask', text: 'How hot?' })
      return
    case 'force_release':
    case 'abandon':
      world.step({ type: it.kind })
      return
    case 'call':
      // A connection reports a loss before it reports the next opening.
      if (world.state.call === 'up') {
        if (!it.up) {
          world.step({ type: 'call_lost' })
          world.owed = world.owed.filter((word) => word.type === 'searched')
        }
      } else if (it.up) world.step({ type: 'call_opened' })
      return
    case 'microphone':
      world.step({ type: 'microphone', available: it.available })
      return
    case 'timer':
      world.fireNextTimer()
      return
    case 'word':
      world.deliver(it.pick, it.variant)
      return
    case 'noise': {
      const live = world.state.turn
      const event = noise(it.variant, it.id)
      // A timer of the live turn is no noise.
      if (event.type === 'timer' && event.turnId === live?.id) return
      world.step(event)
      return
    }
    default:
      it satisfies never
  }
}

test(`the gate, the outcomes and the order of effects hold in ${SEQUENCES} random lives`, () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 70 }), (life) => {
      const world = new World()
      world.step({ type: 'call_opened' })
      world.step({ type: 'microphone', available: true })
      for (const it of life) happen(world, it)

      // Everybody goes home: the pedal is let go, and the timers that are left run out.
      world.released()
      world.step({ type: 'release', atMs: world.nowMs })
      for (let fired = 0; world.fireNextTimer(); fired += 1) expect(fired).toBeLessThan(50)
      expect(world.gate).toBe('closed')
      expect(world.state.turn).toBeNull()
      for (const id of world.started) expect(world.ended.has(id)).toBe(true)
    }),
    { numRuns: SEQUENCES }
  )
})

test('10,000 presses with chatter, repeats and lost releases leave no gate open and lose no turn', () => {
  const random = fc.sample(fc.nat({ max: 9 }), { numRuns: 10_000, seed: 7 })
  const world = new World()
  world.step({ type: 'call_opened' })
  world.step({ type: 'microphone', available: true })
  for (const dice of random) {
    happen(world, { kind: 'press', afterMs: dice === 0 ? CHATTER_MS - 1 : 500 })
    if (dice === 1) continue
    happen(world, { kind: 'release', afterMs: dice === 2 ? 100 : 800 })
    if (dice === 3) happen(world, { kind: 'release', afterMs: 1 })
    if (dice !== 4) world.fireNextTimer()
    while (world.owed.length > 0 && dice > 5) world.deliver(0, dice)
  }
  world.step({ type: 'release', atMs: world.nowMs })
  while (world.fireNextTimer());
  expect(world.gate).toBe('closed')
  expect(world.ended.size).toBe(world.started.length)
})
