// Pieces of a recording, and changes of the input settings.
import { expect, test } from 'vitest'
import {
  appendPieces,
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

test('updates only the settings that differ from the minted ones', () => {
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

test('lets the model detect the end of a hands-free question, and nothing else', () => {
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
