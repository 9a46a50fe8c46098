// What the talk button says is what a press would do.
import { describe, expect, test } from 'vitest'
import { invitationOf, isKept, type Situation } from '../../../../src/renderer/ui/invitation.ts'

const ready: Situation = {
  phase: 'connected',
  connection: 'connected',
  isReady: true,
  hasMicrophone: true,
  talkMode: 'hold_and_latch',
  isLatched: false,
  handsFree: false,
  isHandsFreeListening: false
}
const say = (over: Partial<Situation>) => invitationOf({ ...ready, ...over })

test('ready, it says how to talk', () => {
  expect(say({})).toBe('hold')
  expect(say({ talkMode: 'tap' })).toBe('tap')
})

test('listening, it says how to send', () => {
  expect(say({ phase: 'listening' })).toBe('let_go')
  expect(say({ phase: 'listening', isLatched: true })).toBe('tap_to_send')
  expect(say({ phase: 'listening', talkMode: 'tap' })).toBe('tap_to_send')
})

test('answering, it says that a press interrupts', () => {
  expect(say({ phase: 'speaking' })).toBe('interrupt')
  expect(say({ phase: 'speaking', talkMode: 'tap' })).toBe('tap_to_interrupt')
})

test('asleep, connecting and between two attempts it asks for the question, which is recorded', () => {
  expect(say({ phase: 'asleep', connection: 'asleep' })).toBe('hold')
  expect(say({ phase: 'connecting', connection: 'connecting' })).toBe('hold')
  expect(say({ phase: 'disconnected', connection: 'waiting' })).toBe('hold')
})

test('it asks for nothing that would not be heard', () => {
  expect(say({ phase: 'disconnected', connection: 'blocked', isReady: false })).toBe('wait')
  expect(say({ hasMicrophone: false, isReady: false })).toBe('no_microphone')
})

describe('hands-free', () => {
  const handsFree = { handsFree: true, isHandsFreeListening: true }

  test('nothing has to be pressed to ask', () => {
    expect(say(handsFree)).toBe('just_talk')
    expect(say({ ...handsFree, phase: 'listening' })).toBe('hears')
  })

  test('a press stops an answer', () => {
    expect(say({ handsFree: true, phase: 'speaking' })).toBe('stop')
    expect(say({ handsFree: true, phase: 'processing' })).toBe('stop')
  })

  test('a press wakes what sleeps, and makes it listen again', () => {
    expect(say({ handsFree: true, phase: 'asleep', connection: 'asleep' })).toBe('wake')
    expect(say({ handsFree: true })).toBe('listen_again')
    expect(say({ handsFree: true, phase: 'connecting', connection: 'connecting' })).toBe('wait')
  })
})

describe('a question is kept', () => {
  const kept = (over: Partial<Situation>) => isKept({ ...ready, ...over })

  test('while there is no call and one may come', () => {
    expect(kept({ connection: 'asleep' })).toBe(true)
    expect(kept({ connection: 'connecting' })).toBe(true)
    expect(kept({ connection: 'waiting' })).toBe(true)
  })

  test('but not when it goes out at once, is not heard, or nobody holds', () => {
    expect(kept({ connection: 'connected' })).toBe(false)
    expect(kept({ connection: 'stopped' })).toBe(false)
    expect(kept({ connection: 'connecting', isReady: false })).toBe(false)
    expect(kept({ connection: 'connecting', handsFree: true })).toBe(false)
  })
})
