// The turn reducer, rule by rule.
import { describe, expect, test } from 'vitest'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import { WATCHDOG_MS } from '../../../../src/renderer/turn/turn-limits.ts'
import { isGateOpen } from '../../../../src/renderer/turn/turn-reducer.ts'
import { failedToolOutput, reportOutput } from '../../../../src/shared/handbook.ts'
import {
  ANSWERING,
  ASKED,
  answering,
  BUTTON,
  created,
  fieldsOf,
  hints,
  holdLost,
  ofType,
  outcomes,
  play,
  press,
  READY,
  release,
  reported,
  searched,
  spoken,
  started,
  stopped,
  TAIL_MS,
  timer,
  toolCall,
  types
} from './reduce-events.ts'

/** Without the latch a tap ends at once. */
const HOLD_ONLY: TurnEvent[] = [...READY, { type: 'talk_mode_changed', talkMode: 'hold' }]

describe('a hold', () => {
  test('is recorded while the previous commit is in flight', () => {
    const turn = play(...READY, press(0), release(1_000), timer('tail', 1))
    expect(ofType(turn.send(press(2_000)), 'turn_started')).toMatchObject([{ carrier: 'recorded' }])
  })

  test('is live again after the clear is confirmed, or with another call', () => {
    const settled = { type: 'input_settled', settled: true } as const
    for (const after of [[settled], [{ type: 'call_lost' }, { type: 'call_opened' }] as const]) {
      const turn = play(...READY, { type: 'input_settled', settled: false }, ...after)
      expect(types(turn.send(press(0)))).toContain('open_gate')
    }
  })

  describe('released in silence', () => {
    const quiet = (releasedAtMs: number, atMs: number, turnId = 1) =>
      ({ type: 'silence_detected', turnId, releasedAtMs, atMs }) as const
    const tail = (ms: number) => ({ type: 'start_timer', timer: 'tail', turnId: 1, ms })

    test.each([
      ['ends once a bounce is excluded', 10, [tail(30)], 40],
      ['ends at once where the silence is known later', 120, [tail(0)], 120],
      ['keeps its tail where the silence is known no sooner', TAIL_MS, [], TAIL_MS]
    ])('asks for the silence, and %s', (_what, afterMs, effects, tailMs) => {
      const turn = play(...READY, press(0), release(1_000))
      expect(turn.last()).toContainEqual({ type: 'await_silence', turnId: 1, releasedAtMs: 1_000 })
      expect(isGateOpen(turn.state())).toBe(true)
      expect(turn.send(quiet(1_000, 1_000 + afterMs))).toEqual(effects)
      expect(turn.state().turn).toMatchObject({ phase: 'releasing', tailMs })
      expect(types(turn.send(timer('tail', 1))).slice(0, 2)).toEqual(['close_gate', 'commit'])
    })

    test('does not ask where the tail is as short as a bounce', () => {
      const turn = play({ type: 'tail_changed', tailMs: 0 }, ...READY, press(0), release(1_000))
      expect(turn.last()).toContainEqual(tail(40))
      expect(types(turn.last())).not.toContain('await_silence')
    })

    test('goes on at a new press, and ignores the earlier silence', () => {
      const turn = play(...READY, press(0), release(1_000), press(1_100))
      expect(turn.send(quiet(1_000, 1_110))).toEqual([])
      turn.send(release(2_000))
      expect(turn.send(quiet(1_000, 2_010))).toEqual([])
      expect(turn.send(quiet(2_000, 2_060, 7))).toEqual([])
      expect(turn.send(quiet(2_000, 2_060))).toEqual([tail(0)])
    })

    test('stays a tap', () => {
      const turn = play(...HOLD_ONLY, press(0), release(100))
      expect(types(turn.last())).not.toContain('await_silence')
      expect(turn.send(quiet(100, 110))).toEqual([])
      expect(types(turn.send(timer('chatter', 1)))).toContain('clear_input')
    })
  })

  test('is cleared with a hint under 250 ms, and never committed nor latched in the mode "hold"', () => {
    const turn = play(...HOLD_ONLY)
    for (const id of [1, 2]) {
      turn.send(press(id * 300), release(id * 300 + 249))
      expect(ofType(turn.last(), 'start_timer').map((effect) => effect.timer)).toEqual(['chatter'])
      turn.send(timer('chatter', id))
      expect(hints(turn.last())).toEqual(['too_short'])
      expect(turn.state().turn).toBeNull()
      turn.send({ type: 'input_settled', settled: true })
    }
    expect(types(turn.all())).toEqual(expect.arrayContaining(['close_gate', 'clear_input']))
    expect(types(turn.all())).not.toContain('commit')
  })

  test('goes on over a bounce, and when it is pressed again within the tail', () => {
    const turn = play(...READY, press(0), release(100), press(130), release(1_000), press(1_150))
    expect(turn.state().turn).toMatchObject({ phase: 'held', id: 1 })
    expect(turn.last()).toContainEqual({ type: 'stop_timer', timer: 'tail' })
    turn.send(release(2_000), timer('tail', 1))
    expect(ofType(turn.all(), 'commit')).toHaveLength(1)
    expect(ofType(turn.all(), 'open_gate')).toHaveLength(1)
  })

  test('is committed after 90 s', () => {
    const turn = play(...READY, press(0))
    expect(turn.send(timer('hold_warning', 1))).toEqual([{ type: 'hint', hint: 'hold_ends_soon' }])
    const effects = turn.send(timer('max_hold', 1))
    expect(types(effects)).toContain('commit')
    expect(effects).toContainEqual({ type: 'hint', hint: 'held_too_long' })
    expect(isGateOpen(turn.state())).toBe(false)
  })

  test.each(['lock', 'suspend', 'quit', 'reload'] as const)(
    'is dropped at once with a hint on a forced release: %s',
    (reason) => {
      for (const before of [[], [release(1_000)]]) {
        const turn = play(...READY, press(0), ...before, { type: 'force_release', reason })
        expect(types(turn.last())).toEqual(
          expect.arrayContaining(['close_gate', 'clear_input', 'drop_recording', 'turn_discarded'])
        )
        expect(hints(turn.last())).toEqual(['interrupted'])
        expect(turn.state().turn).toBeNull()
      }
    }
  )

  test.each(['blur', 'hidden', 'device_removed'] as const)(
    'is asked like a released one when it is lost: %s',
    (reason) => {
      const turn = play(...READY, press(0), press(100, BUTTON), holdLost(1_000, reason))
      expect(turn.state().turn?.phase).toBe('releasing')
      expect(types(turn.send(timer('tail', 1)))).toContain('commit')
      const short = play(...READY, press(0), holdLost(100, reason), timer('chatter', 1))
      expect(hints(short.last())).toEqual(['too_short'])
      expect(short.state().turn).toBeNull()
    }
  )

  test('is refused with a reason without a call or a microphone', () => {
    expect(play({ type: 'microphone', available: true }, press(0)).last()).toEqual([
      { type: 'wake_call' },
      { type: 'hint', hint: 'not_connected' }
    ])
    expect(play({ type: 'call_opened' }, press(0)).last()).toEqual([
      { type: 'hint', hint: 'no_microphone' }
    ])
  })

  test('is dropped with a hint without its microphone, and at a typed question', () => {
    const gone = play(...READY, press(0), { type: 'microphone', available: false })
    expect(hints(gone.last())).toEqual(['no_microphone'])
    const typed = play(...READY, press(0), { type: 'ask', text: 'How hot?' })
    expect(ofType(typed.last(), 'turn_discarded')).toHaveLength(1)
    expect(hints(typed.last())).toEqual(['started_over'])
  })

  test('does not go on in the tail without a microphone, and is sent', () => {
    const turn = play(
      ...READY,
      press(0),
      release(1_000),
      { type: 'microphone', available: false },
      press(1_100)
    )
    expect(turn.last()).toEqual([{ type: 'hint', hint: 'no_microphone' }])
    expect(turn.state().turn?.phase).toBe('releasing')
  })
})

