// The ports of a release installer whose folder, feed and library are real, and whose restart does nothing.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AppAdapter } from '../../../../src/main/updates/electron-updater.ts'
import type { ReleaseInstallerPorts } from '../../../../src/main/updates/release-installer.ts'
import { createRecordingLog } from '../recording-log.ts'

export const appAdapter = (folder: string, changes: Partial<AppAdapter> = {}): AppAdapter => ({
  version: '1.0.0',
  name: 'Heard',
  isPackaged: true,
  appUpdateConfigPath: join(folder, 'library.yml'),
  userDataPath: folder,
  baseCachePath: folder,
  whenReady: async () => {},
  relaunch: () => {},
  quit: () => {},
  onQuit: () => {},
  ...changes
})

export const installerPorts = (
  folder: string,
  changes: Pick<ReleaseInstallerPorts, 'kind' | 'address' | 'keys'> & Partial<ReleaseInstallerPorts>
): ReleaseInstallerPorts => {
  const app = appAdapter(folder)
  writeFileSync(app.appUpdateConfigPath, JSON.stringify({ updaterCacheDirName: 'library' }))
  return {
    app,
    fetch,
    timeout: () => new AbortController().signal,
    log: createRecordingLog(),
    folder,
    runningVersion: '1.0.0',
    execPath: '/nowhere/heard',
    appImage: undefined,
    packedConfig: null,
    relaunch: () => {},
    quit: () => {},
    ...changes
  }
}
