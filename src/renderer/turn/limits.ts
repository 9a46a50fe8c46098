// Every limit of a turn, each with its reason.

/** Pedals bounce and KVMs send release-press pairs: closer together than this is one hold. */
export const CHATTER_MS = 40

/** Shorter is a slip, not a question; the model refuses under 100 ms and invents words under about this. */
export const MIN_HOLD_MS = 250

/** A foot left on the pedal. 30 s was found to cut real speech; the warning leaves time to finish. */
export const MAX_HOLD_MS = { limit: 90_000, warning: 10_000 } as const

/** Searches the model may make for one question before it has to answer with what it has. */
export const MAX_SEARCHES = 3

/** How long the model may stay silent before the turn is given up (realtime-api.md §4). */
export const WATCHDOG_MS = {
  committed: 3_000,
  /** Without any event of the response, its search included. */
  response: 20_000,
  /** From the end of the response to its first sound: the audio is on its way by then. */
  audioStart: 3_000,
  /** From the end of the response to the end of its sound: the longest answer is about half of this. */
  audioStop: 60_000
} as const
