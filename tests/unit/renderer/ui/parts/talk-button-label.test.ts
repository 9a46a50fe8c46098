// What the talk button says is what a press would do.
import { describe, expect, test } from 'vitest'
import {
  type TalkButtonState,
  talkButtonLabelOf
} from '../../../../../src/renderer/ui/parts/talk-button-label.ts'

const ready: TalkButtonState = {
  phase: 'connected',
  isPressAccepted: true,
  hasMicrophone: true,
  talkMode: 'hold_and_latch',
  isLatched: false,
  handsFree: false,
  isHandsFreeListening: false
}
const say = (over: Partial<TalkButtonState>) => talkButtonLabelOf({ ...ready, ...over })

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
  expect(say({ phase: 'asleep' })).toBe('hold')
  expect(say({ phase: 'connecting' })).toBe('hold')
  expect(say({ phase: 'disconnected' })).toBe('hold')
})

test('it asks for nothing that would not be heard', () => {
  expect(say({ phase: 'disconnected', isPressAccepted: false })).toBe('wait')
  expect(say({ hasMicrophone: false, isPressAccepted: false })).toBe('no_microphone')
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
    expect(say({ handsFree: true, phase: 'asleep' })).toBe('wake')
    expect(say({ handsFree: true })).toBe('listen_again')
    expect(say({ handsFree: true, phase: 'connecting' })).toBe('wait')
  })
})
