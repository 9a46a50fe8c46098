// The kiosk's one window.
import { join } from 'node:path'
import { app, BrowserWindow } from 'electron'
import type { Log } from '../log.ts'
import { denyNavigation } from './navigation.ts'
import { PAGE_URL } from './origin.ts'

const SIZE = { width: 1280, height: 800 } as const

export type WindowOptions = {
  fullScreen: boolean
  /** The folder of the built app, with `preload/` in it. */
  outFolder: string
  log: Log
}

/** Opens the window on the kiosk's page; it shows when there is something to see. */
export const openWindow = ({ fullScreen, outFolder, log }: WindowOptions): BrowserWindow => {
  const window = new BrowserWindow({
    ...SIZE,
    show: false,
    kiosk: fullScreen,
    frame: !fullScreen,
    autoHideMenuBar: true,
    backgroundColor: '#101418',
    webPreferences: {
      preload: join(outFolder, 'preload', 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
      // A kiosk behind a screen saver still has a call open and a key to watch.
      backgroundThrottling: false,
      // The answer is sound, and the press that asked for it may have been a pedal's.
      autoplayPolicy: 'no-user-gesture-required'
    }
  })
  window.once('ready-to-show', () => window.show())
  denyNavigation(window.webContents, log)
  window.webContents.on('preload-error', (_event, _path, error) =>
    log.error('window.preloadFailed', { error })
  )
  window.webContents.on('did-fail-load', (_event, code, description, url) =>
    log.error('window.notLoaded', { code, description, url })
  )
  void window.loadURL(PAGE_URL).catch(() => {
    // did-fail-load has logged it.
  })
  return window
}
