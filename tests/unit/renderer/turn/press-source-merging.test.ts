// Several sources in one hold, taps and latches.
import { describe, expect, test } from 'vitest'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import { PEDAL_TAP_MS } from '../../../../src/renderer/turn/turn-limits.ts'
import {
  holdEndsAtMs,
  isGateOpen,
  isLatched,
  isSending
} from '../../../../src/renderer/turn/turn-reducer.ts'
import type { TalkMode } from '../../../../src/shared/settings.ts'
import {
  BUTTON,
  EXPECTING,
  fieldsOf,
  hints,
  holdLost,
  KEY,
  OTHER_KEY,
  ofType,
  outcomes,
  PEDAL,
  play,
  press,
  READY,
  release,
  timer,
  types
} from './reduce-events.ts'

const inMode = (talkMode: TalkMode) => play(...READY, { type: 'talk_mode_changed', talkMode })
const SETTLED: TurnEvent = { type: 'input_settled', settled: true }
/** Two taps, 200 ms apart. */
const LATCH = [press(0), release(100), timer('chatter', 1), SETTLED, press(300), release(400)]

describe('several sources', () => {
  test('join one hold', () => {
    const turn = play(...READY, press(0), press(500, BUTTON), press(600, PEDAL))
    expect(turn.last()).toEqual([])
    expect(turn.state().turn).toMatchObject({ id: 1, sources: [KEY, BUTTON, PEDAL] })
  })

  test.each([BUTTON, OTHER_KEY])(
    'end the hold with any release, and ignore the later ones: %s',
    (source) => {
      const turn = play(...READY, press(0), press(500, BUTTON), release(1_000, source))
      expect(turn.state().turn?.phase).toBe('releasing')
      turn.send(timer('tail', 1))
      expect(turn.send(release(2_000))).toEqual([])
      expect(ofType(turn.all(), 'commit')).toHaveLength(1)
    }
  )

  test('start over with a second press of the same source only, whose release was lost', () => {
    const turn = play(...READY, press(0), press(500, BUTTON), press(900, BUTTON))
    expect(turn.state().turn).toMatchObject({ phase: 'held', id: 2, sources: [BUTTON] })
    expect(hints(turn.last())).toEqual(['started_over'])
    expect(fieldsOf(turn.last(), 'drop_recording')).toEqual([{ recordingId: 1 }])
    expect(fieldsOf(turn.last(), 'turn_discarded')).toEqual([{ turnId: 1 }])
    // The clear of the dropped audio is in flight: the new hold must not go out live.
    expect(types(turn.last())).toEqual(expect.arrayContaining(['close_gate', 'clear_input']))
    expect(ofType(turn.last(), 'turn_started')[0]?.carrier).toBe('recorded')
  })
})

describe('a double tap', () => {
  test('closes the gate between the taps, without a hint', () => {
    const turn = play(...READY, press(0), release(100))
    const effects = turn.send(timer('chatter', 1))
    expect(types(effects)).toEqual(['close_gate', 'clear_input', 'stop_recording', 'start_timer'])
    expect(fieldsOf(effects, 'start_timer')).toEqual([{ timer: 'double_tap', turnId: 1, ms: 310 }])
    expect(isGateOpen(turn.state())).toBe(false)
  })

  test('latches, and records from the second tap on', () => {
    const turn = play(...READY, ...LATCH)
    expect(hints(turn.last())).toEqual(['latched'])
    expect(isLatched(turn.state())).toBe(true)
    expect(isSending(turn.state())).toBe(true)
    expect(fieldsOf(turn.all(), 'turn_discarded')).toEqual([{ turnId: 1 }])
    expect(fieldsOf(turn.all(), 'drop_recording')).toEqual([{ recordingId: 1 }])
    expect(hints(turn.all())).toEqual(['latched'])
  })

  test('ends the latch with the next press of any source, whose release is ignored', () => {
    const turn = play(...READY, ...LATCH, press(5_000, BUTTON))
    expect(ofType(turn.last(), 'start_timer').map((effect) => effect.timer)).toEqual(['tail'])
    expect(turn.send(release(5_100, BUTTON))).toEqual([])
    expect(types(turn.send(timer('tail', 2)))).toContain('commit')
    expect(turn.send(release(5_900, KEY))).toEqual([])
  })

  test('drops a single tap with a hint', () => {
    const turn = play(...READY, ...LATCH.slice(0, 3))
    expect(hints(turn.send(timer('double_tap', 1)))).toEqual(['too_short'])
    expect(ofType(turn.last(), 'turn_discarded')).toHaveLength(1)
    expect(turn.state().turn).toBeNull()
  })

  test('does not count a bounce of a tap', () => {
    const turn = play(...READY, press(0), release(60), press(80), release(120))
    expect(turn.state().lastTurnId).toBe(1)
    turn.send(timer('chatter', 1), press(300), release(330), press(340), release(2_000))
    // The second tap bounced and became a hold.
    expect(isLatched(turn.state())).toBe(false)
    expect(turn.state().turn?.phase).toBe('releasing')
  })

  test('does not latch when the window is lost during the second tap', () => {
    const turn = play(...READY, ...LATCH.slice(0, 5), holdLost(350), timer('chatter', 2))
    expect(turn.state().turn).toBeNull()
    expect(hints(turn.last())).toEqual(['too_short'])
  })

  test('asks when the window is lost during the latch', () => {
    const turn = play(...READY, ...LATCH, holdLost(5_000), timer('tail', 2))
    expect(types(turn.last())).toContain('commit')
  })

  test('has the limit of a hold', () => {
    const turn = play(...READY, ...LATCH)
    expect(holdEndsAtMs(turn.state())).toBe(90_300)
    expect(hints(turn.send(timer('hold_warning', 2)))).toEqual(['hold_ends_soon'])
    expect(types(turn.send(timer('max_hold', 2)))).toContain('commit')
  })

  test.each([
    ['long second press', [...LATCH.slice(0, 5), release(2_000)]],
    ['tap that comes too late', [...LATCH.slice(0, 3), press(451), release(500)]],
    [
      'tap that is late by its own time stamp',
      [...LATCH.slice(0, 3), timer('double_tap', 1), press(451), release(500)]
    ]
  ])('latches no %s', (_what, events) => {
    const turn = play(...READY, ...events)
    expect(turn.state().turn).toMatchObject({ phase: 'releasing', id: 2 })
  })
})

