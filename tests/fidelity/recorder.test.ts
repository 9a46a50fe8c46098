// Proves the recorder and the microphone in a real Chromium, sample by sample, under the kiosk's own headers.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type AudioPage, openAudioPage } from './audio-page.ts'
import { hasTools } from './required-tools.ts'

const isComplete = hasTools('chromium')

/** The fake microphone's loop: a second of silence, then four of a tone whose period does not divide 10 ms. */
const TONE_HZ = 443.7
const TONE_LEVEL = 16_000
const SILENT_SECONDS = 1
const TONE_SECONDS = 4
const FILE_RATE_HZ = 48_000

/** Samples of a recording in a millisecond. */
const PER_MS = 24

let lab: AudioPage

const toneLoop = (): Int16Array<ArrayBuffer> => {
  const samples = new Int16Array((SILENT_SECONDS + TONE_SECONDS) * FILE_RATE_HZ)
  for (let at = SILENT_SECONDS * FILE_RATE_HZ; at < samples.length; at++) {
    samples[at] = Math.round(Math.sin((2 * Math.PI * TONE_HZ * at) / FILE_RATE_HZ) * TONE_LEVEL)
  }
  return samples
}

/** Positions at which a tone breaks: each sample of a sine follows from the two before it. */
const breaksIn = (samples: readonly number[], frequencyHz: number): number[] => {
  const twiceCos = 2 * Math.cos((2 * Math.PI * frequencyHz) / (PER_MS * 1000))
  return samples.flatMap((sample, at) => {
    const [before, after] = [samples[at - 1], samples[at + 1]]
    if (before === undefined || after === undefined) return []
    return Math.abs(after + before - twiceCos * sample) > 100 ? [at] : []
  })
}

/** A new source fills its buffer first, which Chromium records as one hole of 10 ms. */
const WARM_UP_MS = 200

/** Frequency of a tone without holes, from its zero crossings. */
const pitchOf = (samples: readonly number[]): number => {
  const crossings = samples.filter((sample, at) => sample >= 0 && (samples[at - 1] ?? 0) < 0)
  return (crossings.length / samples.length) * PER_MS * 1000
}

const firstLoud = (samples: readonly number[]): number =>
  samples.findIndex((sample) => Math.abs(sample) > TONE_LEVEL / 10)

beforeAll(async () => {
  if (isComplete) lab = await openAudioPage('audio', toneLoop())
})
afterEach(async () => {
  expect(await lab.page.evaluate(() => window.audioLab.problems.splice(0))).toEqual([])
})
afterAll(() => lab?.close())

test('loads every worklet as a file of its own', () => {
  expect(lab.scripts).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^\/assets\/recorder\.worklet-.*\.js$/),
      expect.stringMatching(/^\/assets\/audible-detector\.worklet-.*\.js$/)
    ])
  )
})

test('records sound from before the press, and the silence before it', async () => {
  const samples = await lab.page.evaluate(async () => {
    const { rawMicrophone, warmRecorder, soundLasts, samplesOf, wait } = window.audioLab
    const track = await rawMicrophone()
    const recorder = await warmRecorder(track)
    await soundLasts(track, 60)
    recorder.start(1)
    await wait(100)
    await recorder.stop(1)
    const all = samplesOf(recorder, 1) ?? []
    recorder.close()
    track.stop()
    return all
  })
  const onset = firstLoud(samples)
  // At least 60 of the 200 ms before the press are tone, less the delay of the microphone (up to one callback of 43 ms).
  expect(onset / PER_MS).toBeGreaterThan(5)
  expect(onset / PER_MS).toBeLessThan(195)
  expect(samples.slice(0, onset - PER_MS).every((sample) => Math.abs(sample) < 50)).toBe(true)
})

