// The player's buffer, sample by sample.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createPlayerBuffer,
  INITIAL_BUFFER_TARGET_MS,
  MAX_BUFFER_TARGET_MS,
  PLAYER_RATE_HZ,
  type PlayerReport,
  PROGRESS_MS
} from '../../../../src/renderer/audio/player-buffer.ts'

const BLOCK = 128
const samplesOf = (ms: number) => (ms * PLAYER_RATE_HZ) / 1000

const start = () => {
  const reports: PlayerReport[] = []
  const buffer = createPlayerBuffer((report) => reports.push(report))
  const played: number[] = []
  /** Renders `blocks` blocks and returns the number of their sound samples. */
  const render = (blocks: number): number => {
    let sounding = 0
    for (let block = 0; block < blocks; block++) {
      const output = new Float32Array(BLOCK).fill(9)
      buffer.render(output)
      for (const sample of output) {
        const value = Math.round(sample * 32_768)
        if (value === 0) continue
        played.push(value)
        sounding += 1
      }
    }
    return sounding
  }
  const push = (segment: number, samples: Int16Array<ArrayBuffer>) =>
    buffer.order({ kind: 'push', segment, samples })
  const end = (segment: number) => buffer.order({ kind: 'end', segment })
  const flush = () => {
    buffer.order({ kind: 'flush', flush: 7 })
    return reports.at(-1)
  }
  const kinds = () => reports.map(({ kind }) => kind).filter((kind) => kind !== 'progress')
  const progress = () =>
    reports.flatMap((report) => (report.kind === 'progress' ? [report] : [])).at(-1)
  return { push, end, flush, render, reports, played, kinds, progress }
}

/** Distinct samples, none of them silent. */
const sound = (count: number, from = 1) =>
  new Int16Array(Array.from({ length: count }, (_, index) => ((from + index - 1) % 32_000) + 1))

const blocksOf = (samples: number) => Math.ceil(samples / BLOCK)

describe('an answer', () => {
  it('begins at the target, and not a sample earlier', () => {
    const player = start()
    player.push(1, sound(samplesOf(INITIAL_BUFFER_TARGET_MS) - 1))
    expect(player.render(20)).toBe(0)
    expect(player.reports).toEqual([])
    player.push(1, sound(1))
    expect(player.render(1)).toBe(BLOCK)
    expect(player.reports).toEqual([{ kind: 'started', segment: 1 }])
  })

  it('begins a shorter answer when it is complete', () => {
    const player = start()
    player.push(1, sound(100))
    player.render(5)
    player.end(1)
    expect(player.render(1)).toBe(100)
    expect(player.kinds()).toEqual(['started', 'drained'])
  })

  it('reports the end with the last sample, once', () => {
    const player = start()
    player.push(1, sound(BLOCK * 30))
    player.end(1)
    player.render(29)
    expect(player.kinds()).toEqual(['started'])
    player.render(10)
    expect(player.kinds()).toEqual(['started', 'drained'])
  })

  it('follows the previous answer without a gap', () => {
    const player = start()
    player.push(1, sound(BLOCK * 25 + 40))
    player.end(1)
    player.push(2, sound(BLOCK * 25, 40_000))
    player.end(2)
    expect(player.render(50)).toBe(BLOCK * 50)
    player.render(1)
    expect(player.reports.filter(({ kind }) => kind !== 'progress')).toEqual([
      { kind: 'started', segment: 1 },
      { kind: 'drained', segment: 1 },
      { kind: 'started', segment: 2 },
      { kind: 'drained', segment: 2 }
    ])
  })

  it('waits for the target again after a pause', () => {
    const player = start()
    player.push(1, sound(100))
    player.end(1)
    player.render(1)
    player.push(2, sound(100))
    expect(player.render(10)).toBe(0)
  })
})

it('plays every sample once and in order, also after underruns', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.record({ push: fc.integer({ min: 0, max: 5_000 }) }),
          fc.record({ render: fc.integer({ min: 1, max: 60 }) }),
          fc.record({ next: fc.constant(true) })
        ),
        { maxLength: 40 }
      ),
      (steps) => {
        const player = start()
        let segment = 1
        let pushed = 0
        for (const step of steps) {
          if ('push' in step) {
            player.push(segment, sound(step.push, pushed + 1))
            pushed += step.push
          } else if ('render' in step) player.render(step.render)
          else {
            player.end(segment)
            segment += 1
          }
        }
        player.end(segment)
        player.render(blocksOf(pushed) + 2)
        expect(player.played).toEqual([...sound(pushed)])
        const drained = player.reports.flatMap((report) =>
          report.kind === 'drained' ? [report.segment] : []
        )
        expect(drained).toEqual(Array.from({ length: segment }, (_, index) => index + 1))
      }
    ),
    { numRuns: 300 }
  )
})

describe('an underrun', () => {
  it('is counted, and doubles the next target up to a limit', () => {
    const player = start()
    for (const targetMs of [
      INITIAL_BUFFER_TARGET_MS,
      200,
      400,
      MAX_BUFFER_TARGET_MS,
      MAX_BUFFER_TARGET_MS
    ]) {
      player.push(1, sound(samplesOf(targetMs) - 1))
      expect(player.render(5), `${targetMs} ms`).toBe(0)
      player.push(1, sound(1))
      expect(player.render(200)).toBe(samplesOf(targetMs))
    }
    expect(player.progress()?.underruns).toBeGreaterThanOrEqual(4)
  })

  it('is not counted at the end of a complete answer', () => {
    const player = start()
    player.push(1, sound(samplesOf(1_000)))
    player.end(1)
    player.render(300)
    expect(player.progress()).toMatchObject({ underruns: 0 })
  })
})

describe('progress', () => {
  it('is reported during sound only', () => {
    const player = start()
    player.push(1, sound(samplesOf(1_000)))
    player.render(blocksOf(samplesOf(1_000)))
    const told = player.reports.filter(({ kind }) => kind === 'progress').length
    expect(told).toBeGreaterThanOrEqual(1_000 / PROGRESS_MS - 2)
    player.render(2_000)
    expect(player.reports.filter(({ kind }) => kind === 'progress').length - told).toBeLessThan(2)
  })
})

describe('a flush', () => {
  it('silences the next block and reports the played samples', () => {
    const player = start()
    player.push(1, sound(samplesOf(500)))
    player.push(2, sound(samplesOf(500)))
    player.render(10)
    expect(player.flush()).toEqual({
      kind: 'flushed',
      flush: 7,
      cuts: [
        { segment: 1, playedSamples: 10 * BLOCK },
        { segment: 2, playedSamples: 0 }
      ]
    })
    expect(player.render(10)).toBe(0)
  })

  it('does not report a completed answer', () => {
    const player = start()
    player.push(1, sound(samplesOf(200)))
    player.end(1)
    player.render(100)
    expect(player.flush()).toMatchObject({ cuts: [] })
  })

  it('starts the next answer at the target', () => {
    const player = start()
    player.push(1, sound(samplesOf(500)))
    player.render(10)
    player.flush()
    player.push(2, sound(samplesOf(INITIAL_BUFFER_TARGET_MS) - 1))
    expect(player.render(10)).toBe(0)
    player.push(2, sound(1))
    expect(player.render(1)).toBe(BLOCK)
  })
})
