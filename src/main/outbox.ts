// Keeps reports to the backend in memory until it accepts them: one message per subject, the last one.
import { ok, type Result } from '../shared/failure.ts'
import type { KioskAccount } from './account/account.ts'
import { requireGroup } from './account/groups.ts'
import type { Log } from './log.ts'

/** A shift of a busy kitchen without a network. */
export const OUTBOX_LIMIT = 200

type OutboxPorts<M> = {
  account: Pick<KioskAccount, 'current'>
  log: Log
  /** Prefixes of the log events: `rating.sent`, `ratings.lost`. */
  one: string
  many: string
  /** The subject of a message: a question, a call. */
  subjectOf: (message: M) => string
  /** Idempotent. `backend_unreachable` when a later attempt may succeed. */
  send: (groupId: string, message: M) => Promise<Result<unknown>>
  /** Detail of the log event after sending; no words of a person. */
  detailOf: (message: M) => Record<string, string | number | null>
}

export type Outbox<M> = {
  /**
   * Sends a message for a restaurant, by default the one in use.
   * @returns `isSent` false when the outbox keeps it; `not_signed_in`, `not_a_member`, `backend_failed` when it
   *   is refused and not retried
   */
  enqueue(message: M, groupId?: string): Promise<Result<{ isSent: boolean }>>
  /** Retries the pending messages. */
  flush(): void
  /** Drops the pending messages and logs their number. */
  stop(): void
}

type OutboxEntry<M> = { message: M; groupId: string }

export const createOutbox = <M>(ports: OutboxPorts<M>): Outbox<M> => {
  const { log, one: name, many, subjectOf } = ports
  /** By subject, the oldest first. */
  const pending = new Map<string, OutboxEntry<M>>()
  let tail: Promise<unknown> = Promise.resolve()
  /** One at a time: a change must not arrive before the message that it replaces. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(work)
    tail = done.catch((error: unknown) => log.error(`${many}.failed`, { error }))
    return done
  }

  const deliver = async (entry: OutboxEntry<M>): Promise<Result<{ isSent: boolean }>> => {
    const subject = subjectOf(entry.message)
    // A later message about the same subject replaces this one.
    if (pending.get(subject) !== entry) return ok({ isSent: false })
    const result = await ports.send(entry.groupId, entry.message)
    if (!result.ok && result.error.code === 'backend_unreachable') return ok({ isSent: false })
    if (pending.get(subject) === entry) pending.delete(subject)
    if (!result.ok) {
      log.warn(`${name}.refused`, { code: result.error.code, message: result.error.message })
      return result
    }
    log.info(`${name}.sent`, { ...ports.detailOf(entry.message), pending: pending.size })
    return ok({ isSent: true })
  }

  const sendAll = async (): Promise<void> => {
    for (const entry of [...pending.values()]) {
      const result = await deliver(entry)
      const isPending = pending.get(subjectOf(entry.message)) === entry
      // Without a network the others would fail too.
      if (result.ok && !result.value.isSent && isPending) return
    }
  }
  const flush = (): void => {
    if (pending.size > 0) void inTurn(sendAll)
  }
  const groupInUse = (): Result<string> => {
    const group = requireGroup(ports.account.current())
    return group.ok ? ok(group.value.id) : group
  }

  return {
    enqueue: async (message, groupId) => {
      const group = groupId === undefined ? groupInUse() : ok(groupId)
      if (!group.ok) return group
      const entry: OutboxEntry<M> = { message, groupId: group.value }
      const subject = subjectOf(message)
      pending.delete(subject)
      pending.set(subject, entry)
      const [oldest] = pending.keys()
      if (pending.size > OUTBOX_LIMIT && oldest !== undefined) {
        pending.delete(oldest)
        log.warn(`${name}.dropped`, { pending: pending.size })
      }
      const result = await inTurn(() => deliver(entry))
      if (result.ok && result.value.isSent) flush()
      return result
    },
    flush,
    stop: () => {
      if (pending.size > 0) log.warn(`${many}.lost`, { count: pending.size })
      pending.clear()
    }
  }
}