test('records every sample once, from the pre-roll to the last chunk', async () => {
  const { samples, pieces, beforePress, afterStop } = await lab.page.evaluate(async (pitchHz) => {
    const { createRecorderContext, humming, warmRecorder, samplesOf, wait } = window.audioLab
    const context = createRecorderContext()
    const recorder = await warmRecorder(humming(pitchHz, 0.5, context), context)
    const pieces: number[][] = []
    recorder.onChunk((_, piece) => pieces.push([...piece]))
    await wait(400)
    const beforePress = pieces.length
    recorder.start(1)
    await wait(2_000)
    await recorder.stop(1)
    const samples = samplesOf(recorder, 1) ?? []
    const atStop = pieces.length
    await wait(200)
    const afterStop = pieces.length - atStop
    recorder.close()
    return { samples, pieces, beforePress, afterStop }
  }, TONE_HZ)
  expect(samples.length / PER_MS).toBeGreaterThan(2_000)
  expect(breaksIn(samples, TONE_HZ)).toEqual([])
  expect(pieces.flat()).toEqual(samples)
  expect(new Set(pieces.slice(0, -1).map(({ length }) => length))).toEqual(new Set([20 * PER_MS]))
  // The worklet sends nothing before a press or after a confirmed stop.
  expect([beforePress, afterStop]).toEqual([0, 0])
})

test('records the hold, the pre-roll and the audio that was on its way', async () => {
  const { heldMs, stoppedMs, samples } = await lab.page.evaluate(async () => {
    const { rawMicrophone, warmRecorder, soundLasts, samplesOf, wait } = window.audioLab
    const track = await rawMicrophone()
    const recorder = await warmRecorder(track)
    await soundLasts(track, 400)
    recorder.start(1)
    const pressedAt = performance.now()
    await wait(3_000)
    const heldMs = performance.now() - pressedAt
    await recorder.stop(1)
    const stoppedMs = performance.now() - pressedAt
    const samples = samplesOf(recorder, 1) ?? []
    recorder.close()
    track.stop()
    return { heldMs, stoppedMs, samples }
  })
  const recordedMs = samples.length / PER_MS
  expect(recordedMs).toBeGreaterThan((heldMs + 200) * 0.99)
  // A busy machine joins the end of a hold with the next samples; a context on the wrong clock is off by eight percent.
  expect(recordedMs).toBeLessThan((stoppedMs + 200) * 1.03)
  // On a busy machine Chromium's fake microphone itself misses a block; a context on the wrong clock misses several a
  // second.
  const holes = breaksIn(samples, TONE_HZ).filter(
    (at, index, all) => at - (all[index - 1] ?? 0) > 20
  )
  expect(holes.length).toBeLessThanOrEqual(3)
})

/** Loud samples of a recording as the page counts them in the microphone. */
const loudMs = (samples: readonly number[]): number =>
  samples.filter((sample) => Math.abs(sample) > 0.05 * 32_767).length / PER_MS

test.each(['that has always run', 'that was suspended'])(
  'waits at a stop for speech that is still on its way, in a context %s',
  async (which) => {
    const { heardMs, samples, waitedMs } = await lab.page.evaluate(async (wasSuspended) => {
      const { createRecorderContext, rawMicrophone, warmRecorder, soundLasts, loudMsOf } =
        window.audioLab
      const context = createRecorderContext()
      const track = await rawMicrophone()
      const recorder = await warmRecorder(track, context)
      if (wasSuspended) {
        await context.suspend()
        await window.audioLab.wait(300)
        await context.resume()
      }
      await soundLasts(track, 3_800)
      await window.audioLab.wait(500)
      // Counting starts in the silence, so that no loud sample of the recording is missed.
      const counted = loudMsOf(track)
      recorder.start(1)
      await soundLasts(track, 700)
      const heardMs = counted.sofar()
      const stoppedAt = performance.now()
      await recorder.stop(1)
      const waitedMs = performance.now() - stoppedAt
      await counted.stop()
      const samples = window.audioLab.samplesOf(recorder, 1) ?? []
      recorder.close()
      track.stop()
      return { heardMs, samples, waitedMs }
    }, which === 'that was suspended')
    expect(heardMs).toBeGreaterThan(600)
    // The resampler changes half a millisecond at the edge.
    expect(loudMs(samples)).toBeGreaterThan(heardMs - 1)
    expect(loudMs(samples)).toBeLessThan(heardMs + waitedMs + 20)
  }
)

