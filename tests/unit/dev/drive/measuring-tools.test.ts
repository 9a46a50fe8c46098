// Tests the tools that `npm run ask` measures with.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recording, writeMicrophoneFile } from '../../../../dev/drive/microphone-file.ts'
import { firstAbove, peakDb } from '../../../../dev/drive/recording-level.ts'
import { secretsIn } from '../../../../dev/drive/secret-scan.ts'
import { readWav, writeWav } from '../../../../dev/wav.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const folder = temporaryFolder()

const soundOf = (bytes: Buffer) => {
  const read = readWav(bytes)
  if (!read.ok) throw new Error(read.problem)
  return read.sound
}

describe('WAV files', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(
        fc.int16Array({ maxLength: 200 }),
        fc.constantFrom(8_000, 16_000, 22_050, 48_000),
        (samples, rateHz) => {
          expect(soundOf(writeWav({ samples, rateHz }))).toEqual({ samples, rateHz })
        }
      )
    )
  })

  it('are refused with a reason when broken, and never throw', () => {
    expect(readWav(Buffer.from('hello'))).toMatchObject({
      problem: expect.stringContaining('RIFF')
    })
    expect(readWav(Buffer.from('RIFF....WAVE'))).toMatchObject({ problem: 'no sound in the file' })
    const whole = writeWav({ samples: Int16Array.from([1, 2, 3]), rateHz: 16_000 })
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), (end, at, byte) => {
        const broken = Buffer.from(whole)
        broken[at] = byte
        expect(() => readWav(broken.subarray(0, end))).not.toThrow()
      })
    )
  })

  it('have two channels mixed to one', () => {
    const stereo = writeWav({ samples: Int16Array.from([100, 200, -50, 50]), rateHz: 8_000 })
    stereo.writeUInt16LE(2, 22)
    expect(soundOf(stereo).samples).toEqual(Int16Array.from([150, 0]))
  })

  it('measure in dB below full scale', () => {
    expect(peakDb(Int16Array.from([0, 16_384, -3_000]))).toBeCloseTo(-6.02, 2)
    expect(peakDb(new Int16Array(4))).toBe(-Infinity)
    expect(firstAbove(Int16Array.from([0, 33, 6_500]), -40)).toBe(2)
    expect(firstAbove(new Int16Array(4), -40)).toBe(-1)
  })
})

describe('writeMicrophoneFile', () => {
  it('puts silence around the speech and returns its position', () => {
    const rateHz = 16_000
    const samples = new Int16Array(rateHz)
    samples.fill(16_000, 4_000, 12_000)
    const file = writeMicrophoneFile(join(folder.path, 'mic.wav'), { samples, rateHz })
    const loop = soundOf(readFileSync(file.path)).samples

    expect(file.speechEndMs - file.speechStartMs).toBeCloseTo(500, 0)
    expect((firstAbove(loop, -40) / rateHz) * 1000).toBeCloseTo(file.speechStartMs, 0)
    expect((loop.length / rateHz) * 1000).toBeCloseTo(file.loopMs, 5)
  })

  it('refuses a silent recording and a missing file', () => {
    const silence = { samples: new Int16Array(16_000), rateHz: 16_000 }
    expect(() => writeMicrophoneFile(join(folder.path, 'none.wav'), silence)).toThrow('no sound')
    expect(() => recording(join(folder.path, 'missing.wav'))).toThrow('is not there')
  })
})

describe('secretsIn', () => {
  it.each([
    ['an ephemeral key', ['ek', 'abcDEF123456'].join('_')],
    ['a standard key', ['sk', 'proj', 'abc123def456'].join('-')],
    ['a publishable key', ['sb', 'publishable', 'abc123DEF456'].join('_')],
    ['a secret key', ['sb', 'secret', 'abc123DEF456'].join('_')],
    ['a token', ['eyJhbGciOiJFUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTYifQ', 'c2lnbmF0dXJl'].join('.')]
  ])('finds %s inside other text, once', (_, secret) => {
    expect(secretsIn(`{"a":"${secret}","b":"${secret}"}`)).toEqual([secret])
  })

  it('finds no secret in ordinary words', () => {
    expect(secretsIn('task-force desk-lamp ek_ sk- eyJ.a.b risk-averse-people')).toEqual([])
  })
})
