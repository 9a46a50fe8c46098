// Hands-free turns and their gate.
import { describe, expect, test } from 'vitest'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import {
  isGateOpen,
  isHandsFreeListening,
  isSending
} from '../../../../src/renderer/turn/turn-reducer.ts'
import {
  created,
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

const ON: TurnEvent = { type: 'hands_free_changed', on: true }
const OFF: TurnEvent = { type: 'hands_free_changed', on: false }
const speech = (itemId: string): TurnEvent => ({ type: 'speech_started', itemId, atMs: 1_000 })
const committed = (itemId: string): TurnEvent => ({ type: 'committed', itemId })
const LISTENING = [...READY, ON]
const ASKED = [...LISTENING, speech('a'), committed('a')]

describe('hands-free', () => {
  test('hears the room with a call and a microphone, outside a turn', () => {
    const turn = play(...LISTENING)
    expect(types(turn.last())).toEqual(['open_gate'])
    expect(types(turn.send({ type: 'microphone', available: false }))).toEqual(['close_gate'])
    expect(types(turn.send({ type: 'microphone', available: true }))).toContain('open_gate')
    expect(types(turn.send({ type: 'call_lost' }))).toEqual(['close_gate'])
    expect(types(turn.send({ type: 'call_opened' })).at(-1)).toBe('open_gate')
  })

  test('begins a turn at speech, and asks when the service has committed it', () => {
    const turn = play(...LISTENING, speech('a'))
    expect(fieldsOf(turn.last(), 'turn_started')).toEqual([
      { turnId: 1, kind: 'spoken', carrier: 'live' }
    ])
    expect(isGateOpen(turn.state())).toBe(true)
    const effects = turn.send(committed('a'))
    expect(types(effects)[0]).toBe('close_gate')
    expect(ofType(effects, 'create_response')[0]?.kind).toBe('search')
  })

  test('does not hear its own answer, and listens again afterwards', () => {
    const turn = play(...ASKED, created('r1', 'turn-1-1'), toolCall('r1', 'c1'))
    turn.send(searched(1, 'c1', true), created('r2', 'turn-1-2'))
    turn.send(started('r2'), spoken('r2'))
    expect(isHandsFreeListening(turn.state())).toBe(false)
    // A late event about earlier speech.
    expect(turn.send(speech('b'))).toEqual([])
    expect(types(turn.send(committed('b')))).toEqual(['delete_item'])
    const effects = turn.send(stopped('r2'))
    expect(outcomes(effects)).toEqual([[1, 'answered', null]])
    expect(types(effects).at(-1)).toBe('open_gate')
  })

  test('does not hear a sound that outlasts its turn', () => {
    const turn = play(...ASKED, created('r1', 'turn-1-1'))
    turn.send(started('r1'), toolCall('r1', 'c1'))
    turn.send(searched(1, 'c1', true), created('r2', 'turn-1-2'))
    turn.send({
      type: 'response_done',
      responseId: 'r2',
      status: 'completed',
      hasAudio: false,
      calls: []
    })
    expect(outcomes(turn.last())).toEqual([[1, 'answered', null]])
    expect(types(turn.last())).not.toContain('open_gate')
    expect(types(turn.send(stopped('r1')))).toContain('open_gate')
  })

  test('stops at a press, which begins nothing', () => {
    const turn = play(...ASKED, created('r1', 'turn-1-1'))
    turn.send(started('r1'))
    const effects = turn.send(press(5_000))
    expect(types(effects)[0]).toBe('cut_speaker')
    expect(outcomes(effects)).toEqual([[1, 'cancelled', null]])
    expect(turn.state().lastTurnId).toBe(1)
    expect(turn.send(release(6_000))).toEqual([])
    expect(play(...LISTENING, press(0)).last()).toEqual([])
  })

  test('closes the gate when it is switched off, and drops the speech with a hint', () => {
    const turn = play(...LISTENING, speech('a'), OFF)
    expect(types(turn.last())[0]).toBe('close_gate')
    expect(ofType(turn.last(), 'turn_discarded')).toHaveLength(1)
    expect(hints(turn.last())).toEqual(['interrupted'])
    expect(types(turn.send(committed('a')))).toEqual(['delete_item'])
  })

  test('does not take the late commit of dropped speech for the next', () => {
    const turn = play(...LISTENING, speech('a'), OFF, ON, speech('b'))
    expect(types(turn.send(committed('a')))).toEqual(['delete_item'])
    expect(types(turn.send(committed('b')))).toContain('create_response')
  })

  test('goes on over a press during speech, and ends with a hint at a typed question', () => {
    const turn = play(...LISTENING, speech('a'), press(2_000))
    expect(turn.last()).toEqual([])
    expect(hints(turn.send({ type: 'ask', text: 'How hot?' }))).toEqual(['started_over'])
  })

  test('ends a hold with a hint when it is switched on', () => {
    const turn = play(...READY, press(0), ON)
    expect(hints(turn.last())).toEqual(['interrupted'])
    expect(types(turn.last()).at(-1)).toBe('open_gate')
  })

  test('does not listen behind a locked screen, not even on a new call', () => {
    const turn = play(...LISTENING, { type: 'force_release', reason: 'lock' })
    expect(types(turn.last())).toEqual(['close_gate'])
    turn.send({ type: 'call_lost' }, { type: 'call_opened' })
    expect(isSending(turn.state())).toBe(false)
    expect(types(turn.send(press(9_000)))).toEqual(['open_gate'])
  })

  test('fails a question whose call is lost', () => {
    const turn = play(...LISTENING, speech('a'), { type: 'call_lost' })
    expect(outcomes(turn.last())).toEqual([[1, 'failed', 'call_dropped']])
    const asked = play(...ASKED, { type: 'call_lost' })
    expect(outcomes(asked.last())).toEqual([[1, 'failed', 'call_dropped']])
    expect(asked.state().retryable).toBeNull()
  })

  test('commits speech whose end the service does not detect', () => {
    const turn = play(...LISTENING, speech('a'), timer('max_hold', 1))
    expect(types(turn.last()).slice(0, 2)).toEqual(['close_gate', 'commit'])
    expect(hints(turn.last())).toEqual(['held_too_long'])
    turn.send(committed('a'))
    expect(types(turn.last())).toContain('create_response')
  })
})
