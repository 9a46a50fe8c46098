// The talk button's label is the effect of a press.
import { expect, test } from 'vitest'
import {
  type TalkButtonLabel,
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

const HANDS_FREE = { handsFree: true, isHandsFreeListening: true }

test.each<[TalkButtonLabel, Partial<TalkButtonState>]>([
  ['hold', {}],
  ['tap', { talkMode: 'tap' }],
  ['let_go', { phase: 'listening' }],
  ['tap_to_send', { phase: 'listening', isLatched: true }],
  ['tap_to_send', { phase: 'listening', talkMode: 'tap' }],
  ['interrupt', { phase: 'speaking' }],
  ['tap_to_interrupt', { phase: 'speaking', talkMode: 'tap' }],
  // Without a call the question is recorded.
  ['hold', { phase: 'asleep' }],
  ['hold', { phase: 'connecting' }],
  ['hold', { phase: 'disconnected' }],
  // It asks for nothing that would not be taken.
  ['wait', { phase: 'disconnected', isPressAccepted: false }],
  ['no_microphone', { hasMicrophone: false, isPressAccepted: false }],
  ['just_talk', HANDS_FREE],
  ['hears', { ...HANDS_FREE, phase: 'listening' }],
  ['stop', { handsFree: true, phase: 'speaking' }],
  ['stop', { handsFree: true, phase: 'processing' }],
  ['wake', { handsFree: true, phase: 'asleep' }],
  ['listen_again', { handsFree: true }],
  ['wait', { handsFree: true, phase: 'connecting' }]
])('says %s when %j', (label, change) => {
  expect(talkButtonLabelOf({ ...ready, ...change })).toBe(label)
})
