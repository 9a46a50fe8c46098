// Proves the speaker in a real Chromium: the times of sound and silence, and the output device.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type AudioPage, openAudioPage } from './audio-page.ts'
import { hasTools } from './required-tools.ts'

const isComplete = hasTools('chromium')

let lab: AudioPage

beforeAll(async () => {
  if (isComplete) lab = await openAudioPage('audio')
})
afterEach(async () => {
  expect(await lab.page.evaluate(() => window.audioLab.problems.splice(0))).toEqual([])
})
afterAll(() => lab?.close())

test('reports the start of most answers within 15 ms, and of each once', async () => {
  const { offByMs, reports } = await lab.page.evaluate(async () => {
    const { newSpeaker, newDetector, clockZeroMs, wait } = window.audioLab
    const context = new AudioContext({ latencyHint: 'interactive' })
    const speaker = newSpeaker(context)
    const { detector, audible } = newDetector(context, speaker.answer)
    await wait(300)
    const zeroMs = await clockZeroMs(context)
    const offByMs: number[] = []
    for (let answer = 0; answer < 8; answer++) {
      detector.arm()
      // Cues play all the time and are no answer.
      const cue = new OscillatorNode(context)
      cue.connect(speaker.cues)
      cue.start()
      await wait(60)
      const startsAt = context.currentTime + 0.05 + answer * 0.0007
      const tone = new OscillatorNode(context)
      tone.connect(new GainNode(context, { gain: 0.2 })).connect(speaker.answer)
      tone.start(startsAt)
      tone.stop(startsAt + 0.1)
      await wait(250)
      cue.stop()
      offByMs.push((audible.at(-1) ?? 0) - (zeroMs + (startsAt + context.outputLatency) * 1000))
    }
    const reports = audible.length
    detector.close()
    await context.close()
    return { offByMs, reports }
  })
  expect(reports).toBe(8)
  // A block that a busy machine renders late moves one report, not most of them.
  const sortedMs = offByMs.map(Math.abs).sort((a, b) => a - b)
  expect(sortedMs[5]).toBeLessThan(15)
})

test('silences a cut answer within a few blocks and reports the time', async () => {
  const { silentAfterMs, reports } = await lab.page.evaluate(async () => {
    const { newSpeaker, newDetector, wait } = window.audioLab
    const context = new AudioContext({ latencyHint: 'interactive' })
    const speaker = newSpeaker(context)
    const { detector, silent } = newDetector(context, speaker.answer)
    const call = new AudioContext()
    const answer = call.createMediaStreamDestination()
    const tone = new OscillatorNode(call)
    tone.connect(answer)
    tone.start()
    speaker.play(answer.stream)
    await wait(500)
    const silentAfterMs: number[] = []
    for (let press = 0; press < 5; press++) {
      const cutAtMs = performance.now()
      speaker.cut()
      detector.armSilence()
      await wait(150)
      silentAfterMs.push((silent.at(-1) ?? 0) - cutAtMs - context.outputLatency * 1000)
      speaker.restore()
      await wait(100)
    }
    const reports = silent.length
    detector.close()
    await Promise.all([context.close(), call.close()])
    return { silentAfterMs, reports }
  })
  expect(reports).toBe(5)
  // The context's buffer plays on; the machine's output latency is not part of it.
  for (const ms of silentAfterMs) expect(ms).toBeLessThan(40)
})

test('reports silence from the cut on when it was silent before', async () => {
  const offMs = await lab.page.evaluate(async () => {
    const { newSpeaker, newDetector, wait } = window.audioLab
    const context = new AudioContext()
    const speaker = newSpeaker(context)
    const { detector, silent } = newDetector(context, speaker.answer)
    await wait(400)
    const cutAtMs = performance.now()
    speaker.cut()
    detector.armSilence()
    await wait(100)
    detector.close()
    await context.close()
    return (silent[0] ?? Number.NaN) - cutAtMs
  })
  expect(offMs).toBeGreaterThanOrEqual(0)
  expect(offMs).toBeLessThan(5)
})

test('detects sound when it is armed before the worklet has loaded', async () => {
  const reports = await lab.page.evaluate(async () => {
    const { newDetector, wait } = window.audioLab
    const context = new AudioContext()
    const answer = new GainNode(context)
    const { detector, audible } = newDetector(context, answer)
    detector.arm()
    const tone = new OscillatorNode(context)
    tone.connect(answer)
    tone.start()
    await wait(500)
    detector.close()
    await context.close()
    return audible.length
  })
  expect(reports).toBe(1)
})

