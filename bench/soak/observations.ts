// What the driver in the page did and saw, as it is handed out of the page. All times are milliseconds since the epoch,
// on the clock of the page's events.

/** The screen from this moment on. */
export type ScreenObservation = {
  atMs: number
  state: string
  turn: number
  outcome: string
  failure: string
  /** Code of the hint that is shown; empty: none. */
  hint: string
}

export type ActionObservation = {
  act: number
  atMs: number
  /** `gone`: the window or the page went, which lets go of everything. `ask`: typed, or asked again. */
  kind: 'press' | 'release' | 'gone' | 'ask' | 'ask_again'
  source: string
  /** The turn on the screen before it, and once the screen had followed. */
  turnBefore: number
  turnAfter: number
}

/** Somebody held, or it was latched: sound may leave. */
export type HoldObservation = { fromMs: number; toMs: number }

/** Nobody held any more, and the screen said that it listens. */
export type StuckListening = {
  act: number
  turn: number
  lastReleaseAtMs: number
  seenAtMs: number
}

export type ScenarioObservation = {
  index: number
  name: string
  startedAtMs: number
  endedAtMs: number
  /** The turn that had no end within the limit; null: none. */
  unfinishedTurn: number | null
}

export type BatchObservation = {
  screens: ScreenObservation[]
  deeds: ActionObservation[]
  holds: HoldObservation[]
  stuck: StuckListening[]
  acts: ScenarioObservation[]
}