test('waits for the end of a word that continues after the release', async () => {
  const { heldMs, samples, ...answers } = await lab.page.evaluate(async () => {
    const { rawMicrophone, warmRecorder, soundLasts, samplesOf } = window.audioLab
    const track = await rawMicrophone()
    const recorder = await warmRecorder(track)
    await soundLasts(track, 3_000)
    recorder.start(1)
    const startedAtMs = performance.now()
    await soundLasts(track, 600)
    const releasedAtMs = performance.now()
    const isQuiet = await recorder.silenceAt(1, releasedAtMs)
    const samples = samplesOf(recorder, 1) ?? []
    const again = await recorder.silenceAt(1, performance.now() - 50)
    const over = recorder.silenceAt(1, performance.now() + 60_000)
    await recorder.stop(1)
    const answers = {
      heldMs: releasedAtMs - startedAtMs,
      isQuiet,
      samples,
      again,
      over: await over,
      later: await recorder.silenceAt(1, 0)
    }
    recorder.close()
    track.stop()
    return answers
  })
  expect(answers).toEqual({ isQuiet: true, again: true, over: false, later: false })
  // The recording shows it: the tone continued after the release, and 150 ms of silence came before the report. The
  // recording begins 200 ms before the press.
  const lastLoudMs = samples.findLastIndex((sample) => Math.abs(sample) > 1_600) / PER_MS
  expect(lastLoudMs).toBeGreaterThan(heldMs + 200)
  expect(samples.length / PER_MS - lastLoudMs).toBeGreaterThanOrEqual(145)
})

test('records from the loading of the worklet when the press comes before it', async () => {
  const { heldMs, samples } = await lab.page.evaluate(async () => {
    const { createRecorderContext, humming, newRecorder, samplesOf, wait } = window.audioLab
    const context = createRecorderContext()
    const recorder = newRecorder(context)
    recorder.setMicrophone(humming(500, 0.5, context))
    recorder.start(1)
    const pressedAt = performance.now()
    await wait(1_000)
    await recorder.stop(1)
    const heldMs = performance.now() - pressedAt
    const samples = samplesOf(recorder, 1) ?? []
    recorder.close()
    return { heldMs, samples }
  })
  expect(samples.length / PER_MS).toBeGreaterThan(heldMs / 2)
  // Up to two callbacks of 43 ms more, which are late on a busy machine. A pre-roll would be another 200 ms.
  expect(samples.length / PER_MS).toBeLessThanOrEqual(heldMs + 90)
  expect(breaksIn(samples.slice(WARM_UP_MS * PER_MS), 500)).toEqual([])
})

test('continues the recording when the microphone changes during the hold', async () => {
  const samples = await lab.page.evaluate(async () => {
    const { humming, warmRecorder, samplesOf, wait } = window.audioLab
    const [low, high] = [humming(500, 0.5), humming(1_000, 0.5)]
    const recorder = await warmRecorder(low)
    recorder.start(1)
    await wait(300)
    recorder.setMicrophone(null)
    await wait(100)
    recorder.setMicrophone(high)
    await wait(300)
    await recorder.stop(1)
    const all = samplesOf(recorder, 1) ?? []
    recorder.close()
    return all
  })
  // The pre-roll, both halves and the audio on its way at the end; nothing for the time without a microphone.
  expect(samples.length / PER_MS).toBeGreaterThan(700)
  expect(samples.length / PER_MS).toBeLessThan(950)
  const low = samples.slice(WARM_UP_MS * PER_MS, 450 * PER_MS)
  expect(Math.abs(pitchOf(low) - 500)).toBeLessThan(30)
  expect(Math.abs(pitchOf(samples.slice(-150 * PER_MS)) - 1_000)).toBeLessThan(60)
})

test('confirms the stop of an empty recording without a microphone', async () => {
  const recorded = await lab.page.evaluate(async () => {
    const { newRecorder, samplesOf, wait } = window.audioLab
    const recorder = newRecorder()
    recorder.start(1)
    await recorder.stop(1)
    await wait(300)
    recorder.start(2)
    await wait(100)
    await recorder.stop(2)
    const both = [samplesOf(recorder, 1), samplesOf(recorder, 2)]
    recorder.close()
    return both
  })
  expect(recorded).toEqual([[], []])
})

