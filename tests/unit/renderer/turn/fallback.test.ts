// Questions without a call: recorded, asked again on the next call, or looked up in the offline copy.
import { describe, expect, test } from 'vitest'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import {
  canAskAgain,
  isGateOpen,
  isReady,
  isSending
} from '../../../../src/renderer/turn/turn-reducer.ts'
import { start } from '../../../../src/renderer/turn/turn-state.ts'
import {
  ANSWERING,
  ASKED,
  created,
  EXPECTING,
  fieldsOf,
  hints,
  ofType,
  outcomes,
  play,
  press,
  READY,
  release,
  searched,
  spoken,
  started,
  stopped,
  timer,
  toolCall,
  types
} from './reduce-events.ts'

const OPENED: TurnEvent = { type: 'call_opened' }
const LOST: TurnEvent = { type: 'call_lost' }
const BLOCKED: TurnEvent = { type: 'call_blocked' }
/** A question spoken without a call, up to the end of its tail. */
const RECORDED: TurnEvent[] = [...EXPECTING, press(0), release(1_000), timer('tail', 1)]
const AGAIN: TurnEvent = { type: 'ask_again' }
const offline = (turnId: number, found: boolean): TurnEvent => ({
  type: 'searched_offline',
  turnId,
  found
})

describe('a press before the call is open', () => {
  test('is recorded and wakes the call, with the gate closed', () => {
    const turn = play(...EXPECTING, press(0))
    expect(types(turn.last())).toEqual([
      'start_recording',
      'turn_started',
      'start_timer',
      'start_timer',
      'wake_call',
      'hint'
    ])
    expect(hints(turn.last())).toEqual(['recording'])
    expect(ofType(turn.last(), 'turn_started')[0]?.carrier).toBe('recorded')
    expect(isGateOpen(turn.state())).toBe(true)
    expect(isSending(turn.state())).toBe(false)
    expect(isReady(turn.state())).toBe(true)
  })

  test('stays recorded when the call opens during the hold', () => {
    const turn = play(...EXPECTING, press(0), OPENED, release(1_000), timer('tail', 1))
    expect(types(turn.all())).not.toContain('open_gate')
    expect(types(turn.all())).not.toContain('commit')
    expect(fieldsOf(turn.last(), 'send_recording')).toEqual([{ turnId: 1, recordingId: 1 }])
    expect(types(turn.last()).indexOf('stop_recording')).toBeLessThan(
      types(turn.last()).indexOf('send_recording')
    )
    turn.send({ type: 'committed', itemId: 'item-1' })
    expect(ofType(turn.last(), 'create_response')[0]?.requestId).toBe('turn-1-1')
  })

  test('waits for the call after the tail, and is asked when it opens', () => {
    const turn = play(...RECORDED)
    expect(turn.state().turn).toMatchObject({ phase: 'waiting', asks: 0 })
    expect(turn.last()).toContainEqual(start('call', 1, 20_000))
    const effects = turn.send(OPENED)
    expect(types(effects)).toContain('send_recording')
    expect(effects).toContainEqual(start('committed', 1, 15_000))
    expect(turn.state().turn).toMatchObject({ phase: 'committing', asks: 1 })
  })
})

