// Queues `response.create` so that one response is active at a time, and sends `response.cancel`.

import { createTimer, type Schedule } from '../schedule.ts'
import type { ResponseKind } from '../turn/turn-events.ts'
import { type ClientEvent, responseOptions } from './client-events.ts'
import type { ServerError } from './server-events.ts'

/** The server confirms a cancel within a round trip; without it the next request goes out after this. */
export const CANCEL_SETTLE_MS = 1_000

/** The retry delay after `conversation_already_has_active_response` for an unknown response. */
export const ACTIVE_RETRY_MS = 250

export type QueueErrorVerdict =
  /** Expected in a race. */
  | { kind: 'benign' }
  | { kind: 'requeued' }
  | { kind: 'refused'; requestId: string }
  | { kind: 'unrelated' }

export type ResponseQueue = {
  create: (requestId: string, kind: ResponseKind) => void
  /** Drops the waiting requests. A sent one gets its response, which has to be cancelled. */
  drop: () => void
  cancel: (responseId: string) => void
  created: (responseId: string) => void
  done: (responseId: string) => void
  classify: (error: ServerError) => QueueErrorVerdict
  /** The call is gone. */
  reset: () => void
}

type Request = { requestId: string; kind: ResponseKind }

export const createResponseQueue = (
  send: (event: ClientEvent) => void,
  newEventId: () => string,
  schedule: Schedule
): ResponseQueue => {
  const waiting: Request[] = []
  /** Sent, and not created. */
  let sent: Request | null = null
  let activeId: string | null = null
  /** A response without a known id is active at the server. */
  let isBlocked = false
  const cancels = new Map<string, string>()
  const timer = createTimer(schedule)

  const flush = () => {
    if (sent !== null || activeId !== null || isBlocked) return
    const next = waiting.shift()
    if (next === undefined) return
    sent = next
    send({
      type: 'response.create',
      event_id: next.requestId,
      response: responseOptions(next.kind, next.requestId)
    })
  }
  const settleAfter = (ms: number, settle: () => void) =>
    timer.start(() => {
      settle()
      flush()
    }, ms)

  return {
    create: (requestId, kind) => {
      waiting.push({ requestId, kind })
      flush()
    },
    drop: () => {
      waiting.length = 0
    },
    cancel: (responseId) => {
      const eventId = newEventId()
      cancels.set(eventId, responseId)
      send({ type: 'response.cancel', event_id: eventId, response_id: responseId })
      if (activeId !== responseId) return
      settleAfter(CANCEL_SETTLE_MS, () => {
        if (activeId === responseId) activeId = null
      })
    },
    created: (responseId) => {
      sent = null
      isBlocked = false
      activeId = responseId
    },
    done: (responseId) => {
      if (activeId === responseId) activeId = null
      isBlocked = false
      flush()
    },
    classify: (error) => {
      const eventId = error.event_id ?? null
      if (eventId !== null && cancels.has(eventId)) {
        const responseId = cancels.get(eventId) ?? null
        cancels.delete(eventId)
        // `response_cancel_not_active`: the response ended by itself.
        if (activeId === responseId) activeId = null
        flush()
        return { kind: 'benign' }
      }
      if (sent !== null && eventId === sent.requestId) {
        const refused = sent
        sent = null
        if (error.code !== 'conversation_already_has_active_response') {
          flush()
          return { kind: 'refused', requestId: refused.requestId }
        }
        waiting.unshift(refused)
        if (activeId === null) {
          isBlocked = true
          settleAfter(ACTIVE_RETRY_MS, () => {
            isBlocked = false
          })
        }
        return { kind: 'requeued' }
      }
      return error.code === 'response_cancel_not_active' ||
        error.code === 'conversation_already_has_active_response'
        ? { kind: 'benign' }
        : { kind: 'unrelated' }
    },
    reset: () => {
      waiting.length = 0
      sent = null
      activeId = null
      isBlocked = false
      cancels.clear()
      timer.stop()
    }
  }
}
