// Limits how long a piece of work may take.
import type { Clock } from './clock.ts'

/**
 * Resolves with the result of `work`, or with `late` after `deadlineMs`. The deadline aborts `signal`, and also ends
 * work that cannot be aborted, such as a token refresh.
 */
export const withDeadline = async <T>(
  clock: Clock,
  deadlineMs: number,
  work: (signal: AbortSignal) => Promise<T>
): Promise<T | 'late'> => {
  const stop = new AbortController()
  const late = Promise.withResolvers<'late'>()
  const cancel = clock.after(deadlineMs, () => {
    late.resolve('late')
    stop.abort()
  })
  try {
    return await Promise.race([work(stop.signal), late.promise])
  } finally {
    cancel()
  }
}
