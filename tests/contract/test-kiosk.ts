// The real kiosk on a folder of its own and a backend that is not there.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPagePorts } from '../../local/preview/page-ports.ts'
import { confFile } from '../../local/preview/settings-file.ts'
import { noVault } from '../../src/main/account/vault.ts'
import { systemClock } from '../../src/main/clock.ts'
import { createKiosk, type Kiosk, type KioskPorts } from '../../src/main/kiosk.ts'
import { noUpdates } from '../../src/main/updates/no-updates.ts'
import { DEFAULT_UPDATE_POLICY } from '../../src/main/updates/policy.ts'
import { DEFAULT_CALL_LIMITS } from '../../src/shared/call-limits.ts'
import { createRememberingLog, type RememberingLog } from '../unit/main/remembering-log.ts'

export type TestKiosk = { kiosk: Kiosk; log: RememberingLog; remove(): Promise<void> }

export const startTestKiosk = async (changes: Partial<KioskPorts> = {}): Promise<TestKiosk> => {
  const folder = mkdtempSync(join(tmpdir(), 'heard-kiosk-'))
  const log = createRememberingLog()
  const kiosk = createKiosk({
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
    settingsFile: confFile(folder, 'settings', systemClock),
    settingsBackup: confFile(folder, 'settings.last-good', systemClock),
    settingsBeforeUpdate: confFile(folder, 'settings.before-update', systemClock),
    dataFolder: folder,
    fetch: globalThis.fetch,
    openPort: createPagePorts().openPort,
    updates: noUpdates('0.0.0', 'not_packaged'),
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