describe('a press during an answer', () => {
  test('cuts the speaker, cancels, clears the output, and opens the gate, in this order', () => {
    const turn = play(...ANSWERING)
    const order = types(turn.send(press(9_000))).filter((type) =>
      ['cut_speaker', 'cancel_response', 'clear_output', 'clear_input', 'open_gate'].includes(type)
    )
    expect(order).toEqual(['cut_speaker', 'cancel_response', 'clear_output', 'open_gate'])
    expect(fieldsOf(turn.last(), 'cancel_response')).toEqual([{ responseId: 'r2' }])
    expect(outcomes(turn.last())).toEqual([[1, 'cancelled', null]])
  })

  test('cancels nothing when only the sound of the response is left', () => {
    const turn = play(...ANSWERING, spoken('r2'))
    const order = types(turn.send(press(9_000)))
    expect(order.slice(0, 2)).toEqual(['cut_speaker', 'clear_output'])
    expect(order).not.toContain('cancel_response')
  })

  test('keeps the speaker cut until the next answer sounds', () => {
    const turn = play(...ANSWERING, press(9_000), release(10_000), timer('tail', 2))
    turn.send({ type: 'audio_cleared', responseId: 'r2' }, { type: 'committed', itemId: 'item-2' })
    turn.send(created('r3', 'turn-2-1'), toolCall('r3', 'c2'), searched(2, 'c2', true))
    const before = ofType(turn.all(), 'restore_speaker').length
    turn.send(created('r4', 'turn-2-2'), started('r4'))
    expect(ofType(turn.all(), 'restore_speaker')).toHaveLength(before + 1)
  })

  test('cancels a response that is created after its turn, and does not take it for its own', () => {
    const turn = play({ type: 'call_opened' }, { type: 'ask', text: 'One?' })
    turn.send({ type: 'ask', text: 'Two?' })
    expect(turn.send(created('r1', 'turn-1-1'))).toEqual([
      { type: 'cancel_response', responseId: 'r1' }
    ])
    expect(turn.state().turn).toMatchObject({ id: 2, requestId: 'turn-2-1' })
  })

  test('deletes a question that is confirmed after its turn', () => {
    const turn = play(...ASKED.slice(0, -1), press(2_000))
    expect(turn.send({ type: 'committed', itemId: 'item-1' })).toEqual([
      { type: 'delete_item', itemId: 'item-1' }
    ])
    expect(outcomes(turn.all())).toEqual([[1, 'cancelled', null]])
  })
})

