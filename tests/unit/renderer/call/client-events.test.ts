// Pieces of a recording, and changes of the input settings.
import { expect, test } from 'vitest'
import {
  appendPieces,
  type InputSettings,
  inputSettingsUpdate,
  MINTED_INPUT_SETTINGS
} from '../../../../src/renderer/call/client-events.ts'

test('splits a recording into pieces that join to the same samples', () => {
  const samples = Int16Array.from({ length: 24_001 }, (_, n) => ((n * 7_919) % 65_536) - 32_768)

  const bytes = Buffer.concat(
    [...appendPieces(samples)].map((piece) => Buffer.from(piece, 'base64'))
  )

  expect([...appendPieces(samples)].length).toBeGreaterThan(1)
  expect(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)).toEqual(samples)
})

test('sends a part of a larger buffer as that part', () => {
  const part = Int16Array.from([1, 2, 3, 4, 5, 6]).subarray(2, 4)
  const [piece = ''] = appendPieces(part)
  expect([...Buffer.from(piece, 'base64')]).toEqual([3, 0, 4, 0])
})

const MINTED = MINTED_INPUT_SETTINGS
const HANDS_FREE = { ...MINTED, handsFree: true }
/** The model detects the end of a question, and nothing else. */
const DETECTION = {
  type: 'semantic_vad',
  eagerness: 'auto',
  create_response: false,
  interrupt_response: false
}

test.each<[InputSettings, InputSettings, unknown]>([
  [MINTED, MINTED, null],
  [MINTED, { ...MINTED, modelNoiseReduction: 'near' }, { noise_reduction: { type: 'near_field' } }],
  [MINTED, { ...MINTED, modelNoiseReduction: 'off' }, { noise_reduction: null }],
  [MINTED, HANDS_FREE, { turn_detection: DETECTION }],
  [HANDS_FREE, MINTED, { turn_detection: null }]
])('updates only the settings that differ: from %j to %j', (from, to, update) => {
  expect(inputSettingsUpdate(from, to)).toEqual(update)
})
