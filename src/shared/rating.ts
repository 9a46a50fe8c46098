// A thumb for an answer, as it travels from the screen over the contract to the backend.
import { z } from 'zod'

/** From the release of the button to the first sound, in milliseconds; longer is no answer but a clock that jumped. */
export const TIME_TO_FIRST_AUDIO_LIMIT_MS = 600_000

export const thumbSchema = z.enum(['up', 'down'])
export type Thumb = z.infer<typeof thumbSchema>

export const ratingSchema = z.strictObject({
  /** The one that the question was searched under. */
  questionId: z.uuid(),
  rating: thumbSchema,
  /** Absent where it was not measured: a typed question, or an answer that was not heard. */
  timeToFirstAudioMs: z.int().min(0).max(TIME_TO_FIRST_AUDIO_LIMIT_MS).optional()
})
export type Rating = z.infer<typeof ratingSchema>