test('plays the test tone for a second at the answer volume, cut or not', async () => {
  const { tookMs, peaks } = await lab.page.evaluate(async () => {
    const { newSpeaker, playTestTone, schedule, wait } = window.audioLab
    const context = new AudioContext()
    await context.resume()
    const speaker = newSpeaker(context)
    const analyser = context.createAnalyser()
    speaker.cues.connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    speaker.cut()
    const peaks: number[] = []
    let tookMs = 0
    for (const volume of [1, 0.5]) {
      speaker.setVolume(volume)
      let peak = 0
      const stop = setInterval(() => {
        analyser.getFloatTimeDomainData(samples)
        for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
      }, 20)
      const startedAt = performance.now()
      await playTestTone(context, speaker.tones, schedule)
      tookMs = performance.now() - startedAt
      clearInterval(stop)
      peaks.push(peak)
      // The analyser's buffer must not hold this tone for the next one.
      await wait(100)
    }
    await context.close()
    return { tookMs, peaks }
  })
  expect(tookMs).toBeGreaterThan(900)
  expect(tookMs).toBeLessThan(1_500)
  expect(peaks[0]).toBeCloseTo(0.18, 2)
  expect(peaks[1]).toBeCloseTo(0.09, 2)
})

test('takes another speaker, and the default one when it is missing', async () => {
  const sinks = await lab.page.evaluate(async () => {
    const { newSpeaker, rawMicrophone, wait } = window.audioLab
    // Only a page with the microphone permission sees device names.
    const track = await rawMicrophone()
    const all = await navigator.mediaDevices.enumerateDevices()
    const last = all.filter(({ kind }) => kind === 'audiooutput').at(-1)
    const context = new AudioContext()
    await context.resume()
    const sinkOf = () => (context as AudioContext & { sinkId: string }).sinkId
    const speaker = newSpeaker(context)
    const failures = [await speaker.choose({ id: 'of old', label: last?.label ?? '' })]
    const byName = sinkOf() === last?.deviceId
    failures.push(await speaker.choose({ id: 'gone', label: 'Gone' }))
    const byDefault = sinkOf()
    // A context pauses during the change and continues by itself.
    while (context.state !== 'running') await wait(5)
    await context.close()
    track.stop()
    return { failures, byName, byDefault }
  })
  expect(sinks).toEqual({ failures: [null, null], byName: true, byDefault: '' })
})

test('plays an answer from its first sound while the context resumes', async () => {
  const heard = await lab.page.evaluate(async () => {
    const { newSpeaker, loopbackCall, warmRecorder, samplesOf, wait } = window.audioLab
    const context = new AudioContext({ latencyHint: 'interactive' })
    await context.resume()
    const speaker = newSpeaker(context)
    const room = context.createMediaStreamDestination()
    speaker.answer.connect(room)
    const [track] = room.stream.getAudioTracks()
    if (track === undefined) throw new Error('There is no track.')
    const recorder = await warmRecorder(track)
    const call = await loopbackCall()
    speaker.play(call.stream)
    const voice = new AudioContext({ sampleRate: 48_000 })
    await voice.resume()

    /** A high first sound of 100 ms, and a low rest of 500 ms. */
    const answer = async (): Promise<void> => {
      const line = voice.createMediaStreamDestination()
      const [spoken] = line.stream.getAudioTracks()
      if (spoken === undefined) throw new Error('There is no track.')
      await call.send(spoken)
      const startAt = voice.currentTime + 0.02
      const tone = new OscillatorNode(voice, { frequency: 3_000 })
      tone.frequency.setValueAtTime(400, startAt + 0.1)
      tone.connect(new GainNode(voice, { gain: 0.3 })).connect(line)
      tone.start(startAt)
      tone.stop(startAt + 0.6)
      await new Promise<void>((resolve) => {
        tone.onended = () => resolve()
      })
      // The end of the tone is still on its way to the sender.
      await wait(200)
      await call.send(null)
    }
    /** Milliseconds of each pitch, by the zero crossings of every 10 ms. */
    const pitches = (samples: readonly number[]): { highMs: number; lowMs: number } => {
      let highMs = 0
      let lowMs = 0
      for (let from = 0; from + 240 <= samples.length; from += 240) {
        const window = samples.slice(from, from + 240)
        if (Math.max(...window) < 0.05 * 32_767) continue
        const crossings = window.filter(
          (value, at) => at > 0 && value >= 0 !== (window[at - 1] ?? 0) >= 0
        )
        if (crossings.length > 30) highMs += 10
        else lowMs += 10
      }
      return { highMs, lowMs }
    }
    const heard: { highMs: number; lowMs: number; packetsAtRest: number }[] = []
    for (let round = 0; round < 4; round++) {
      let packetsAtRest = 0
      if (round > 0) {
        await context.suspend()
        const before = await call.packets()
        await wait(1_000)
        packetsAtRest = (await call.packets()) - before
      }
      recorder.start(round)
      const answered = answer()
      await context.resume()
      speaker.dropQueuedAudio()
      await answered
      await wait(700)
      await recorder.stop(round)
      heard.push({ ...pitches(samplesOf(recorder, round) ?? []), packetsAtRest })
    }
    recorder.close()
    call.close()
    await Promise.all([context.close(), voice.close()])
    return heard
  })
  for (const { highMs, lowMs, packetsAtRest } of heard) {
    // No packet arrives at rest, as between two answers of the service.
    expect(packetsAtRest).toBe(0)
    // A window at the edge counts to neither, and on a busy machine the jitter buffer plays a steady tone faster to catch
    // up. The first sound must be there, and the rest must continue.
    expect(highMs).toBeGreaterThanOrEqual(70)
    expect(lowMs).toBeGreaterThanOrEqual(300)
  }
})