describe('a stop', () => {
  test.each<[string, TurnEvent[]]>([
    ['on its way', [...READY, { type: 'ask', text: 'How hot?' }]],
    ['asked', ASKED],
    ['answered', ANSWERING],
    ['whose sound is left', [...ANSWERING, spoken('r2')]]
  ])('ends a question %s, and begins nothing', (_what, events) => {
    const turn = play(...events)
    expect(outcomes(turn.send({ type: 'stop' }))).toEqual([[1, 'cancelled', null]])
    expect(turn.state()).toMatchObject({ turn: null, playing: null })
    expect(isGateOpen(turn.state())).toBe(false)
  })

  test('ends no hold', () => {
    expect(types(play(...READY, press(0)).send({ type: 'stop' }))).toEqual([])
  })
})

describe('tool calls', () => {
  test('are answered together, with one request for the next response', () => {
    const turn = play(...ASKED, created('r1', 'turn-1-1'), toolCall('r1', 'c1', 'c2'))
    expect(ofType(turn.last(), 'search').map(({ callId }) => callId)).toEqual(['c1', 'c2'])
    expect(types(turn.send(searched(1, 'c1', true)))).toEqual([])
    const effects = turn.send(searched(1, 'c2', false))
    expect(ofType(effects, 'send_tool_output').map(({ callId }) => callId)).toEqual(['c1', 'c2'])
    expect(fieldsOf(effects, 'create_response')).toEqual([
      { turnId: 1, requestId: 'turn-1-2', kind: 'auto' }
    ])
  })

  test('of another name, or with unreadable arguments, get an error and no search', () => {
    const turn = play(...ASKED, created('r1', 'turn-1-1'))
    const effects = turn.send({
      type: 'response_done',
      responseId: 'r1',
      status: 'completed',
      hasAudio: false,
      calls: [
        { tool: 'unknown', callId: 'c1' },
        { tool: 'search', callId: 'c2', question: null }
      ]
    })
    expect(ofType(effects, 'search')).toEqual([])
    expect(fieldsOf(effects, 'send_tool_output')).toMatchObject(
      ['c1', 'c2'].map((callId) => ({ callId, output: failedToolOutput('bad_request') }))
    )
  })

  test('are forbidden after three searches', () => {
    const turn = play(...ASKED)
    for (const n of [1, 2, 3]) {
      turn.send(created(`r${n}`, `turn-1-${n}`), toolCall(`r${n}`, `c${n}`))
      turn.send(searched(1, `c${n}`, false))
    }
    expect(ofType(turn.all(), 'create_response').map(({ kind }) => kind)).toEqual([
      'search',
      'auto',
      'auto',
      'none'
    ])
  })

  test('of an ended turn are answered as cancelled, and ignore a late result', () => {
    const turn = play(...ASKED, created('r1', 'turn-1-1'), toolCall('r1', 'c1'), press(3_000))
    expect(ofType(turn.last(), 'resolve_tool_call')).toEqual([
      expect.objectContaining({ callId: 'c1', output: expect.stringContaining('cancelled') })
    ])
    expect(turn.send(searched(1, 'c1', true))).toEqual([])
  })

  test('ignore a result of another turn', () => {
    const turn = play(...ASKED, press(3_000), release(4_000), timer('tail', 2))
    turn.send({ type: 'committed', itemId: 'item-2' }, created('r2', 'turn-2-1'))
    turn.send(toolCall('r2', 'c1'))
    expect(turn.send(searched(1, 'c1', true))).toEqual([])
  })

  test.each(['cancelled', 'completed'] as const)(
    'of a late response.done are answered and not run, reports too (%s)',
    (status) => {
      const turn = play(...ASKED, created('r1', 'turn-1-1'), press(3_000))
      const calls = [
        { tool: 'search', callId: 'c1', question: null },
        { tool: 'report', callId: 'c2', report: { found: false, sources: [] } }
      ] as const
      // Without an output they would stay open into the next question.
      expect(turn.send({ ...spoken('r1'), status, calls } as TurnEvent)).toEqual([
        { type: 'resolve_tool_call', callId: 'c1', output: failedToolOutput('cancelled') },
        { type: 'resolve_tool_call', callId: 'c2', output: reportOutput('cancelled') }
      ])
      expect(turn.state().turn).toMatchObject({ phase: 'held', id: 2 })
    }
  )
})

