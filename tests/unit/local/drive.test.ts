// The measuring tools themselves: what they would miss, `npm run ask` would miss.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { writeMicrophoneFile } from '../../../local/drive/microphone-file.ts'
import { secretsIn } from '../../../local/drive/secrets.ts'
import { firstAbove, peakDb, readWav, writeWav } from '../../../local/drive/wav.ts'

const folder = mkdtempSync(join(tmpdir(), 'heard-drive-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('WAV files', () => {
  it('come back as they were written, to within half a step of 16 bits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { maxLength: 200 }),
        fc.constantFrom(8_000, 16_000, 22_050, 48_000),
        (values, sampleRate) => {
          const samples = Float32Array.from(values)
          const back = readWav(writeWav({ samples, sampleRate }))
          expect(back.sampleRate).toBe(sampleRate)
          expect(back.samples).toHaveLength(samples.length)
          back.samples.forEach((sample, i) => {
            expect(Math.abs(sample - (samples[i] ?? 0))).toBeLessThan(1 / 16_000)
          })
        }
      )
    )
  })

  it('that are none are refused with what is wrong', () => {
    expect(() => readWav(Buffer.from('hello'))).toThrow('RIFF')
    expect(() => readWav(Buffer.from('RIFF....WAVE'))).toThrow('no sound')
  })

  it('are measured in dB below full scale', () => {
    expect(peakDb(new Float32Array([0, 0.5, -0.1]))).toBeCloseTo(-6.02, 2)
    expect(peakDb(new Float32Array(4))).toBe(-Infinity)
    expect(firstAbove(new Float32Array([0, 0.001, 0.2]), -40)).toBe(2)
    expect(firstAbove(new Float32Array(4), -40)).toBe(-1)
  })
})

describe("the microphone's loop", () => {
  it('puts silence before and after the speech and says where it is', () => {
    const sampleRate = 16_000
    const samples = new Float32Array(sampleRate)
    samples.fill(0.5, 4_000, 12_000)
    const file = writeMicrophoneFile(join(folder, 'mic.wav'), { samples, sampleRate })
    const { samples: loop } = readWav(readFileSync(file.path))

    expect(file.speechEndMs - file.speechStartMs).toBeCloseTo(500, 0)
    expect((firstAbove(loop, -40) / sampleRate) * 1000).toBeCloseTo(file.speechStartMs, 0)
    expect((loop.length / sampleRate) * 1000).toBeCloseTo(file.loopMs, 5)
  })

  it('refuses a recording with nothing in it', () => {
    const silence = { samples: new Float32Array(16_000), sampleRate: 16_000 }
    expect(() => writeMicrophoneFile(join(folder, 'none.wav'), silence)).toThrow('no sound')
  })
})

describe('the search for secrets', () => {
  it.each([
    ['an ephemeral key', ['ek', 'abcDEF123456'].join('_')],
    ['a standard key', ['sk', 'proj', 'abc123def456'].join('-')],
    ['a publishable key', ['sb', 'publishable', 'abc123DEF456'].join('_')],
    ['a secret key', ['sb', 'secret', 'abc123DEF456'].join('_')],
    ['a token', ['eyJhbGciOiJFUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTYifQ', 'c2lnbmF0dXJl'].join('.')]
  ])('finds %s inside other text, once', (_, secret) => {
    expect(secretsIn(`{"a":"${secret}","b":"${secret}"}`)).toEqual([secret])
  })

  it('takes no ordinary word for one', () => {
    expect(secretsIn('task-force desk-lamp ek_ sk- eyJ.a.b risk-averse-people')).toEqual([])
  })
})