describe('on a busy machine, which delivers presses late,', () => {
  test('latches two taps though the first was dropped already', () => {
    const turn = play(...READY, press(0), release(90), timer('chatter', 1), timer('double_tap', 1))
    expect(hints(turn.last())).toEqual(['too_short'])
    turn.send(press(240), release(330))
    expect(isLatched(turn.state())).toBe(true)
    expect(hints(turn.last())).toEqual(['latched'])
  })

  test('latches two taps though the first could still be a bounce', () => {
    const turn = play(...READY, press(0), release(90), press(240))
    expect(turn.state().turn).toMatchObject({ id: 2, phase: 'held', isSecondTap: true })
    // The clear of the first tap is in flight: the hold must not go out live.
    expect(turn.state().turn).toMatchObject({ carrier: 'recorded' })
    expect(ofType(turn.all(), 'clear_input')).toHaveLength(1)
    turn.send(release(330))
    expect(isLatched(turn.state())).toBe(true)
    expect(hints(turn.all())).toEqual(['latched'])
  })

  test('drops a slip in the mode "hold", and starts a hold with the next press', () => {
    const turn = inMode('hold')
    turn.send(press(0), release(90), press(240), release(2_000), timer('tail', 2))
    expect(fieldsOf(turn.all(), 'turn_discarded')).toEqual([{ turnId: 1 }])
    expect(types(turn.all())).toContain('send_recording')
  })

  test('takes the bounce of a tap for no second tap', () => {
    const turn = play(...READY, press(0), release(60), timer('chatter', 1), press(80), release(120))
    expect(isLatched(turn.state())).toBe(false)
    turn.send(timer('chatter', 2), press(300), release(390))
    expect(isLatched(turn.state())).toBe(true)
  })

  test('does not take a tap from before a typed question for the first one', () => {
    const turn = play(...READY, press(0), release(90), timer('chatter', 1), timer('double_tap', 1))
    turn.send({ type: 'ask', text: 'How hot?' }, press(300), release(390))
    expect(isLatched(turn.state())).toBe(false)
  })
})

describe('in the mode "tap"', () => {
  test('begins with a tap and ends with the next one', () => {
    const turn = inMode('tap')
    turn.send(press(0), release(5))
    expect(isLatched(turn.state())).toBe(true)
    turn.send(press(3_000), release(3_005))
    expect(types(turn.send(timer('tail', 1)))).toContain('commit')
  })

  test('ignores a bounce', () => {
    const turn = inMode('tap')
    turn.send(press(0), release(20), press(30), release(90))
    expect(isLatched(turn.state())).toBe(true)
    expect(turn.state().lastTurnId).toBe(1)
  })

  test('ends with the next press after a lost release', () => {
    const turn = inMode('tap')
    turn.send(press(0), press(3_000), timer('tail', 1))
    expect(outcomes(turn.all())).toEqual([])
    expect(types(turn.last())).toContain('commit')
  })

  test('drops two quick taps as a slip', () => {
    const turn = inMode('tap')
    turn.send(press(0), release(50), press(150), timer('chatter', 1))
    expect(hints(turn.last())).toEqual(['too_short'])
  })
})

describe('a pedal that sends press and release together', () => {
  const steps = (talkMode: TalkMode, count: number, heldMs = PEDAL_TAP_MS) => {
    const turn = inMode(talkMode)
    for (let n = 1; n <= count; n += 1) {
      turn.send(press(n * 2_000), release(n * 2_000 + heldMs), timer('chatter', n))
      if (talkMode === 'hold_and_latch') turn.send(timer('double_tap', n))
    }
    return turn
  }

  test.each(['hold', 'hold_and_latch'] as const)('gets a hint at its third tap: %s', (mode) => {
    expect(hints(steps(mode, 3).all())).toEqual(['too_short', 'too_short', 'pedal_taps'])
  })

  test('is not found in taps of a person, nor after a real hold', () => {
    expect(hints(steps('hold', 4, PEDAL_TAP_MS + 1).all())).not.toContain('pedal_taps')
    const turn = steps('hold', 2)
    turn.send(press(10_000), release(11_000), timer('tail', 3))
    turn.send(press(20_000), release(20_001), timer('chatter', 4))
    expect(hints(turn.last())).toEqual(['too_short'])
  })

  test('is counted without a call', () => {
    const turn = play(...EXPECTING, press(0), release(1), timer('chatter', 1))
    turn.send(timer('double_tap', 1))
    expect(turn.state().pedalTaps).toBe(1)
    expect(ofType(turn.all(), 'open_gate')).toEqual([])
  })
})