describe('a lost call', () => {
  test('closes the gate during a hold, which is recorded further', () => {
    const turn = play(...READY, press(0), LOST)
    expect(types(turn.last())).toEqual(['close_gate', 'wake_call', 'hint'])
    expect(hints(turn.last())).toEqual(['recording'])
    expect(turn.state().turn).toMatchObject({ phase: 'held', carrier: 'recorded' })
    turn.send(OPENED, release(2_000), timer('tail', 1))
    expect(types(turn.last())).toContain('send_recording')
    expect(types(turn.all())).not.toContain('commit')
  })

  test.each([
    ['before the commit is confirmed', ASKED.slice(0, -1)],
    ['while the handbook is read', [...ASKED, created('r1', 'turn-1-1'), toolCall('r1', 'c1')]],
    ['before the answer is heard', ANSWERING.slice(0, -1)]
  ])('%s has the recorded question asked again on the next call', (_when, before) => {
    const turn = play(...before, LOST)
    expect(outcomes(turn.all())).toEqual([])
    // The old call's requests are no longer awaited.
    expect(types(turn.last())).toContain('drop_requests')
    expect(ofType(turn.last(), 'stop_timer').map((effect) => effect.timer)).toEqual(
      expect.arrayContaining(['committed', 'response'])
    )
    expect(turn.state().turn).toMatchObject({ phase: 'waiting', asks: 1 })
    expect(turn.state().playing).toBeNull()
    turn.send(OPENED)
    expect(fieldsOf(turn.last(), 'send_recording')).toEqual([{ turnId: 1, recordingId: 1 }])
    // A late search of the old call.
    expect(turn.send(searched(1, 'c1', true))).toEqual([])
    turn.send({ type: 'committed', itemId: 'item-2' }, created('n1', 'turn-1-1-ask-2'))
    turn.send(toolCall('n1', 'c9'), searched(1, 'c9', true), created('n2', 'turn-1-2-ask-2'))
    turn.send(started('n2'), spoken('n2'))
    turn.send(stopped('n2'))
    expect(fieldsOf(turn.last(), 'turn_ended')).toMatchObject([
      { turnId: 1, outcome: 'answered', failure: null, asks: 2 }
    ])
    expect(ofType(turn.all(), 'drop_recording')).toHaveLength(1)
  })

  test.each([
    ['a call that is lost', LOST],
    ['a response without words for too long', timer('response', 1)]
  ])('ends an answer that was heard in part: %s', (_what, event) => {
    const turn = play(...ANSWERING, event)
    expect(outcomes(turn.all())).toEqual([[1, 'failed', 'answer_cut_off']])
    expect(types(turn.last())).toContain('cut_speaker')
    // It can be asked again by hand.
    expect(turn.state().retryable).toEqual({ kind: 'spoken', recordingId: 1 })
    expect(types(turn.send(LOST, OPENED))).not.toContain('send_recording')
  })

  test('counts when another call replaces it without an event', () => {
    const turn = play(...ASKED, OPENED)
    expect(types(turn.last())).toContain('send_recording')
    const held = play(...READY, press(0), OPENED)
    expect(held.state().turn).toMatchObject({ phase: 'held', carrier: 'recorded' })
  })

  test('ends in the offline copy after three losses', () => {
    const turn = play(...ASKED.slice(0, -1), LOST, OPENED, LOST, OPENED, LOST)
    expect(turn.state().turn).toMatchObject({ phase: 'offline', asks: 3 })
    expect(ofType(turn.last(), 'search_offline')).toHaveLength(1)
    turn.send(OPENED, offline(1, true))
    expect(ofType(turn.all(), 'send_recording')).toHaveLength(2)
    expect(fieldsOf(turn.last(), 'turn_ended')).toMatchObject([
      { turnId: 1, outcome: 'answered', failure: null, asks: 3 }
    ])
  })

  test('is suspected when it confirms no commit, and the question waits', () => {
    const turn = play(...ASKED.slice(0, -1), timer('committed', 1))
    expect(types(turn.last())).toContain('replace_call')
    expect(turn.state()).toMatchObject({ call: 'expected', turn: { phase: 'waiting' } })
    // A late confirmation: the question goes to another call.
    expect(types(turn.send({ type: 'committed', itemId: 'item-1' }))).toEqual(['delete_item'])
    turn.send(LOST, OPENED)
    expect(types(turn.last())).toContain('send_recording')
  })
})

describe('a hold with too many lost packets', () => {
  const DAMAGED: TurnEvent = { type: 'audio_lost', turnId: 1 }

  test('goes on recorded, and is sent on a cleared buffer', () => {
    const turn = play(...READY, press(0), DAMAGED)
    expect(types(turn.last())).toEqual(['close_gate', 'clear_input'])
    expect(isGateOpen(turn.state())).toBe(true)
    expect(isSending(turn.state())).toBe(false)
    turn.send(release(1_000), timer('tail', 1))
    expect(types(turn.all())).not.toContain('commit')
    expect(fieldsOf(turn.last(), 'send_recording')).toEqual([{ turnId: 1, recordingId: 1 }])
    expect(hints(turn.all())).toEqual([])
  })

  test('is dropped as a tap, with its arrived pieces', () => {
    const turn = play(...READY, press(0), DAMAGED, release(100), timer('chatter', 1))
    turn.send(timer('double_tap', 1))
    expect(hints(turn.last())).toEqual(['too_short'])
    expect(ofType(turn.all(), 'clear_input')).toHaveLength(1)
  })

  test('is deleted when it is committed already, and sent from its recording before the answer', () => {
    const turn = play(...READY, press(0), release(1_000), timer('tail', 1))
    expect(turn.send(DAMAGED)).toEqual([])
    turn.send({ type: 'committed', itemId: 'pieces' })
    expect(types(turn.last())).toEqual(['delete_item', 'send_recording', 'start_timer'])
    turn.send({ type: 'committed', itemId: 'whole' })
    expect(fieldsOf(turn.all(), 'turn_committed')).toEqual([{ turnId: 1, itemId: 'whole' }])
    expect(ofType(turn.all(), 'create_response')).toHaveLength(1)
  })

  test('is sent once: a recording and an ended turn lose nothing', () => {
    const recorded = play(...EXPECTING, press(0))
    expect(recorded.send(DAMAGED)).toEqual([])
    const answering = play(...ANSWERING)
    expect(answering.send(DAMAGED)).toEqual([])
    const next = play(...READY, press(0), release(90), timer('chatter', 1), press(5_000))
    expect(next.send(DAMAGED)).toEqual([])
  })
})

