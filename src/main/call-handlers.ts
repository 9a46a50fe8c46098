// Answers the calls of the contract with the parts of the kiosk.
import type { CallHandlers, CallOutput } from '../shared/contract.ts'
import { ok, type Result } from '../shared/failure.ts'
import { needsPin } from '../shared/maintenance.ts'
import { requireGroup } from './account/groups.ts'
import { readSection } from './handbook/read-section.ts'
import { searchHandbook } from './handbook/search.ts'
import { FROM_PAGE } from './log.ts'
import type { MainAppParts, MainAppPorts } from './main-app-parts.ts'
import type { SetAside } from './settings/settings.ts'

/** @param loaded resolves when the PIN was read from its file */
export const createCallHandlers = (
  ports: MainAppPorts,
  parts: MainAppParts,
  loaded: Promise<void>,
  flushOutboxes: () => void
): CallHandlers => {
  const { environment, log, updates } = ports
  const { account, costs, maintenance, offlineCopy, ratings, reports, settings, turns } = parts
  const { webRtcCalls, webSocketCalls } = parts

  /** A refused membership may have ended: reads the restaurants again. */
  const reloadGroupsIfNotMember = async <T>(answer: Promise<Result<T>>): Promise<Result<T>> => {
    const result = await answer
    if (!result.ok && result.error.code === 'not_a_member') account.reloadGroups()
    return result
  }

  /** Runs what the PIN protects, or answers `locked`. */
  const requireUnlocked = async <T>(
    run: () => Promise<Result<T>> | Result<T>
  ): Promise<Result<T>> => {
    await loaded
    const permitted = maintenance.permit()
    return permitted.ok ? run() : permitted
  }

  /** The PIN protects an account that has a restaurant, also one that is being restored. Otherwise one has to sign in. */
  const requireAccountUnlocked = async <T>(run: () => Promise<Result<T>>): Promise<Result<T>> => {
    const now = account.current()
    return now.status === 'restoring' || requireGroup(now).ok ? requireUnlocked(run) : run()
  }

  const notices = async (): Promise<CallOutput<'kiosk.initialState'>['notices']> => [
    ...settingsNotice(settings.setAside()),
    ...((await ports.vault.available()) ? [] : (['no_keyring'] as const)),
    ...(ports.fullScreen && !maintenance.current().hasPin ? (['no_pin'] as const) : []),
    ...(updates.isRestartAnnounced() ? (['restart_announced'] as const) : [])
  ]

  return {
    'kiosk.initialState': async () => {
      updates.pageReady()
      await loaded
      return ok({
        version: ports.version,
        shell: ports.shell,
        account: account.current(),
        settings: settings.current(),
        notices: await notices(),
        maintenance: maintenance.current(),
        networkProblem: parts.network.current(),
        callLimits: environment.callLimits
      })
    },
    'kiosk.setInUse': async ({ inUse }) => {
      updates.setInUse(inUse)
      return ok({})
    },
    'updates.status': async () => ok(updates.status()),
    'account.signIn': (credentials) => requireAccountUnlocked(() => account.signIn(credentials)),
    'account.signOut': () => requireAccountUnlocked(async () => ok(await account.signOut())),
    'calls.open': (request) => reloadGroupsIfNotMember(webRtcCalls.open(request)),
    'calls.openWebSocket': (request) => reloadGroupsIfNotMember(webSocketCalls.open(request)),
    'calls.hangUp': async ({ callId }) =>
      webSocketCalls.hangUp(callId) ? ok({}) : webRtcCalls.hangUp(callId),
    'handbook.search': async (request) => {
      const { edge } = parts
      const searching = searchHandbook({ account, edge, clock: ports.clock, log }, request)
      const answer = await reloadGroupsIfNotMember(searching)
      if (answer.ok) flushOutboxes()
      return answer
    },
    'handbook.searchOffline': (request) => offlineCopy.search(request),
    'handbook.readSection': (request) =>
      reloadGroupsIfNotMember(readSection({ ...parts.backend, copy: offlineCopy }, request)),
    'handbook.rate': (rating) => reloadGroupsIfNotMember(ratings.enqueue(rating)),
    'handbook.reportAnswer': (report) => reloadGroupsIfNotMember(reports.enqueue(report)),
    'turns.record': async (timing) => {
      turns.record(timing)
      return ok({})
    },
    'turns.reportCost': (cost) => {
      turns.addCost(cost)
      return reloadGroupsIfNotMember(costs.enqueue(cost))
    },
    'turns.recent': async () => ok(await turns.recent()),
    'settings.change': async (patch) =>
      needsPin(patch) ? requireUnlocked(() => settings.change(patch)) : settings.change(patch),
    'maintenance.unlock': async ({ pin }) => {
      await loaded
      return maintenance.unlock(pin)
    },
    'maintenance.lock': async () => {
      maintenance.lock()
      return ok({})
    },
    'maintenance.setPin': async ({ pin }) => {
      await loaded
      return maintenance.setPin(pin)
    },
    'maintenance.exit': async ({ how }) => {
      await loaded
      return maintenance.leave(how)
    },
    'log.write': async ({ level, event, detail }) => {
      log[level](event, { from: FROM_PAGE, detail })
      return ok({})
    }
  }
}

const settingsNotice = (
  setAside: SetAside
): readonly CallOutput<'kiosk.initialState'>['notices'][number][] => {
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
