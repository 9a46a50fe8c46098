// Opens a call with an ephemeral key of the restaurant in use, and takes a second key when the first is refused.
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { ConversationLanguage } from '../../shared/language.ts'
import type { KioskAccount } from '../account/account.ts'
import { requireGroup } from '../account/groups.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { CallReports } from '../usage/call-reports.ts'
import type { KeyPool, TakenKey } from './key-pool.ts'

export type CallPorts = {
  openaiBaseUrl: string
  account: Pick<KioskAccount, 'current'>
  keys: Pick<KeyPool, 'take' | 'refuse'>
  reports: Pick<CallReports, 'opened' | 'ended'>
  clock: Clock
  log: Log
}

export type CallRequest = {
  language: ConversationLanguage
  /** Station of the kiosk, such as "grill"; the edge function checks the label. */
  station?: string | undefined
}

/** `key_refused` for an expired or unknown key. */
export type Attempt<T> = Result<T> | 'key_refused'

export type CallOpener = {
  /**
   * @param attempt opens one call with a key
   * @param end hangs up a call that was superseded while it opened
   * @returns `not_signed_in`, `not_a_member`, the mint's failures, the failures of `attempt`, or `key_refused` when a
   *   second key was refused as well
   */
  open<T extends { id: string }>(
    request: CallRequest,
    attempt: (key: TakenKey) => Promise<Attempt<T>>,
    end: (opened: T) => Promise<unknown>
  ): Promise<Result<T & { model: string }>>
  /** Calls that are opening now end as soon as they are open. */
  supersede(): void
}

/** @param event prefix of the log events */
export const createCallOpener = (ports: CallPorts, event: 'calls' | 'websocket'): CallOpener => {
  const { clock, log } = ports
  /** Grows with every `supersede`. */
  let era = 0

  return {
    open: async ({ language, station }, attempt, end) => {
      const group = requireGroup(ports.account.current())
      if (!group.ok) return group
      const purpose = { groupId: group.value.id, language, station }
      const startedMs = clock.nowMs()
      const startedEra = era
      const superseded = failed('not_signed_in', 'The account or the page changed meanwhile.')
      for (const _key of ['first', 'second']) {
        const key = await ports.keys.take(purpose)
        if (!key.ok) return key
        if (era !== startedEra) return superseded
        const { id: keyId, model, transcriptionModel, wasReady } = key.value
        const opened = await attempt(key.value)
        if (opened === 'key_refused') {
          log.warn(`${event}.keyRefused`, { wasReady })
          ports.keys.refuse(key.value)
          continue
        }
        const ms = clock.nowMs() - startedMs
        if (!opened.ok) {
          log.warn(`${event}.openFailed`, { ...opened.error, ms })
          return opened
        }
        const { id } = opened.value
        log.info(`${event}.opened`, { ms, callId: id, keyReady: wasReady })
        const models = { model, transcriptionModel }
        ports.reports.opened({ id, groupId: purpose.groupId, keyId, models })
        if (era === startedEra) return ok({ ...opened.value, model })
        await Promise.all([end(opened.value), ports.reports.ended(id)])
        return superseded
      }
      return failed('key_refused', 'The model refused two ephemeral keys in a row.')
    },
    supersede: () => {
      era += 1
    }
  }
}
