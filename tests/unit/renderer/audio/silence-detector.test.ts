// When nobody speaks any more, told from rooms that are made of numbers: noise of a known level, and a voice in it.
import { expect, test } from 'vitest'
import { createSilenceDetector } from '../../../../src/renderer/audio/silence-detector.ts'

const RATE_HZ = 24_000
const QUIET_ROOM_DB = -60
const VOICE_DB = -25

/** Noise that is the same in every run. */
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

/** A room that is known, and a question said in it. */
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

test('a silence is as long as nobody has spoken', () => {
  const { detector, hear } = asked(QUIET_ROOM_DB, VOICE_DB)
  expect(detector.silenceMs()).toBe(0)
  hear(QUIET_ROOM_DB, 200)
  // Two frames are smoothed over with the last of the voice.
  expect(detector.silenceMs()).toBe(180)
})

test('a gap within a word is over with the next sound', () => {
  const { detector, hear } = asked(QUIET_ROOM_DB, VOICE_DB)
  hear(QUIET_ROOM_DB, 100)
  hear(VOICE_DB, 10)
  expect(detector.silenceMs()).toBe(0)
})

test('the soft end of a word is speech', () => {
  const { detector, hear } = asked(QUIET_ROOM_DB, VOICE_DB)
  hear(VOICE_DB - 25, 150)
  expect(detector.silenceMs()).toBe(0)
})

test('noise that is as even as ever is no speech, in a loud kitchen too', () => {
  const { detector, hear } = asked(-42, -20)
  hear(-42, 200)
  expect(detector.silenceMs()).toBe(180)
})

test('a voice that does not stand out from the noise is never said to be over', () => {
  const { detector, hear } = asked(-35, -25)
  hear(-35, 500)
  expect(detector.silenceMs()).toBe(0)
})

test('noise that begins in the middle of a question is never taken for silence', () => {
  const { detector, hear } = asked(QUIET_ROOM_DB, VOICE_DB)
  hear(-45, 8_000)
  expect(detector.silenceMs()).toBe(0)
})

test('something that falls down is no voice: what follows it is not judged', () => {
  const { detector, hear } = setUp()
  hear(QUIET_ROOM_DB, 6_000)
  detector.begin()
  hear(-10, 40)
  hear(QUIET_ROOM_DB, 500)
  expect(detector.silenceMs()).toBe(0)
})

test('a voice that was there all the time is no noise', () => {
  const { detector, hear } = setUp()
  for (let part = 0; part < 30; part += 1) hear(part % 2 === 0 ? VOICE_DB : VOICE_DB - 6, 200)
  detector.begin()
  for (let part = 0; part < 30; part += 1) hear(part % 2 === 0 ? VOICE_DB : VOICE_DB - 6, 200)
  expect(detector.silenceMs()).toBe(0)
})

test('a long question does not become the noise that it is measured by', () => {
  const { detector, hear } = asked(QUIET_ROOM_DB, VOICE_DB)
  hear(VOICE_DB, 20_000)
  hear(VOICE_DB - 12, 300)
  expect(detector.silenceMs()).toBe(0)
})

test('nothing at all is silence, also where nobody has said anything', () => {
  const { detector, hear } = setUp()
  hear(-100, 500)
  detector.begin()
  hear(-100, 200)
  expect(detector.silenceMs()).toBe(200)
})

test('another microphone is another room', () => {
  const { detector, hear } = asked(QUIET_ROOM_DB, VOICE_DB)
  detector.forget()
  hear(QUIET_ROOM_DB, 500)
  expect(detector.silenceMs()).toBe(0)
})
