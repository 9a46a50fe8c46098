// Reports the calls of the kiosk, and their length, to the backend, which limits them.
import type { KioskAccount } from '../account/account.ts'
import type { BackendPorts } from '../backend.ts'
import { sendReport } from '../data-api-request.ts'
import { withDeadline } from '../deadline.ts'
import type { Log } from '../log.ts'
import { createOutbox, type Outbox } from '../outbox.ts'

/** A kiosk without a network ends all the same; the backend then counts an hour for the call. */
const STOP_DEADLINE_MS = 2_000

type OpenedCall = {
  id: string
  groupId: string
  /** Of the key that opened it, by the backend's count. */
  keyId: string
  models: SessionModels
}

/** The models of a session. */
export type SessionModels = { model: string; transcriptionModel: string }

/** The backend counts an unknown model with its dearest price. */
const UNKNOWN_MODELS: SessionModels = { model: 'unknown', transcriptionModel: 'unknown' }

/** `seconds` is null while the call is open. */
type CallReport = { id: string; keyId: string; seconds: number | null }

export type CallReports = Pick<Outbox<CallReport>, 'flush'> & {
  opened(call: OpenedCall): void
  /** Resolves when the report was sent or kept. Nothing for an unknown call. */
  ended(id: string): Promise<void>
  /** Of the call that was opened last. */
  models(): SessionModels
  /** After the end of the last open call. */
  onIdle(listener: () => void): void
  /** Waits a moment for the last reports, and drops what is left. */
  stop(): Promise<void>
}

export const createCallReports = (
  ports: BackendPorts & { account: Pick<KioskAccount, 'current'>; log: Log }
): CallReports => {
  const { clock } = ports
  const calls = new Map<string, Omit<OpenedCall, 'models'> & { openedAtMs: number }>()
  let models = UNKNOWN_MODELS
  let onIdle = () => {}
  let last: Promise<unknown> = Promise.resolve()
  const outbox = createOutbox<CallReport>({
    account: ports.account,
    log: ports.log,
    one: 'callReport',
    many: 'callReports',
    subjectOf: ({ id }) => id,
    send: (groupId, { id, keyId, seconds }) =>
      sendReport(ports, 'The call', 'report_call', {
        _group_id: groupId,
        _key_id: keyId,
        _call_id: id,
        ...(seconds === null ? {} : { _seconds: seconds })
      }),
    detailOf: ({ id, seconds }) => ({ callId: id, seconds })
  })

  return {
    opened: ({ id, groupId, keyId, models: inUse }) => {
      models = inUse
      calls.set(id, { id, groupId, keyId, openedAtMs: clock.nowMs() })
      void outbox.enqueue({ id, keyId, seconds: null }, groupId)
    },
    ended: async (id) => {
      const call = calls.get(id)
      if (call === undefined) return
      calls.delete(id)
      if (calls.size === 0) onIdle()
      // The clock of the machine may be set back.
      const seconds = Math.max(0, Math.round((clock.nowMs() - call.openedAtMs) / 1_000))
      last = outbox.enqueue({ id, keyId: call.keyId, seconds }, call.groupId)
      await last
    },
    models: () => models,
    onIdle: (listener) => {
      onIdle = listener
    },
    flush: outbox.flush,
    stop: async () => {
      await withDeadline(clock, STOP_DEADLINE_MS, () => last)
      outbox.stop()
    }
  }
}
