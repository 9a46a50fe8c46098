// What every part of the voice bench is given and gives back.
import type { Row } from './report-rows.ts'

export type BenchResult = {
  rows: Row[]
  /** What one has to know to read them. */
  notes: string[]
}

/** Says how far a long work is, every so many steps. */
export type Progress = (text: string) => void

/** From `min` up to `max`, always the same ones in a run: no press in step with the packets of a sound. */
export const createSeededDelays = (seed: number) => {
  let state = seed
  return (min: number, max: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return min + (state / 2_147_483_648) * (max - min)
  }
}
