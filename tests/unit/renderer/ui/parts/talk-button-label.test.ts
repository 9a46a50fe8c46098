// The talk button's label is the effect of a press.
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

test('asks for a hold or a tap when ready', () => {
  expect(say({})).toBe('hold')
  expect(say({ talkMode: 'tap' })).toBe('tap')
})

test('says how to send while it listens', () => {
  expect(say({ phase: 'listening' })).toBe('let_go')
  expect(say({ phase: 'listening', isLatched: true })).toBe('tap_to_send')
  expect(say({ phase: 'listening', talkMode: 'tap' })).toBe('tap_to_send')
})

test('says that a press interrupts an answer', () => {
  expect(say({ phase: 'speaking' })).toBe('interrupt')
  expect(say({ phase: 'speaking', talkMode: 'tap' })).toBe('tap_to_interrupt')
})

test('asks for the question without a call, since it is recorded', () => {
  expect(say({ phase: 'asleep' })).toBe('hold')
  expect(say({ phase: 'connecting' })).toBe('hold')
  expect(say({ phase: 'disconnected' })).toBe('hold')
})

test('asks for nothing that would not be taken', () => {
  expect(say({ phase: 'disconnected', isPressAccepted: false })).toBe('wait')
  expect(say({ hasMicrophone: false, isPressAccepted: false })).toBe('no_microphone')
})

describe('hands-free', () => {
  const handsFree = { handsFree: true, isHandsFreeListening: true }

  test('asks for no press', () => {
    expect(say(handsFree)).toBe('just_talk')
    expect(say({ ...handsFree, phase: 'listening' })).toBe('hears')
  })

  test('stops an answer', () => {
    expect(say({ handsFree: true, phase: 'speaking' })).toBe('stop')
    expect(say({ handsFree: true, phase: 'processing' })).toBe('stop')
  })

  test('wakes the call, or makes it listen again', () => {
    expect(say({ handsFree: true, phase: 'asleep' })).toBe('wake')
    expect(say({ handsFree: true })).toBe('listen_again')
    expect(say({ handsFree: true, phase: 'connecting' })).toBe('wait')
  })
})
