// The state, the clock and the known facts, which the parts of the turn harness share.
import { initialTurnState, type TurnState } from '../../../../src/renderer/turn/turn-reducer.ts'

export type HarnessContext = {
  state: TurnState
  nowMs: number
  /** Whether there is a call, and how often one was lost. */
  isUp: boolean
  losses: number
  isHandsFree: boolean
  /** Locked or suspended. */
  isLocked: boolean
  /** The current step is the end of a tail. */
  isTailOver: boolean
}

export const newContext = (): HarnessContext => ({
  state: initialTurnState(200),
  nowMs: 0,
  isUp: false,
  losses: 0,
  isHandsFree: false,
  isLocked: false,
  isTailOver: false
})

/** Quick enough for millions of checks. */
export const holds = (isTrue: boolean, rule: string): void => {
  if (!isTrue) throw new Error(`broken: ${rule}`)
}
