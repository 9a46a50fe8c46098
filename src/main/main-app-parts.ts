// Builds the parts of the kiosk from the ports of a shell.
import { join } from 'node:path'
import type { ExitMode } from '../shared/maintenance.ts'
import { createAccount } from './account/account.ts'
import type { Vault } from './account/vault.ts'
import { createKeyPool } from './calls/key-pool.ts'
import { createMint } from './calls/mint-ephemeral-key.ts'
import { createWebRtcCalls } from './calls/webrtc-calls.ts'
import { createWebSocketCalls, type WebSocketPort } from './calls/websocket-calls.ts'
import type { Clock } from './clock.ts'
import { createEdgeFunctions } from './edge-function.ts'
import type { Environment } from './environment.ts'
import { createAnswerReports, createRatings } from './handbook/feedback.ts'
import { createOfflineCopy } from './handbook/offline-copy.ts'
import { createOfflineFiles } from './handbook/offline-copy-files.ts'
import type { Log } from './log.ts'
import { createMaintenance } from './maintenance/maintenance.ts'
import { createNetworkWatch, type NetworkPorts } from './network/network-watch.ts'
import { createPrivateFile } from './private-file.ts'
import { createSettings } from './settings/settings.ts'
import type { SettingsFile } from './settings/settings-file.ts'
import { createTurnLog } from './turns/turn-log.ts'
import type { Updates } from './updates/updates.ts'
import { createCallReports } from './usage/call-reports.ts'
import { createCostReports } from './usage/cost-reports.ts'

/** Supplied by a shell. */
export type MainAppPorts = {
  environment: Environment
  log: Log
  vault: Vault
  settingsFile: SettingsFile
  settingsBackup: SettingsFile
  settingsBeforeUpdate: SettingsFile
  /** Private folder for the offline copies, the PIN and the timings of turns. */
  dataFolder: string
  network: NetworkPorts
  /** Hands the page the other end of a new message port (`src/shared/websocket-transport.ts`). */
  openPort: (webSocketId: string) => WebSocketPort
  updates: Updates
  clock: Clock
  isUnlockedByPolicy: () => boolean
  /** Ends or restarts the shell; null when it cannot. */
  leave: ((how: ExitMode) => void) | null
  shell: 'electron' | 'preview'
  fullScreen: boolean
  version: string
}

export type MainAppParts = ReturnType<typeof createMainAppParts>

export const createMainAppParts = (ports: MainAppPorts) => {
  const { environment, log, clock } = ports
  const { supabaseUrl, publishableKey, openaiBaseUrl } = environment
  const privateFile = (name: string) => createPrivateFile(join(ports.dataFolder, name), clock)

  const network = createNetworkWatch({
    ...ports.network,
    clock,
    log,
    timeout: (ms) => AbortSignal.timeout(ms)
  })
  const { fetch } = network

  const settings = createSettings(
    {
      own: ports.settingsFile,
      backup: ports.settingsBackup,
      beforeUpdate: ports.settingsBeforeUpdate
    },
    log
  )
  const account = createAccount({
    supabaseUrl,
    publishableKey,
    vault: ports.vault,
    fetch,
    clock,
    log,
    chosenGroupId: () => settings.current().groupId,
    isSignInPending: environment.unattendedSignIn !== null
  })
  const backend = { supabaseUrl, publishableKey, account, fetch, clock, log }
  const edge = createEdgeFunctions(backend)
  const keys = createKeyPool(createMint(edge, clock), clock, log)
  const calls = createCallReports(backend)
  const callPorts = { openaiBaseUrl, account, keys, reports: calls, clock, log }

  return {
    network,
    settings,
    maintenance: createMaintenance({
      file: privateFile('pin.json'),
      clock,
      log,
      isUnlockedByPolicy: ports.isUnlockedByPolicy,
      leave: ports.leave
    }),
    account,
    backend,
    edge,
    keys,
    webRtcCalls: createWebRtcCalls({ ...callPorts, fetch }),
    webSocketCalls: createWebSocketCalls({
      ...callPorts,
      openPort: ports.openPort,
      network
    }),
    offlineCopy: createOfflineCopy({
      ...backend,
      files: createOfflineFiles(join(ports.dataFolder, 'handbook'), clock, log),
      random: Math.random
    }),
    ratings: createRatings(backend),
    reports: createAnswerReports(backend),
    calls,
    costs: createCostReports(backend, calls.models),
    turns: createTurnLog(privateFile('turns.json'), clock, log)
  }
}
