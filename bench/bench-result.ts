import { seededRandom } from '../dev/openai/seeded-random.ts'
import type { Row } from './report-rows.ts'

export type BenchResult = {
  rows: Row[]
  /** How to read the rows. */
  notes: string[]
}

export type Progress = (text: string) => void

/** Random delays from `min` to `max` keep presses out of step with the audio packets. */
export const createSeededDelays = (seed: number) => {
  const random = seededRandom(seed)
  return (min: number, max: number): number => min + random() * (max - min)
}