describe('without a call', () => {
  test('asks the offline copy after the wait', () => {
    const turn = play(...RECORDED, timer('call', 1))
    expect(fieldsOf(turn.last(), 'search_offline')).toEqual([{ turnId: 1 }])
    turn.send(offline(1, false))
    expect(outcomes(turn.all())).toEqual([[1, 'failed', 'no_call']])
  })

  test('asks it at once when no call will come by itself', () => {
    expect(types(play(...RECORDED, BLOCKED).last())).toContain('search_offline')
    const held = play(...READY, press(0), BLOCKED)
    expect(hints(held.last())).toEqual(['not_connected'])
    held.send(release(1_000), timer('tail', 1))
    expect(types(held.last())).toContain('search_offline')
  })

  test('fails when the offline copy does not answer', () => {
    const turn = play(...RECORDED, timer('call', 1), timer('response', 1))
    expect(outcomes(turn.all())).toEqual([[1, 'failed', 'no_call']])
  })

  test('ignores a late result of the offline copy', () => {
    const turn = play(...RECORDED, timer('call', 1), press(9_000))
    expect(outcomes(turn.all())).toEqual([[1, 'cancelled', null]])
    expect(turn.send(offline(1, true))).toEqual([])
  })
})

describe('a typed question without a call', () => {
  const ask: TurnEvent = { type: 'ask', text: 'How hot?' }

  test('wakes one and waits for it, less long than a spoken one', () => {
    const turn = play({ type: 'call_expected' }, ask)
    expect(types(turn.last())).toEqual(['turn_started', 'wake_call', 'start_timer'])
    expect(turn.last()).toContainEqual(start('call', 1, 4_000))
    expect(fieldsOf(turn.send(OPENED), 'send_text')).toEqual([{ turnId: 1, text: 'How hot?' }])
  })

  test('is looked up in the offline copy at once when no call will come', () => {
    const turn = play(ask)
    expect(types(turn.last())).toContain('search_offline')
    expect(fieldsOf(turn.send(offline(1, true)), 'turn_ended')).toMatchObject([
      { turnId: 1, outcome: 'answered', failure: null, asks: 0 }
    ])
  })
})

describe('asking again', () => {
  const FAILED: TurnEvent[] = [...ASKED, created('r1', 'turn-1-1'), timer('response', 1)]

  test('sends the recording of the failed question in a new turn', () => {
    const turn = play(...FAILED, LOST, OPENED)
    expect(canAskAgain(turn.state())).toBe(true)
    expect(types(turn.all())).not.toContain('drop_recording')
    const effects = turn.send(AGAIN)
    expect(fieldsOf(effects, 'send_recording')).toEqual([{ turnId: 2, recordingId: 1 }])
    expect(fieldsOf(effects, 'turn_started')).toEqual([
      { turnId: 2, kind: 'spoken', carrier: 'recorded' }
    ])
    expect(canAskAgain(turn.state())).toBe(false)
    turn.send({ type: 'commit_refused', turnId: 2, empty: false })
    expect(canAskAgain(turn.state())).toBe(true)
  })

  test('waits for a call, even a blocked one', () => {
    const turn = play(...FAILED, BLOCKED, AGAIN)
    expect(turn.state().turn?.phase).toBe('waiting')
    expect(types(turn.last())).toContain('wake_call')
    turn.send(BLOCKED)
    expect(turn.state().turn?.phase).toBe('offline')
  })

  test('sends a typed question as text', () => {
    const turn = play(
      OPENED,
      { type: 'ask', text: 'How hot?' },
      created('r1', 'turn-1-1'),
      timer('response', 1)
    )
    turn.send(LOST, OPENED, AGAIN)
    expect(fieldsOf(turn.last(), 'send_text')).toEqual([{ turnId: 2, text: 'How hot?' }])
  })

  test('ends with the next turn or a sign-out, which drop the recording', () => {
    for (const end of [press(30_000), { type: 'abandon' } as const]) {
      const turn = play(...FAILED, end)
      expect(fieldsOf(turn.last(), 'drop_recording')).toEqual([{ recordingId: 1 }])
      expect(canAskAgain(turn.state())).toBe(false)
      expect(turn.send(AGAIN)).toEqual([])
    }
    const answered = [...ANSWERING, spoken('r2'), stopped('r2')]
    expect(play(...answered, AGAIN).last()).toEqual([])
  })
})
