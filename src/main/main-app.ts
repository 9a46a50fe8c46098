// The kiosk without a shell: everything it knows how to do, put together behind the contract.
import { join } from 'node:path'
import {
  type CallHandlers,
  type CallOutput,
  contract,
  type NotificationName,
  type NotificationPayload
} from '../shared/contract.ts'
import { ok, type Result } from '../shared/failure.ts'
import { type ExitMode, needsPin } from '../shared/maintenance.ts'
import { createAccount } from './account/account.ts'
import { signInUnattended } from './account/unattended-sign-in.ts'
import type { Vault } from './account/vault.ts'
import { createCallDispatcher, type Sender } from './call-dispatcher.ts'
import { createKeyPool } from './calls/key-pool.ts'
import { createMint } from './calls/mint-ephemeral-key.ts'
import { createWebRtcCalls } from './calls/webrtc-calls.ts'
import { createWebSocketCalls, type WebSocketPort } from './calls/websocket-calls.ts'
import type { Clock } from './clock.ts'
import { createEdgeFunctions } from './edge-function.ts'
import type { Environment } from './environment.ts'
import { createAnswerReports } from './handbook/answer-reports.ts'
import { createOfflineCopy } from './handbook/offline-copy.ts'
import { createOfflineFiles } from './handbook/offline-copy-files.ts'
import { createRatings } from './handbook/ratings.ts'
import { readSection } from './handbook/read-section.ts'
import { searchHandbook } from './handbook/search.ts'
import type { Log } from './log.ts'
import { createMaintenance } from './maintenance/maintenance.ts'
import { createPrivateFile } from './private-file.ts'
import { createSettings, type SetAside } from './settings/settings.ts'
import type { SettingsFile } from './settings/settings-file.ts'
import { createTurnLog } from './turns/turn-log.ts'
import type { Updates } from './updates/updates.ts'

/** What a shell brings. */
export type MainAppPorts = {
  environment: Environment
  log: Log
  vault: Vault
  settingsFile: SettingsFile
  settingsBackup: SettingsFile
  settingsBeforeUpdate: SettingsFile
  /** Folder that is this kiosk's own, for the copy of the handbook and the timings of turns. */
  dataFolder: string
  fetch: typeof fetch
  /** Hands the page the other end of a new message port (`src/shared/websocket-transport.ts`). */
  openPort: (webSocketId: string) => WebSocketPort
  updates: Updates
  clock: Clock
  /** Ends or restarts the shell; null: it cannot. */
  leave: ((how: ExitMode) => void) | null
  shell: 'electron' | 'preview'
  /** True for a kiosk that fills its screen. */
  fullScreen: boolean
  version: string
}

export type MainNotification = {
  [N in NotificationName]: { name: N; payload: NotificationPayload<N> }
}[NotificationName]

type Notice = CallOutput<'kiosk.initialState'>['notices'][number]

export type ReleaseReason = NotificationPayload<'turn.forceRelease'>['reason']

export type MainApp = {
  answer(name: unknown, rawInput: unknown, sender: Sender): Promise<Result<unknown>>
  onNotification(listener: (notification: MainNotification) => void): () => void
  /** Restores the session, or signs in unattended, and mints the first key. */
  start(): Promise<void>
  /** Ends timers and calls; what was kept is on disk when it resolves. */
  stop(): Promise<void>
  /** Forces the renderer's microphone gate closed. */
  forceRelease(reason: ReleaseReason): void
  /** The page is gone without a word, or another one takes its place: its calls are hung up. */
  pageLost(): Promise<void>
  /** `KeyboardEvent.code` of every key that talks, which nothing may keep from the page. */
  boundKeyCodes(): readonly string[]
  /** The machine is about to sleep, or woke up. */
  sleep(): Promise<void>
  wake(): Promise<void>
}

