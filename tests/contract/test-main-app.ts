// The real kiosk on a folder of its own and a backend that is not there.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPagePorts } from '../../dev/preview/page-ports.ts'
import { createSettingsFile } from '../../src/main/settings/settings-file.ts'
import { noVault } from '../../src/main/account/vault.ts'
import { systemClock } from '../../src/main/clock.ts'
import { createMainApp, type MainApp, type MainAppPorts } from '../../src/main/main-app.ts'
import { disabledUpdates } from '../../src/main/updates/disabled-updates.ts'
import { DEFAULT_UPDATE_POLICY } from '../../src/main/updates/update-policy.ts'
import { DEFAULT_CALL_LIMITS } from '../../src/shared/call-limits.ts'
import { createRecordingLog, type RecordingLog } from '../unit/main/recording-log.ts'

export type TestMainApp = { kiosk: MainApp; log: RecordingLog; remove(): Promise<void> }

export const startTestMainApp = async (
  changes: Partial<MainAppPorts> = {}
): Promise<TestMainApp> => {
  const folder = mkdtempSync(join(tmpdir(), 'heard-kiosk-'))
  const log = createRecordingLog()
  const kiosk = createMainApp({
    environment: {
      // Port 9 (discard): nothing listens there, and a connection is refused at once.
      supabaseUrl: 'http://127.0.0.1:9',
      publishableKey: 'sb_publishable_test',
      openaiBaseUrl: 'http://127.0.0.1:9/v1',
      userDataFolder: folder,
      unattendedSignIn: null,
      fullScreen: false,
      display: 'primary',
      callLimits: DEFAULT_CALL_LIMITS,
      updates: DEFAULT_UPDATE_POLICY
    },
    log,
    vault: noVault,
    settingsFile: createSettingsFile(folder, 'settings', systemClock),
    settingsBackup: createSettingsFile(folder, 'settings.last-good', systemClock),
    settingsBeforeUpdate: createSettingsFile(folder, 'settings.before-update', systemClock),
    dataFolder: folder,
    fetch: globalThis.fetch,
    openPort: createPagePorts().openPort,
    updates: disabledUpdates('0.0.0', 'not_packaged'),
    clock: systemClock,
    leave: null,
    shell: 'preview',
    fullScreen: false,
    version: '0.0.0',
    ...changes
  })
  await kiosk.start()
  return {
    kiosk,
    log,
    remove: async () => {
      await kiosk.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