describe('an outcome', () => {
  test.each<[string, (done: TurnEvent) => TurnEvent[]]>([
    ['once the sound has ended', (done) => [done, stopped('r2')]],
    ['when the sound ends before the response', (done) => [stopped('r2'), done]],
    ['without a report of the end of the sound', (done) => [done, timer('audio_stop', 1)]],
    ['when only the sound is lost with the call', (done) => [done, { type: 'call_lost' }]]
  ])("is the search's, or the report's, %s", (_when, events) => {
    for (const [found, done, outcome] of [
      [true, spoken('r2'), 'answered'],
      [false, spoken('r2'), 'not_found'],
      [true, reported('r2', { found: false, sources: [] }), 'not_found']
    ] as const) {
      const turn = play(...answering(found))
      for (const event of events(done)) {
        expect(outcomes(turn.all())).toEqual([])
        turn.send(event)
      }
      expect(outcomes(turn.all())).toEqual([[1, outcome, null]])
      expect(turn.state().playing).toBeNull()
    }
  })

  test("does not follow from the end of an earlier response's sound", () => {
    const turn = play(...ASKED, created('r1', 'turn-1-1'), started('r1'))
    turn.send(toolCall('r1', 'c1'), stopped('r1'))
    expect(turn.state().turn).not.toBeNull()
    expect(outcomes(turn.all())).toEqual([])
  })

  test('is failed when the model answers without a search', () => {
    const turn = play(...ASKED, created('r1', 'turn-1-1'), started('r1'), spoken('r1'))
    turn.send(stopped('r1'))
    expect(outcomes(turn.all())).toEqual([[1, 'failed', 'answer_failed']])
  })

  test('is failed at the response watchdog, which replaces the call', () => {
    const turn = play(...ASKED, created('r1', 'turn-1-1'))
    turn.send(timer('response', 1))
    expect(outcomes(turn.all())).toEqual([[1, 'failed', 'answer_failed']])
    expect(types(turn.last())).toContain('replace_call')
    expect(turn.state().call).toBe('expected')
  })

  test('waits for another call when no response begins in time', () => {
    const turn = play(...ASKED)
    expect(ofType(turn.last(), 'start_timer').at(-1)).toMatchObject({
      timer: 'response',
      ms: WATCHDOG_MS.created
    })
    turn.send(timer('response', 1))
    expect(types(turn.last())).toContain('replace_call')
    expect(outcomes(turn.all())).toEqual([])
    turn.send({ type: 'call_lost' }, { type: 'call_opened' })
    expect(ofType(turn.last(), 'send_recording')).toHaveLength(1)
  })
})

describe('a typed question', () => {
  test('is sent and searched without a microphone', () => {
    const turn = play({ type: 'call_opened' }, { type: 'ask', text: 'How hot?' })
    expect(types(turn.last()).filter((type) => type !== 'start_timer')).toEqual([
      'turn_started',
      'send_text',
      'create_response'
    ])
    expect(ofType(turn.last(), 'create_response')[0]?.kind).toBe('search')
  })
})