export const createMainApp = (ports: MainAppPorts): MainApp => {
  const { environment, log, clock, updates } = ports
  const listeners = new Set<(notification: MainNotification) => void>()
  const notify = (notification: MainNotification) => {
    const { payload } = contract.notifications[notification.name]
    if (!payload.safeParse(notification.payload).success) {
      log.error('contract.outputInvalid', { notification: notification.name })
      return
    }
    for (const listener of listeners) listener(notification)
  }

  const settings = createSettings(
    {
      own: ports.settingsFile,
      backup: ports.settingsBackup,
      beforeUpdate: ports.settingsBeforeUpdate
    },
    log
  )
  const maintenance = createMaintenance({
    file: createPrivateFile(join(ports.dataFolder, 'pin.json'), clock),
    clock,
    log,
    leave: ports.leave
  })
  const maintenanceLoaded = maintenance.load()
  const account = createAccount({
    supabaseUrl: environment.supabaseUrl,
    publishableKey: environment.publishableKey,
    vault: ports.vault,
    fetch: ports.fetch,
    clock,
    log,
    chosenGroupId: () => settings.current().groupId,
    isSignInPending: environment.unattendedSignIn !== null
  })
  const backend = {
    supabaseUrl: environment.supabaseUrl,
    publishableKey: environment.publishableKey,
    account,
    fetch: ports.fetch,
    clock,
    log
  }
  const edge = createEdgeFunctions(backend)
  const keys = createKeyPool(createMint(edge, clock), clock, log)
  const calls = createWebRtcCalls({
    openaiBaseUrl: environment.openaiBaseUrl,
    account,
    keys,
    fetch: ports.fetch,
    clock,
    log
  })
  const relays = createWebSocketCalls({
    openaiBaseUrl: environment.openaiBaseUrl,
    account,
    keys,
    openPort: ports.openPort,
    clock,
    log
  })
  const hangUpAll = async () => {
    relays.hangUpAll()
    await calls.hangUpAll()
  }

  const offlineCopy = createOfflineCopy({
    ...backend,
    files: createOfflineFiles(join(ports.dataFolder, 'handbook'), clock, log),
    random: Math.random
  })
  const ratings = createRatings(backend)
  const reports = createAnswerReports(backend)
  const flushOutbox = () => {
    reports.flushOutbox()
    ratings.flushOutbox()
  }
  const turns = createTurnLog(
    createPrivateFile(join(ports.dataFolder, 'turns.json'), clock),
    clock,
    log
  )

  /** The key that the next press will want; none while nobody is signed in. */
  const keepKeyReady = () => {
    const now = account.current()
    if (now.status !== 'signed_in' || now.group === null) return keys.clear()
    keys.keepReady({ groupId: now.group.id, language: settings.current().language })
  }

  /** A restaurant that refuses the account may have let it go: the list of restaurants is read again. */
  const reloadGroupsIfNotMember = <T>(result: Result<T>): Result<T> => {
    if (!result.ok && result.error.code === 'not_a_member') account.reloadGroups()
    return result
  }

  account.onChange((now) => {
    keepKeyReady()
    offlineCopy.accountChanged(now)
    if (now.status === 'signed_in') flushOutbox()
    else void hangUpAll()
    notify({ name: 'account.changed', payload: now })
  })
  settings.onChange((now) => {
    account.chosenGroupChanged()
    keepKeyReady()
    notify({ name: 'settings.changed', payload: now })
  })

  maintenance.onChange((now) => notify({ name: 'maintenance.changed', payload: now }))

  /** Does what the PIN guards, or says that it is locked. */
  const requireUnlocked = async <T>(
    run: () => Promise<Result<T>> | Result<T>
  ): Promise<Result<T>> => {
    await maintenanceLoaded
    const permitted = maintenance.permit()
    return permitted.ok ? run() : permitted
  }

  const handlers: CallHandlers = {
    'kiosk.initialState': async () => {
      updates.pageReady()
      await maintenanceLoaded
      const now = account.current()
      return ok({
        version: ports.version,
        shell: ports.shell,
        account: now,
        settings: settings.current(),
        notices: [
          ...settingsNotice(settings.setAside()),
          ...((await ports.vault.available()) ? [] : (['no_keyring'] as const)),
          ...(ports.fullScreen && !maintenance.current().hasPin ? (['no_pin'] as const) : [])
        ],
        maintenance: maintenance.current(),
        callLimits: environment.callLimits
      })
    },
    'kiosk.setInUse': async ({ inUse }) => {
      updates.setInUse(inUse)
      return ok({})
    },
    'updates.status': async () => ok(updates.status()),
    'account.signIn': (credentials) => account.signIn(credentials),
    'account.signOut': async () => {
      // Without a restaurant there is nothing that the PIN would guard, and somebody has to sign in again.
      const now = account.current()
      const isWorking = now.status === 'signed_in' && now.group !== null
      const run = async () => ok(await account.signOut())
      return isWorking ? requireUnlocked(run) : run()
    },
    'calls.open': async (request) => reloadGroupsIfNotMember(await calls.open(request)),
    'calls.openWebSocket': async (request) => reloadGroupsIfNotMember(await relays.open(request)),
    'calls.hangUp': async ({ callId }) => (relays.hangUp(callId) ? ok({}) : calls.hangUp(callId)),
    'handbook.search': async (request) => {
      const answer = reloadGroupsIfNotMember(
        await searchHandbook({ account, edge, clock, log }, request)
      )
      if (answer.ok) flushOutbox()
      return answer
    },
    'handbook.searchOffline': (request) => offlineCopy.search(request),
    'handbook.readSection': async (request) =>
      reloadGroupsIfNotMember(await readSection({ ...backend, copy: offlineCopy }, request)),
    'handbook.rate': async (rating) => reloadGroupsIfNotMember(await ratings.enqueue(rating)),
    'handbook.reportAnswer': async (report) =>
      reloadGroupsIfNotMember(await reports.enqueue(report)),
    'turns.record': async (timing) => {
      turns.record(timing)
      return ok({})
    },
    'turns.recent': async () => ok(await turns.recent()),
    'settings.change': async (patch) =>
      needsPin(patch) ? requireUnlocked(() => settings.change(patch)) : settings.change(patch),
    'maintenance.unlock': async ({ pin }) => {
      await maintenanceLoaded
      return maintenance.unlock(pin)
    },
    'maintenance.lock': async () => {
      maintenance.lock()
      return ok({})
    },
    'maintenance.setPin': async ({ pin }) => {
      await maintenanceLoaded
      return maintenance.setPin(pin)
    },
    'maintenance.exit': async ({ how }) => {
      await maintenanceLoaded
      return maintenance.leave(how)
    },
    'log.write': async ({ level, event, detail }) => {
      log[level](event, { from: 'renderer', detail })
      return ok({})
    }
  }
  const registrar = createCallDispatcher(handlers, log)
  let cancelUnattended = () => {}

  return {
    answer: registrar.answer,
    onNotification: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start: async () => {
      log.info('kiosk.started', { shell: ports.shell, version: ports.version })
      updates.start()
      const restored = await account.restore()
      if (restored.status !== 'signed_in' && environment.unattendedSignIn !== null) {
        cancelUnattended = signInUnattended(account, environment.unattendedSignIn, clock, log)
      }
    },
    stop: async () => {
      cancelUnattended()
      maintenance.stop()
      keys.clear()
      ratings.stop()
      reports.stop()
      await hangUpAll()
      await Promise.all([account.stop(), offlineCopy.stop(), turns.stop(), updates.stop()])
      log.info('kiosk.stopped', { rejections: registrar.rejections() })
    },
    forceRelease: (reason) => notify({ name: 'turn.forceRelease', payload: { reason } }),
    pageLost: async () => {
      updates.pageLost()
      await hangUpAll()
    },
    boundKeyCodes: () =>
      settings.current().bindings.flatMap((each) => (each.kind === 'key' ? [each.code] : [])),
    sleep: () => account.sleep(),
    wake: async () => {
      await account.wake()
      keepKeyReady()
      offlineCopy.refreshSoon()
      flushOutbox()
    }
  }
}

const settingsNotice = (setAside: SetAside): readonly Notice[] => {
  switch (setAside) {
    case 'none':
      return []
    case 'restored':
      return ['settings_restored']
    case 'lost':
      return ['settings_set_aside']
    default:
      return setAside satisfies never
  }
}
