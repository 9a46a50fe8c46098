// Builds the options of the kiosk's window.
import { join } from 'node:path'
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron'

const SIZE = { width: 1280, height: 800 } as const

const DISABLED_FEATURES = [
  // showOpenFilePicker and the like open the system's dialogs, and nothing intercepts them.
  'FileSystemAccessLocal',
  // Opens a window that shows a part of the screen.
  'EyeDropperAPI',
  // Sends what the microphone hears to Google, past the session's filter of requests.
  'ScriptedSpeechRecognition'
] as const

export type WindowChoices = {
  fullScreen: boolean
  /** Bounds of a full-screen window; null: the system's choice. */
  bounds: Rectangle | null
  /** The built app, which contains `preload/`. */
  outFolder: string
  /** Only in a checkout. */
  devTools: boolean
}

/** Lists Electron's defaults too: defaults have changed, and the kiosk depends on these (`docs/security.md`). */
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
  // Recent Electrons draw both around a frameless window on Linux: a line of the desktop would show in the corners.
  hasShadow: !fullScreen,
  roundedCorners: !fullScreen,
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
    disableBlinkFeatures: DISABLED_FEATURES.join(),
    webviewTag: false,
    navigateOnDragDrop: false,
    disableDialogs: true,
    spellcheck: false,
    devTools,
    // A kiosk behind a screen saver still has an open call and watches its keys.
    backgroundThrottling: false,
    // A pedal's press is no user gesture.
    autoplayPolicy: 'no-user-gesture-required'
  }
})
