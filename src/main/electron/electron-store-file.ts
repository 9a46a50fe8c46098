// The product's settings on disk, written by electron-store.
import { join } from 'node:path'
import type { IpcMain } from 'electron'
import ElectronStore from 'electron-store'
import type { Clock } from '../clock.ts'
import { createSettingsFile, type SettingsFile } from '../settings/settings-file.ts'

export const electronStoreFile = (
  folder: string,
  name: string,
  clock: Clock,
  ipcMain: IpcMain
): SettingsFile =>
  createSettingsFile(
    join(folder, `${name}.json`),
    () => {
      const store = new ElectronStore({
        cwd: folder,
        name,
        clearInvalidConfig: false,
        accessPropertiesByDotNotation: false,
        configFileMode: 0o600
      })
      closeStoreChannel(ipcMain)
      return store
    },
    clock
  )

/**
 * electron-store registers a listener that tells any frame where the user's data is, without a look at who
 * asks. Nothing here needs it.
 */
export const closeStoreChannel = (ipcMain: IpcMain): void => {
  ipcMain.removeAllListeners('electron-store-get-data')
}
