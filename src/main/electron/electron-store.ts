// Opens electron-store without its IPC listener.
import type { IpcMain } from 'electron'
import ElectronStore from 'electron-store'
import type { OpenStore } from '../settings/settings-file.ts'

/** The listener tells any frame where the user's data is, without a check of the sender. Nothing here needs it. */
export const removeElectronStoreListener = (ipcMain: IpcMain): void => {
  ipcMain.removeAllListeners('electron-store-get-data')
}

export const openElectronStore =
  (ipcMain: IpcMain): OpenStore =>
  ({ configName, ...options }) => {
    const store = new ElectronStore({ ...options, ...(configName && { name: configName }) })
    removeElectronStoreListener(ipcMain)
    return store
  }
