// What the kiosk's window is made with.
import { join } from 'node:path'
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron'

const SIZE = { width: 1280, height: 800 } as const

export type WindowChoices = {
  fullScreen: boolean
  /** Where a full-screen window opens; null: where the system puts it. */
  bounds: Rectangle | null
  /** The folder of the built app, with `preload/` in it. */
  outFolder: string
  /** Only in a checkout. */
  devTools: boolean
}

/**
 * What the window is made with. Some of it is Electron's default: it is said all the same, because a default has changed
 * before and this is what the kiosk depends on (`docs/security.md`).
 */
export const windowOptions = ({
  fullScreen,
  bounds,
  outFolder,
  devTools
}: WindowChoices): BrowserWindowConstructorOptions => ({
  ...SIZE,
  ...(fullScreen ? bounds : null),
  show: false,
  kiosk: fullScreen,
  fullscreenable: fullScreen,
  frame: !fullScreen,
  closable: !fullScreen,
  minimizable: !fullScreen,
  autoHideMenuBar: true,
  backgroundColor: '#101418',
  webPreferences: {
    preload: join(outFolder, 'preload', 'index.cjs'),
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    disableDialogs: true,
    spellcheck: false,
    devTools,
    // A kiosk behind a screen saver still has a call open and a key to watch.
    backgroundThrottling: false,
    // The answer is sound, and the press that asked for it may have been a pedal's.
    autoplayPolicy: 'no-user-gesture-required'
  }
})
