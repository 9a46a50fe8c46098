// Finds sound that reached the stand-in outside the holds of the driver. Pure.
import type { HoldObservation } from './observations.ts'

/** The latest packet with sound of a call, on the wall clock. */
export type AudioArrival = {
  callId: string
  atMs: number
  /** The most that the stand-in's own event loop was late by then. */
  lagMs: number
}

/** Two clocks, and the delay between an event and its record. */
const EARLY_MS = 100

/** @param graceMs after a hold, in which sound may still arrive */
export const audioOutsideHolds = (
  heard: readonly AudioArrival[],
  holds: readonly HoldObservation[],
  graceMs: number
): AudioArrival[] =>
  heard.filter(
    ({ atMs, lagMs }) =>
      !holds.some(({ fromMs, toMs }) => atMs >= fromMs - EARLY_MS && atMs - lagMs <= toMs + graceMs)
  )
