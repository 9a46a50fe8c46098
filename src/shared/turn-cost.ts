// What a turn cost: the tokens of its responses by kind, and its transcribed seconds. The backend knows the prices.
import { z } from 'zod'

/** The backend refuses more. A turn takes some ten thousand. */
const TOKEN_LIMIT = 10_000_000
const count = z.int().min(0).max(TOKEN_LIMIT)

export const turnCountsSchema = z.strictObject({
  /** Includes the cached ones. */
  textInput: count,
  textCached: count,
  textOutput: count,
  /** Includes the cached ones. */
  audioInput: count,
  audioCached: count,
  audioOutput: count,
  transcriptionSeconds: count
})
export type TurnCounts = z.infer<typeof turnCountsSchema>

export const NO_COUNTS: TurnCounts = {
  textInput: 0,
  textCached: 0,
  textOutput: 0,
  audioInput: 0,
  audioCached: 0,
  audioOutput: 0,
  transcriptionSeconds: 0
}

/** Of the whole turn until now. */
export const turnCostSchema = turnCountsSchema.extend({
  /** The id of the turn's search, also where it made none. */
  questionId: z.uuid()
})
export type TurnCost = z.infer<typeof turnCostSchema>
