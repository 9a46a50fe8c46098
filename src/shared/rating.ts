// A rating of an answer, as the screen, the contract and the backend exchange it.
import { z } from 'zod'

/** From the release to the first audio; a longer time is a clock that jumped. */
export const TIME_TO_FIRST_AUDIO_LIMIT_MS = 600_000

const thumbSchema = z.enum(['up', 'down'])
export type Thumb = z.infer<typeof thumbSchema>

export const ratingSchema = z.strictObject({
  /** Id of the search. */
  questionId: z.uuid(),
  rating: thumbSchema,
  /** Absent for a typed question or an answer without audio. */
  timeToFirstAudioMs: z.int().min(0).max(TIME_TO_FIRST_AUDIO_LIMIT_MS).optional()
})
export type Rating = z.infer<typeof ratingSchema>
