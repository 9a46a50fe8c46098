// The records of the driver in the page. All times are milliseconds since the epoch, on the clock of the page's events.

export type ScreenObservation = {
  atMs: number
  state: string
  turn: number
  outcome: string
  failure: string
  /** The code of the shown hint; empty: none. */
  hint: string
  /** Sections below the answer. */
  citations: number
}

export type ActionObservation = {
  scenario: number
  atMs: number
  /** `gone`: the window lost the focus or the page was hidden. `ask`: a typed question. */
  kind: 'press' | 'release' | 'gone' | 'ask' | 'ask_again'
  source: string
  /** The turn on the screen before the action, and after the screen has followed. */
  turnBefore: number
  turnAfter: number
}

/** A person holds, or the hold is latched: sound may leave. */
export type HoldObservation = { fromMs: number; toMs: number }

/** The screen still listens after the hold. */
type StuckListening = {
  scenario: number
  turn: number
  lastReleaseAtMs: number
  seenAtMs: number
}

type ScenarioObservation = {
  index: number
  name: string
  startedAtMs: number
  endedAtMs: number
  /** The turn without an end within the limit; null: none. */
  unfinishedTurn: number | null
}

export type BatchObservation = {
  screens: ScreenObservation[]
  actions: ActionObservation[]
  holds: HoldObservation[]
  stuck: StuckListening[]
  scenarios: ScenarioObservation[]
}