test('confirms a stop while its context is suspended', async () => {
  const { stoppedMs, state } = await lab.page.evaluate(async () => {
    const { humming, newRecorder, createRecorderContext, wait } = window.audioLab
    const context = createRecorderContext()
    const recorder = newRecorder(context)
    recorder.setMicrophone(humming(500, 0.5))
    await wait(300)
    recorder.start(1)
    await context.suspend()
    const at = performance.now()
    await recorder.stop(1)
    const stoppedMs = performance.now() - at
    const { state } = context
    recorder.close()
    return { stoppedMs, state }
  })
  expect(state).toBe('suspended')
  expect(stoppedMs).toBeLessThan(100)
})

test('stores the last two recordings until they are dropped', async () => {
  const stored = await lab.page.evaluate(async () => {
    const { humming, warmRecorder, samplesOf, wait } = window.audioLab
    const recorder = await warmRecorder(humming(500, 0.5))
    const isThere = () => [1, 2, 3].map((id) => samplesOf(recorder, id) !== null)
    recorder.start(1)
    await wait(50)
    // The second press ends the first recording; its stop returns at once.
    recorder.start(2)
    await wait(50)
    await recorder.stop(1)
    const lengths = [1, 2].map((id) => (samplesOf(recorder, id) ?? []).length > 0)
    await recorder.stop(2)
    const two = isThere()
    recorder.start(3)
    await recorder.stop(3)
    const three = isThere()
    recorder.drop(2)
    const dropped = isThere()
    recorder.close()
    return { lengths, two, three, dropped }
  })
  expect(stored).toEqual({
    lengths: [true, true],
    two: [true, true, false],
    three: [false, true, true],
    dropped: [false, false, true]
  })
})

test('gives the recorder the microphone behind the closed gate, and the model silence', async () => {
  const levels = await lab.page.evaluate(async () => {
    const { createMicrophone, runMicrophoneTest, schedule } = window.audioLab
    const context = new AudioContext()
    const opened: (MediaStreamTrack | null)[][] = []
    const microphone = createMicrophone({
      devices: navigator.mediaDevices,
      schedule,
      onState: () => {},
      onTrack: (...tracks) => opened.push(tracks)
    })
    const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
    await microphone.open(null, raw)
    const { signal } = new AbortController()
    const verdicts = await Promise.all(
      (opened.at(-1) ?? []).map((track) => runMicrophoneTest({ context, track, schedule, signal }))
    )
    microphone.close()
    return verdicts
  })
  expect(levels.map(({ verdict }) => verdict)).toEqual(['silent', 'silent', 'heard'])
  // A sine of half the full scale has 9 dB less on average.
  expect(levels[2]?.peakDb).toBeGreaterThan(-10.5)
  expect(levels[2]?.peakDb).toBeLessThan(-8)
})

test("changes Chromium's processing on the same device", async () => {
  const seen = await lab.page.evaluate(async () => {
    const { createMicrophone, schedule } = window.audioLab
    const microphone = createMicrophone({
      devices: navigator.mediaDevices,
      schedule,
      onState: () => {},
      onTrack: () => {}
    })
    const seen: [string, boolean[]][] = []
    for (const bits of [7, 0, 1, 6, 2, 7]) {
      await microphone.open(null, {
        echoCancellation: (bits & 1) > 0,
        noiseSuppression: (bits & 2) > 0,
        autoGainControl: (bits & 4) > 0
      })
      const track = microphone.track()
      const settings = track?.getSettings()
      seen.push([
        track?.label ?? '',
        [
          settings?.echoCancellation === true,
          settings?.noiseSuppression === true,
          settings?.autoGainControl === true
        ]
      ])
    }
    microphone.close()
    return seen
  })
  const device = seen[0]?.[0]
  expect(seen).toEqual([
    [device, [true, true, true]],
    [device, [false, false, false]],
    [device, [true, false, false]],
    [device, [false, true, true]],
    [device, [false, true, false]],
    [device, [true, true, true]]
  ])
})
