// Every limit of a turn, each with its reason.

/** Pedals bounce and KVMs send release-press pairs: closer together is one hold. */
export const CHATTER_MS = 40

/** A shorter hold is a slip: the model refuses under 100 ms and invents words under about this. */
export const MIN_HOLD_MS = 250

/**
 * From a tap's release to the next press. Systems allow up to 500 ms; a "too short" hint has to wait for this
 * long, so it is the shortest that a foot can do without hurry.
 */
export const DOUBLE_TAP_MS = 350

/** No finger or foot releases this soon: the pedal sent both by itself. */
export const PEDAL_TAP_MS = 25

/** Holds in a row within `PEDAL_TAP_MS` before the hint: one or two can be a bad contact. */
export const PEDAL_TAPS = 3

/** A foot left on the pedal. 30 s cut real speech; the warning leaves time to finish. */
export const MAX_HOLD_MS = { limit: 90_000, warning: 10_000 } as const

/** Searches per question before the model has to answer. */
export const MAX_SEARCHES = 3

/** Searches while a question is spoken. */
export const EARLY_SEARCH = {
  /** Not counted; with the counted one four for a question (a charge pays for five). */
  most: 3,
  /** "How long" finds nothing in particular. */
  leastWords: 2,
  /** One late transcript is a slow network; two in a row are the service's way. */
  mostLate: 2,
  /** Speech has gaps of up to 300 ms between its words; a longer one may be the end of the question. */
  stableMs: 350
} as const

/** Calls per question: two lost in a row are bad luck, three are a broken network. */
export const MAX_ASKS = 3

/**
 * Wait for a call before the offline copy answers. The copy takes a typed question at once; a spoken question
 * has no words before its first call.
 */
export const CALL_WAIT_MS = { typed: 4_000, spoken: 20_000 } as const

/** Silence of the model before the turn gives up. */
export const WATCHDOG_MS = {
  committed: 3_000,
  /** The longest hold is 4.3 MB, a third more as text, all sent before the commit. */
  committedRecording: 15_000,
  /**
   * From a request to its response: a round trip, a lost packet or two, and a second to cancel the previous
   * response. A call that does not begin to answer is replaced.
   */
  created: 6_000,
  /** Without any event of the response, its search (2.5 s) or its reasoning (2.3 s at high effort) included. */
  response: 7_000,
  /** From the end of the response to its first sound. */
  audioStart: 3_000,
  /** From the end of the response to the end of its sound: the longest answer is about half of this. */
  audioStop: 60_000,
  /** The offline copy is on this machine. */
  offline: 3_000
} as const
