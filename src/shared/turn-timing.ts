// How long a turn took as the person heard it: the moments of one turn on one clock. Kept for the last turns,
// one line each in the log.
import { z } from 'zod'

/**
 * Moments of a turn, in the order in which they happen on a good day:
 * `press` (or the text was sent) · `gate` the microphone sends · `firstPacket` left this machine · `release` ·
 * `commit` sent · `committed` confirmed · `responseCreated` the first of the turn · `toolCall` complete ·
 * `toolAnswered` by main · `outputSent` to the model · `audioStarted` by the model's word · `audible` first
 * sample of the answer above -45 dBFS at the speaker · `end` of the turn.
 */
export const TURN_MARKS = [
  'press',
  'gate',
  'firstPacket',
  'release',
  'commit',
  'committed',
  'responseCreated',
  'toolCall',
  'toolAnswered',
  'outputSent',
  'audioStarted',
  'audible',
  'end'
] as const
export type TurnMark = (typeof TURN_MARKS)[number]

/** An hour: nothing in a turn is longer, and a clock that jumped is not a latency. */
const LONGEST_MS = 3_600_000

export const turnTimingSchema = z.strictObject({
  turnId: z.int().min(1),
  /** Unix milliseconds of the press. */
  atMs: z.number().positive(),
  kind: z.enum(['spoken', 'typed']),
  /** What carried the call; null when there was none. */
  path: z.enum(['webrtc', 'websocket']).nullable(),
  /** `recorded`: the question was sent whole from its recording. */
  carrier: z.enum(['live', 'recorded']),
  outcome: z.enum(['answered', 'not_found', 'failed', 'cancelled', 'discarded']),
  /** How often the question was asked: 1, or more when a call was lost in between. */
  asks: z.int().min(0).max(20),
  /** From the release to the commit as it was meant: what is set, or less where nobody spoke any more. */
  tailMs: z.number().min(0),
  /** Milliseconds since the press. */
  marks: z.partialRecord(z.enum(TURN_MARKS), z.number().min(0).max(LONGEST_MS))
})
export type TurnTiming = z.infer<typeof turnTimingSchema>

/** Turns kept. */
export const TURN_TIMINGS_LIMIT = 500
