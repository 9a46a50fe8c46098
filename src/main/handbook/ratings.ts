// Thumbs on their way to the backend. One that cannot be sent now is kept in memory and goes out with the next success;
// the last thumb for a question is the one that counts.
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { Rating } from '../../shared/rating.ts'
import type { KioskAccount } from '../account/account.ts'
import type { Log } from '../log.ts'
import { type RatingRequestPorts, sendRating } from './rating-request.ts'

/** A shift of a busy kitchen without a network. */
export const KEPT_RATINGS = 200

export type RatingPorts = RatingRequestPorts & {
  account: Pick<KioskAccount, 'current' | 'accessToken' | 'renewedToken'>
  log: Log
}

export type Ratings = {
  /**
   * Rates an answer of the restaurant in use.
   * @returns `isSent` false when it is kept for later; `not_signed_in`, `not_a_member`, `backend_failed` when it
   *   is refused, and not tried again
   */
  rate(rating: Rating): Promise<Result<{ isSent: boolean }>>
  /** The backend has just answered, or may again: what is kept is tried. */
  sendKept(): void
  /** What is still kept is lost from here on, with a line in the log. */
  stop(): void
}

type Kept = Rating & { groupId: string }

export const createRatings = (ports: RatingPorts): Ratings => {
  const { log } = ports
  /** By question, the oldest first. */
  const kept = new Map<string, Kept>()
  let tail: Promise<unknown> = Promise.resolve()
  /** One at a time: a thumb that was changed must not arrive before the one that it replaces. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(work)
    tail = done.catch((error: unknown) => log.error('ratings.failed', { error }))
    return done
  }

  const deliver = async (rating: Kept): Promise<Result<{ isSent: boolean }>> => {
    const { questionId, groupId } = rating
    // Another thumb for the same question has come since, and goes in its place.
    if (kept.get(questionId) !== rating) return ok({ isSent: false })
    const result = await sendRating(ports, groupId, rating)
    if (!result.ok && result.error.code === 'backend_unreachable') return ok({ isSent: false })
    if (kept.get(questionId) === rating) kept.delete(questionId)
    if (!result.ok) {
      log.warn('rating.refused', { code: result.error.code, message: result.error.message })
      return result
    }
    log.info('rating.sent', { rating: rating.rating, kept: kept.size })
    return ok({ isSent: true })
  }

  const sendAll = async (): Promise<void> => {
    for (const rating of [...kept.values()]) {
      const result = await deliver(rating)
      // No network for one is none for the others.
      if (result.ok && !result.value.isSent && kept.get(rating.questionId) === rating) return
    }
  }
  const sendKept = (): void => {
    if (kept.size > 0) void inTurn(sendAll)
  }

  return {
    rate: async (rating) => {
      const account = ports.account.current()
      if (account.status !== 'signed_in') return failed('not_signed_in', 'Nobody is signed in.')
      if (account.group === null) return failed('not_a_member', 'The account has no restaurant.')
      const { questionId } = rating
      const one: Kept = { ...rating, groupId: account.group.id }
      kept.delete(questionId)
      kept.set(questionId, one)
      const [oldest] = kept.keys()
      if (kept.size > KEPT_RATINGS && oldest !== undefined) {
        kept.delete(oldest)
        log.warn('rating.dropped', { kept: kept.size })
      }
      const result = await inTurn(() => deliver(one))
      if (result.ok && result.value.isSent) sendKept()
      return result
    },
    sendKept,
    stop: () => {
      if (kept.size > 0) log.warn('ratings.lost', { count: kept.size })
      kept.clear()
    }
  }
}
