// The microphone test and the level meter.
import { afterEach, expect, test, vi } from 'vitest'
import { createMeter, meterLevel } from '../../../../src/renderer/audio/level-meter.ts'
import {
  FLOOR_DB,
  LISTEN_MS,
  microphoneVerdict,
  rmsDbfs,
  runMicrophoneTest,
  WINDOW_MS
} from '../../../../src/renderer/audio/microphone-test.ts'

afterEach(() => vi.unstubAllGlobals())

const level = (db: number) => new Float32Array(4_800).fill(10 ** (db / 20))

test('measures the mean level, and gives digital silence a number', () => {
  expect(rmsDbfs(level(-30))).toBeCloseTo(-30)
  expect(rmsDbfs(new Float32Array(100))).toBe(FLOOR_DB)
  expect(rmsDbfs(new Float32Array(0))).toBe(FLOOR_DB)
})

test.each([
  ['heard', [-80, -80, -31, -28, -35, -80], -28],
  ['too_quiet', [-80, -58, -52, -57, -52], -52],
  // A knock on the table is loud and short.
  ['too_quiet', [-80, -80, -12, -60, -80], -12],
  ['silent', [-90, -88, -91], -88],
  ['silent', [], FLOOR_DB]
] as const)('is %s when the tenths of a second are %j', (verdict, levelsDb, peakDb) => {
  expect(microphoneVerdict(levelsDb)).toEqual({ verdict, peakDb })
})

test('ends at once without a microphone', async () => {
  const verdict = await runMicrophoneTest({
    context: {} as AudioContext,
    track: null,
    schedule: () => () => {},
    signal: new AbortController().signal
  })
  expect(verdict).toEqual({ verdict: 'silent', peakDb: FLOOR_DB })
})

/** A Web Audio that passes one level on. */
const fakeContext = (levelsDb: () => number) => {
  const connected = new Set<string>()
  const context = {
    state: 'running',
    sampleRate: 48_000,
    createAnalyser: () => ({
      fftSize: 0,
      getFloatTimeDomainData: (samples: Float32Array) => samples.fill(10 ** (levelsDb() / 20))
    }),
    createMediaStreamSource: (stream: { label: string }) => ({
      connect: () => connected.add(stream.label),
      disconnect: () => connected.delete(stream.label)
    })
  }
  return { context: context as unknown as AudioContext, connected }
}
class FakeStream {
  readonly label: string
  constructor([track]: { label: string }[]) {
    this.label = track?.label ?? ''
  }
}
const track = (label: string) => ({ label }) as unknown as MediaStreamTrack

test('listens for four seconds, and releases the microphone', async () => {
  vi.stubGlobal('MediaStream', FakeStream)
  const waits: { run: () => void; ms: number }[] = []
  const { context, connected } = fakeContext(() => (waits.length > 10 ? -30 : -80))
  const verdict = runMicrophoneTest({
    context,
    track: track('ungated'),
    schedule: (run, ms) => {
      waits.push({ run, ms })
      return () => {}
    },
    signal: new AbortController().signal
  })
  expect([...connected]).toEqual(['ungated'])
  for (let at = 0; at < waits.length; at++) waits[at]?.run()
  const { verdict: word, peakDb } = await verdict
  expect(word).toBe('heard')
  expect(peakDb).toBeCloseTo(-30)
  expect(waits.map(({ ms }) => ms)).toEqual(Array(LISTEN_MS / WINDOW_MS).fill(WINDOW_MS))
  expect(connected.size).toBe(0)
})

test('ends with the levels so far on a press', async () => {
  vi.stubGlobal('MediaStream', FakeStream)
  let isWaiting = false
  const { context, connected } = fakeContext(() => -30)
  const press = new AbortController()
  const verdict = runMicrophoneTest({
    context,
    track: track('ungated'),
    schedule: () => {
      isWaiting = true
      return () => {
        isWaiting = false
      }
    },
    signal: press.signal
  })
  press.abort()
  expect(await verdict).toEqual({ verdict: 'silent', peakDb: FLOOR_DB })
  expect(isWaiting).toBe(false)
  expect(connected.size).toBe(0)
})

test('meters the microphone behind the closed gate during a test only', () => {
  vi.stubGlobal('MediaStream', FakeStream)
  const frames: (() => void)[] = []
  const { context, connected } = fakeContext(() => -30)
  const meter = createMeter(
    context,
    { connect: () => {} } as unknown as AudioNode,
    (run) => frames.push(run),
    () => {}
  )
  const levels: number[] = []
  meter.onLevel((now) => levels.push(now))
  meter.setMicrophone(track('metered'), track('ungated'))
  meter.watch('microphone')
  expect([...connected]).toEqual(['metered'])
  meter.watch('microphone_test')
  expect([...connected].toSorted()).toEqual(['metered', 'ungated'])
  frames.at(-1)?.()
  expect(levels.at(-1)).toBeCloseTo(meterLevel(level(-30)))
  // Another microphone during the test.
  meter.setMicrophone(track('metered 2'), track('ungated 2'))
  expect([...connected].toSorted()).toEqual(['metered 2', 'ungated 2'])
  meter.watch('none')
  expect([...connected]).toEqual(['metered 2'])
  expect(levels.at(-1)).toBe(0)
})
