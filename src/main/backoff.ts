// Exponential backoff between attempts.

export type Backoff = { first: number; longest: number }

/** For requests to the backend or the model that failed in passing. */
export const REQUEST_BACKOFF_MS: Backoff = { first: 2_000, longest: 60_000 }

/** @param failures attempts that failed in a row before this one, from 0 */
export const backoffMs = (failures: number, { first, longest }: Backoff): number =>
  Math.min(first * 2 ** failures, longest)
