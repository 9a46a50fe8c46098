import { expect, test } from 'vitest'
import { modelLatencyMs } from '../../../bench/stand-in-control.ts'

const RESPONSE = {
  id: 'resp',
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

const CALLING = { ...RESPONSE, toolCallSentAtMs: 1_150, toolOutputAtMs: 1_210 }
const SPEAKING = { ...RESPONSE, firstAudioSentAtMs: 1_350, firstSoundSentAtMs: 1_400 }

test.each([
  ['without the wait for the tool', [CALLING, SPEAKING], 400 - 60],
  [
    'without regard to a call after the first sound',
    [CALLING, { ...SPEAKING, toolCallSentAtMs: 1_900, toolOutputAtMs: 1_950 }],
    400 - 60
  ],
  ['as null without sound', [RESPONSE], null],
  ['as the whole time without a tool', [SPEAKING], 400]
])('measures the latency of the model %s', (_case, responses, expected) => {
  expect(modelLatencyMs({ responses })).toBe(expected)
})
