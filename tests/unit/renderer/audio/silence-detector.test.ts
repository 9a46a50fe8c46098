// Silence in synthetic rooms: noise of a known level, with a voice.
import { expect, test } from 'vitest'
import { createSilenceDetector } from '../../../../src/renderer/audio/silence-detector.ts'

const RATE_HZ = 24_000
/** A quiet room. */
const ROOM_DB = -60
const VOICE_DB = -25

/** The same noise in every run. */
const createNoise = () => {
  let state = 7
  return (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 1_073_741_824 - 1
  }
}

const setUp = () => {
  const detector = createSilenceDetector(RATE_HZ)
  const noise = createNoise()
  /** White noise of this level, by its mean square. */
  const hear = (db: number, ms: number) => {
    // A uniform distribution has a third of its peak's square.
    const peak = 10 ** (db / 20) * Math.sqrt(3) * 32_767
    detector.add(
      Int16Array.from({ length: (RATE_HZ * ms) / 1000 }, () => Math.round(noise() * peak))
    )
  }
  return { detector, hear }
}

/** A known room and a question in it. */
const asked = (roomDb: number, voiceDb: number) => {
  const kiosk = setUp()
  kiosk.hear(roomDb, 6_000)
  kiosk.detector.begin()
  for (let word = 0; word < 4; word += 1) {
    kiosk.hear(voiceDb, 300)
    kiosk.hear(roomDb, 60)
  }
  kiosk.hear(voiceDb, 200)
  return kiosk
}

test.each([
  // Two frames are smoothed with the end of the voice.
  ['measures the silence since the last speech', ROOM_DB, VOICE_DB, ROOM_DB, 200, 180],
  ['takes the soft end of a word for speech', ROOM_DB, VOICE_DB, VOICE_DB - 25, 150, 0],
  ['takes even noise for silence, also in a loud kitchen', -42, -20, -42, 200, 180],
  ['reports no silence of a voice that does not stand out', -35, -25, -35, 500, 0],
  ['reports no silence in noise that begins in a question', ROOM_DB, VOICE_DB, -45, 8_000, 0]
])('%s', (_what, roomDb, voiceDb, nextDb, nextMs, silenceMs) => {
  const { detector, hear } = asked(roomDb, voiceDb)
  expect(detector.silenceMs()).toBe(0)
  hear(nextDb, nextMs)
  expect(detector.silenceMs()).toBe(silenceMs)
})

test('ends a silence with the next sound of a word', () => {
  const { detector, hear } = asked(ROOM_DB, VOICE_DB)
  hear(ROOM_DB, 100)
  hear(VOICE_DB, 10)
  expect(detector.silenceMs()).toBe(0)
})

test('does not raise its floor during a long question', () => {
  const { detector, hear } = asked(ROOM_DB, VOICE_DB)
  hear(VOICE_DB, 20_000)
  hear(VOICE_DB - 12, 300)
  expect(detector.silenceMs()).toBe(0)
})

test('takes a short noise for no voice', () => {
  const { detector, hear } = setUp()
  hear(ROOM_DB, 6_000)
  detector.begin()
  hear(-10, 40)
  hear(ROOM_DB, 500)
  expect(detector.silenceMs()).toBe(0)
})

test('takes a steady voice for no noise', () => {
  const { detector, hear } = setUp()
  for (let part = 0; part < 30; part += 1) hear(part % 2 === 0 ? VOICE_DB : VOICE_DB - 6, 200)
  detector.begin()
  for (let part = 0; part < 30; part += 1) hear(part % 2 === 0 ? VOICE_DB : VOICE_DB - 6, 200)
  expect(detector.silenceMs()).toBe(0)
})

test('takes digital silence for silence, also without speech before', () => {
  const { detector, hear } = setUp()
  hear(-100, 500)
  detector.begin()
  hear(-100, 200)
  expect(detector.silenceMs()).toBe(200)
})

test('forgets the noise floor with the microphone', () => {
  const { detector, hear } = asked(ROOM_DB, VOICE_DB)
  detector.forget()
  hear(ROOM_DB, 500)
  expect(detector.silenceMs()).toBe(0)
})
