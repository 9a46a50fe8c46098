// Whether sound reached the model while nobody held: the model's own word against the driver's. Pure.
import type { HoldObservation } from './observations.ts'

/** The latest packet with sound that a call has taken, on the wall clock. */
export type AudioArrival = { callId: string; atMs: number }

/** Clocks of two processes, and the moment between an event and its being noted. */
const EARLY_MS = 100

/** Sound that arrived later than `graceMs` after every hold that it could belong to. */
export const audioOutsideHolds = (
  heard: readonly AudioArrival[],
  holds: readonly HoldObservation[],
  graceMs: number
): AudioArrival[] =>
  heard.filter(
    ({ atMs }) =>
      !holds.some(({ fromMs, toMs }) => atMs >= fromMs - EARLY_MS && atMs <= toMs + graceMs)
  )
