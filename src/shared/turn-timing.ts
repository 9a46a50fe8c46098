// The timing of one turn: its moments on one clock.
import { z } from 'zod'
import { turnCountsSchema } from './turn-cost.ts'

/**
 * Moments of a turn, in their usual order:
 * `press` (or the text was sent) · `gate` the microphone sends · `firstPacket` left this machine · `release` ·
 * `commit` sent · `committed` confirmed · `transcribed` the whole question · `responseCreated` the first of the turn ·
 * `toolCall` complete · `toolAnswered` by main · `outputSent` to the model · `audioStarted` event of the model · `audible` first
 * sample of the answer above -45 dBFS at the speaker · `end` of the turn.
 */
export const TURN_MARKS = [
  'press',
  'gate',
  'firstPacket',
  'release',
  'commit',
  'committed',
  'transcribed',
  'responseCreated',
  'toolCall',
  'toolAnswered',
  'outputSent',
  'audioStarted',
  'audible',
  'end'
] as const
export type TurnMark = (typeof TURN_MARKS)[number]

/** A longer time is a clock that jumped. */
const LONGEST_MS = 3_600_000

export const turnTimingSchema = z.strictObject({
  turnId: z.int().min(1),
  /** The id of the turn's search, also where it made none. */
  questionId: z.uuid(),
  /** Unix milliseconds of the press. */
  atMs: z.number().positive(),
  kind: z.enum(['spoken', 'typed']),
  /** Transport of the call; null without a call. */
  path: z.enum(['webrtc', 'websocket']).nullable(),
  /** The service's id of the call; null without a call. */
  callId: z.string().min(1).max(200).nullable(),
  /** `recorded`: a recorded hold. */
  carrier: z.enum(['live', 'recorded']),
  outcome: z.enum(['answered', 'not_found', 'failed', 'cancelled', 'discarded']),
  /** Times that the question was sent: more than 1 when a call was lost in between. */
  asks: z.int().min(0).max(20),
  /** Responses of the model up to the answer: one where the passages were there at the commit. */
  passes: z.int().min(0).max(20),
  /** Planned tail: the setting, or less after silence. */
  tailMs: z.number().min(0),
  /** Milliseconds since the press. */
  marks: z.partialRecord(z.enum(TURN_MARKS), z.number().min(0).max(LONGEST_MS))
})
export type TurnTiming = z.infer<typeof turnTimingSchema>

/** A turn as main keeps it, with what it cost until now; null where nothing was reported. */
export const keptTurnSchema = turnTimingSchema.extend({ cost: turnCountsSchema.nullable() })
export type KeptTurn = z.infer<typeof keptTurnSchema>

export const TURN_TIMINGS_LIMIT = 500
