// The real kiosk app on a folder of its own; without a backend unless one is given.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeNetwork } from '../../dev/preview/node-network.ts'
import { openConf } from '../../dev/preview/open-conf.ts'
import { createPagePorts } from '../../dev/preview/page-ports.ts'
import { noVault } from '../../src/main/account/vault.ts'
import { systemClock } from '../../src/main/clock.ts'
import type { Environment } from '../../src/main/environment.ts'
import { createMainApp, type MainApp } from '../../src/main/main-app.ts'
import type { MainAppPorts } from '../../src/main/main-app-parts.ts'
import { DEFAULT_NETWORK_POLICY } from '../../src/main/network/network-policy.ts'
import { createSettingsFile } from '../../src/main/settings/settings-file.ts'
import { disabledUpdates } from '../../src/main/updates/disabled-updates.ts'
import { DEFAULT_UPDATE_POLICY } from '../../src/main/updates/update-policy.ts'
import { DEFAULT_CALL_LIMITS } from '../../src/shared/call-limits.ts'
import { createRecordingLog, type RecordingLog } from '../unit/main/recording-log.ts'

export type TestMainApp = {
  kiosk: MainApp
  log: RecordingLog
  folder: string
  /** Stops the kiosk and removes its folder. */
  remove(): Promise<void>
}

export const createTestMainApp = (
  changes: Partial<MainAppPorts> = {},
  environment: Partial<Environment> = {}
): TestMainApp => {
  const folder = mkdtempSync(join(tmpdir(), 'heard-kiosk-'))
  const log = createRecordingLog()
  const clock = changes.clock ?? systemClock
  const kiosk = createMainApp({
    environment: {
      // Port 9 (discard) refuses connections at once.
      supabaseUrl: 'http://127.0.0.1:9',
      publishableKey: 'sb_publishable_test',
      openaiBaseUrl: 'http://127.0.0.1:9/v1',
      userDataFolder: folder,
      unattendedSignIn: null,
      fullScreen: false,
      display: 'primary',
      callLimits: DEFAULT_CALL_LIMITS,
      network: DEFAULT_NETWORK_POLICY,
      updates: DEFAULT_UPDATE_POLICY,
      ...environment
    },
    log,
    vault: noVault,
    settingsFile: createSettingsFile(folder, 'settings', clock, openConf),
    settingsBackup: createSettingsFile(folder, 'settings.last-good', clock, openConf),
    settingsBeforeUpdate: createSettingsFile(folder, 'settings.before-update', clock, openConf),
    dataFolder: folder,
    network: nodeNetwork,
    openPort: createPagePorts().openPort,
    updates: disabledUpdates('0.0.0', 'not_packaged'),
    clock,
    isUnlockedByPolicy: () => false,
    leave: null,
    shell: 'preview',
    fullScreen: false,
    version: '0.0.0',
    ...changes
  })
  return {
    kiosk,
    log,
    folder,
    remove: async () => {
      await kiosk.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

export const startTestMainApp = async (
  changes: Partial<MainAppPorts> = {}
): Promise<TestMainApp> => {
  const test = createTestMainApp(changes)
  await test.kiosk.start()
  return test
}
