// Whether sound reached the model while nobody held: the model's own word against the driver's. Pure.
import type { HoldSeen } from './seen.ts'

/** The latest packet with sound that a call has taken, on the wall clock. */
export type SoundHeard = { callId: string; atMs: number }

/** Clocks of two processes, and the moment between an event and its being noted. */
const EARLY_MS = 100

/** Sound that arrived later than `graceMs` after every hold that it could belong to. */
export const soundOutside = (
  heard: readonly SoundHeard[],
  holds: readonly HoldSeen[],
  graceMs: number
): SoundHeard[] =>
  heard.filter(
    ({ atMs }) =>
      !holds.some(({ fromMs, toMs }) => atMs >= fromMs - EARLY_MS && atMs <= toMs + graceMs)
  )
