// Every limit of a turn, each with its reason.

/** Pedals bounce and KVMs send release-press pairs: closer together than this is one hold. */
export const CHATTER_MS = 40

/** Shorter is a slip, not a question; the model refuses under 100 ms and invents words under about this. */
export const MIN_HOLD_MS = 250

/**
 * From the release of a tap to the press of the next one. Systems call up to 500 ms a double click; a hint about a
 * tap that was too short has to wait for this long, so it is the shortest that a foot can do without hurry.
 */
export const DOUBLE_TAP_MS = 350

/** No finger and no foot is up again so soon after it went down: the pedal sent both by itself. */
export const PEDAL_TAP_MS = 25

/** Holds in a row that ended within `PEDAL_TAP_MS` before it is said: one or two can be a bad contact. */
export const PEDAL_TAPS = 3

/** A foot left on the pedal. 30 s was found to cut real speech; the warning leaves time to finish. */
export const MAX_HOLD_MS = { limit: 90_000, warning: 10_000 } as const

/** Searches the model may make for one question before it has to answer with what it has. */
export const MAX_SEARCHES = 3

/** Calls that one question is asked on: two lost in a row are bad luck, three are a network without a call. */
export const MAX_ASKS = 3

/**
 * How long a question waits for a call before the copy of the handbook is asked. A typed one can be looked up
 * there at once; the words of a spoken one are not known before there was a call.
 */
export const CALL_WAIT_MS = { typed: 4_000, spoken: 20_000 } as const

/** How long the model may stay silent before the turn is given up. */
export const WATCHDOG_MS = {
  committed: 3_000,
  /** The longest hold is 4.3 MB, and as text a third more, to be sent before it can be committed. */
  committedRecording: 15_000,
  /**
   * From a request to its response: a round trip, a lost packet or two, and a second for the one before it to be
   * cancelled. A call that does not even begin to answer is silent, and the question is asked on another.
   */
  created: 6_000,
  /** Without any event of the response, its search included. */
  response: 20_000,
  /** From the end of the response to its first sound: the audio is on its way by then. */
  audioStart: 3_000,
  /** From the end of the response to the end of its sound: the longest answer is about half of this. */
  audioStop: 60_000,
  /** The copy of the handbook is on this machine. */
  offline: 3_000
} as const
