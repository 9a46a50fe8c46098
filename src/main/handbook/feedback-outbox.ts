// What is said to the backend of questions that were asked, on its way there. What cannot be sent now is kept in memory and
// goes out with the next success; of a question the last word is the one that counts.
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { KioskAccount } from '../account/account.ts'
import type { Log } from '../log.ts'

/** A shift of a busy kitchen without a network. */
export const OUTBOX_LIMIT = 200

export type FeedbackOutboxPorts<S extends { questionId: string }> = {
  account: Pick<KioskAccount, 'current'>
  log: Log
  /** Names of the log's lines: `rating.sent`, `ratings.lost`. */
  one: string
  many: string
  /** Said twice it is said once. `backend_unreachable` when it may be sent again later. */
  send: (groupId: string, saying: S) => Promise<Result<object>>
  /** Of the line that says that it was sent; no words of anybody's. */
  detailOf: (saying: S) => Record<string, string | number>
}

export type FeedbackOutbox<S> = {
  /**
   * Says it of a question of the restaurant in use.
   * @returns `isSent` false when it is kept for later; `not_signed_in`, `not_a_member`, `backend_failed` when it
   *   is refused, and not tried again
   */
  enqueue(saying: S): Promise<Result<{ isSent: boolean }>>
  /** The backend has just answered, or may again: what is kept is tried. */
  flushOutbox(): void
  /** What is still kept is lost from here on, with a line in the log. */
  stop(): void
}

type OutboxEntry<S> = { saying: S; groupId: string }

export const createFeedbackOutbox = <S extends { questionId: string }>(
  ports: FeedbackOutboxPorts<S>
): FeedbackOutbox<S> => {
  const { log, one: name, many } = ports
  /** By question, the oldest first. */
  const kept = new Map<string, OutboxEntry<S>>()
  let tail: Promise<unknown> = Promise.resolve()
  /** One at a time: what was changed must not arrive before what it replaces. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(work)
    tail = done.catch((error: unknown) => log.error(`${many}.failed`, { error }))
    return done
  }

  const deliver = async (one: OutboxEntry<S>): Promise<Result<{ isSent: boolean }>> => {
    const { questionId } = one.saying
    // Another word for the same question has come since, and goes in its place.
    if (kept.get(questionId) !== one) return ok({ isSent: false })
    const result = await ports.send(one.groupId, one.saying)
    if (!result.ok && result.error.code === 'backend_unreachable') return ok({ isSent: false })
    if (kept.get(questionId) === one) kept.delete(questionId)
    if (!result.ok) {
      log.warn(`${name}.refused`, { code: result.error.code, message: result.error.message })
      return result
    }
    log.info(`${name}.sent`, { ...ports.detailOf(one.saying), kept: kept.size })
    return ok({ isSent: true })
  }

  const sendAll = async (): Promise<void> => {
    for (const one of [...kept.values()]) {
      const result = await deliver(one)
      // No network for one is none for the others.
      if (result.ok && !result.value.isSent && kept.get(one.saying.questionId) === one) return
    }
  }
  const flushOutbox = (): void => {
    if (kept.size > 0) void inTurn(sendAll)
  }

  return {
    enqueue: async (saying) => {
      const account = ports.account.current()
      if (account.status !== 'signed_in') return failed('not_signed_in', 'Nobody is signed in.')
      if (account.group === null) return failed('not_a_member', 'The account has no restaurant.')
      const { questionId } = saying
      const one: OutboxEntry<S> = { saying, groupId: account.group.id }
      kept.delete(questionId)
      kept.set(questionId, one)
      const [oldest] = kept.keys()
      if (kept.size > OUTBOX_LIMIT && oldest !== undefined) {
        kept.delete(oldest)
        log.warn(`${name}.dropped`, { kept: kept.size })
      }
      const result = await inTurn(() => deliver(one))
      if (result.ok && result.value.isSent) flushOutbox()
      return result
    },
    flushOutbox,
    stop: () => {
      if (kept.size > 0) log.warn(`${many}.lost`, { count: kept.size })
      kept.clear()
    }
  }
}
