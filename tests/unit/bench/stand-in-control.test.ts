import { expect, test } from 'vitest'
import { type ModelTurn, modelLatencyMs } from '../../../bench/stand-in-control.ts'

const RESPONSE = {
  id: 'resp_1',
  createdAtMs: 1_000,
  decidedAtMs: null,
  toolCallIds: [],
  toolCallSentAtMs: null,
  toolOutputAtMs: null,
  firstAudioSentAtMs: null,
  firstSoundSentAtMs: null,
  doneAtMs: null,
  status: 'completed'
} as const

const turnOf = (responses: ModelTurn['responses']): ModelTurn => ({
  callId: 'rtc_1',
  clearedAtMs: null,
  firstPacketAtMs: 900,
  firstSpeechAtMs: 900,
  commitAtMs: 1_000,
  committedItemId: 'item_1',
  appendedMs: 0,
  rtpMs: 500,
  mixed: false,
  transcript: { kind: 'recognised', text: 'How hot?' },
  responses
})

test('modelLatencyMs leaves out the wait for the tool', () => {
  const calling = { ...RESPONSE, toolCallSentAtMs: 1_150, toolOutputAtMs: 1_210 }
  const speaking = {
    ...RESPONSE,
    id: 'resp_2',
    firstAudioSentAtMs: 1_350,
    firstSoundSentAtMs: 1_400
  }
  expect(modelLatencyMs(turnOf([calling, speaking]))).toBe(400 - 60)
  // A call after the first sound delays no sound.
  const reporting = { ...speaking, toolCallSentAtMs: 1_900, toolOutputAtMs: 1_950 }
  expect(modelLatencyMs(turnOf([calling, reporting]))).toBe(400 - 60)
})

test('modelLatencyMs is null without sound, and the whole time without a tool', () => {
  expect(modelLatencyMs(turnOf([RESPONSE]))).toBeNull()
  expect(modelLatencyMs(turnOf([{ ...RESPONSE, firstSoundSentAtMs: 1_200 }]))).toBe(200)
})
