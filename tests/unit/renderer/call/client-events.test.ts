// What is said to the model beside the turn: a recording in pieces, and how the call is to listen.
import { expect, test } from 'vitest'
import {
  appendPieces,
  inputSettingsUpdate,
  MINTED_INPUT_SETTINGS
} from '../../../../src/renderer/call/client-events.ts'

test('a recording goes out whole, in pieces that put together are the samples again', () => {
  const samples = Int16Array.from({ length: 24_001 }, (_, n) => ((n * 7_919) % 65_536) - 32_768)

  const bytes = Buffer.concat(
    [...appendPieces(samples)].map((piece) => Buffer.from(piece, 'base64'))
  )

  expect([...appendPieces(samples)].length).toBeGreaterThan(1)
  expect(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)).toEqual(samples)
})

test('a part of a larger recording is sent as that part', () => {
  const part = Int16Array.from([1, 2, 3, 4, 5, 6]).subarray(2, 4)
  const [piece = ''] = appendPieces(part)
  expect([...Buffer.from(piece, 'base64')]).toEqual([3, 0, 4, 0])
})

test('a call is told only what differs from what its key was minted with', () => {
  expect(inputSettingsUpdate(MINTED_INPUT_SETTINGS, MINTED_INPUT_SETTINGS)).toBeNull()
  expect(
    inputSettingsUpdate(MINTED_INPUT_SETTINGS, { modelNoiseReduction: 'near', handsFree: false })
  ).toEqual({ noise_reduction: { type: 'near_field' } })
  expect(
    inputSettingsUpdate(MINTED_INPUT_SETTINGS, { modelNoiseReduction: 'off', handsFree: false })
  ).toEqual({
    noise_reduction: null
  })
})

test('hands-free lets the model find the end of a question and nothing else', () => {
  expect(
    inputSettingsUpdate(MINTED_INPUT_SETTINGS, { ...MINTED_INPUT_SETTINGS, handsFree: true })
  ).toEqual({
    turn_detection: {
      type: 'semantic_vad',
      eagerness: 'auto',
      create_response: false,
      interrupt_response: false
    }
  })
  expect(
    inputSettingsUpdate({ ...MINTED_INPUT_SETTINGS, handsFree: true }, MINTED_INPUT_SETTINGS)
  ).toEqual({
    turn_detection: null
  })
})
