// The kiosk app without a shell: connects its parts and answers the contract.
import type { NotificationPayload } from '../shared/contract.ts'
import { requireGroup } from './account/groups.ts'
import { signInUnattended } from './account/unattended-sign-in.ts'
import { type CallDispatcher, createCallDispatcher } from './call-dispatcher.ts'
import { createCallHandlers } from './call-handlers.ts'
import type { KeyUse } from './calls/key-pool.ts'
import { createMainAppParts, type MainAppPorts } from './main-app-parts.ts'
import { createNotifications, type Notifications } from './notifications.ts'

type ReleaseReason = NotificationPayload<'turn.forceRelease'>['reason']

export type MainApp = Pick<CallDispatcher, 'answer'> &
  Pick<Notifications, 'onNotification'> & {
    /** Restores the session, or signs in unattended, and mints the first key. */
    start(): Promise<void>
    /** Ends timers and calls; pending writes are on disk when it resolves. */
    stop(): Promise<void>
    /** Forces the renderer's microphone gate closed. */
    forceRelease(reason: ReleaseReason): void
    /** The process that carries the page's calls is gone. */
    callsLost(): void
    /** Hangs up the calls of a page that is gone or was replaced. */
    pageLost(): Promise<void>
    /** The page's process crashed. Hangs up like `pageLost`. */
    pageCrashed(): Promise<void>
    /** `KeyboardEvent.code` of every key that talks; such a key always reaches the page. */
    boundKeyCodes(): readonly string[]
    /** The machine goes to sleep. */
    sleep(): Promise<void>
    wake(): Promise<void>
  }

export const createMainApp = (ports: MainAppPorts): MainApp => {
  const { environment, log, updates } = ports
  const parts = createMainAppParts(ports)
  const { account, calls, costs, keys, maintenance, network, offlineCopy } = parts
  const { ratings, reports, settings, turns } = parts
  const { notify, onNotification } = createNotifications(log)

  const hangUpAll = async () => {
    parts.webSocketCalls.hangUpAll()
    await parts.webRtcCalls.hangUpAll()
  }
  const flushOutboxes = () => {
    for (const outbox of [reports, ratings, calls, costs]) outbox.flush()
  }
  /** Mints the key of the next call; no key without a restaurant. */
  const keepKeyReady = (use: KeyUse) => {
    const group = requireGroup(account.current())
    if (!group.ok) return keys.clear()
    keys.keepReady({ groupId: group.value.id, language: settings.current().language }, use)
  }

  // Without a call the next press wants a key that is ready.
  calls.onIdle(() => keepKeyReady('ahead'))
  account.onChange((now) => {
    keepKeyReady('now')
    offlineCopy.accountChanged(now)
    if (now.status === 'signed_in') flushOutboxes()
    else void hangUpAll()
    notify({ name: 'account.changed', payload: now })
  })
  settings.onChange((now) => {
    account.chosenGroupChanged()
    keepKeyReady('now')
    notify({ name: 'settings.changed', payload: now })
  })
  updates.onRestartAnnounced((isAnnounced) =>
    notify({ name: 'updates.restartAnnounced', payload: { isAnnounced } })
  )
  network.onChange((problem) => notify({ name: 'network.changed', payload: { problem } }))
  maintenance.onChange((now) => notify({ name: 'maintenance.changed', payload: now }))

  const handlers = createCallHandlers(ports, parts, maintenance.load(), flushOutboxes)
  const dispatcher = createCallDispatcher(handlers, log)
  let cancelUnattended = () => {}
  const pageLost = async () => {
    updates.pageLost()
    await hangUpAll()
  }

  return {
    answer: dispatcher.answer,
    onNotification,
    start: async () => {
      log.info('kiosk.started', { shell: ports.shell, version: ports.version })
      updates.start()
      const restored = await account.restore()
      if (restored.status !== 'signed_in' && environment.unattendedSignIn !== null) {
        const credentials = environment.unattendedSignIn
        cancelUnattended = signInUnattended(account, credentials, ports.clock, log)
      }
    },
    stop: async () => {
      cancelUnattended()
      maintenance.stop()
      calls.onIdle(() => {})
      keys.clear()
      for (const outbox of [ratings, reports, costs]) outbox.stop()
      const hungUp = hangUpAll()
      await calls.stop()
      await hungUp
      await Promise.all([account.stop(), offlineCopy.stop(), turns.stop(), updates.stop()])
      log.info('kiosk.stopped', { rejections: dispatcher.rejections() })
    },
    forceRelease: (reason) => notify({ name: 'turn.forceRelease', payload: { reason } }),
    callsLost: () => notify({ name: 'calls.lost', payload: {} }),
    pageLost,
    pageCrashed: () => {
      updates.pageCrashed()
      return pageLost()
    },
    boundKeyCodes: () =>
      settings.current().bindings.flatMap((each) => (each.kind === 'key' ? [each.code] : [])),
    sleep: account.sleep,
    wake: async () => {
      await account.wake()
      keepKeyReady('now')
      offlineCopy.refreshSoon()
      flushOutboxes()
    }
  }
}
