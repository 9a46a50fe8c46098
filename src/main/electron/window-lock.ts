// Locks the window: no closing, no moving by a script, no zoom, no menu, no Chromium shortcuts.
import type { BrowserWindow } from 'electron'
import type { Log } from '../log.ts'
import { isBlockedShortcut } from '../shortcuts.ts'

export type LockPorts = {
  /** Codes of the talk keys at the time of a press. */
  boundKeyCodes: () => readonly string[]
  /** True while the app quits, or in a window that is not full screen. */
  mayClose: () => boolean
  platform: NodeJS.Platform
  log: Log
}

export const lockWindow = (window: BrowserWindow, ports: LockPorts): void => {
  const { webContents } = window
  webContents.on('before-input-event', (event, input) => {
    if (isBlockedShortcut(input, ports.boundKeyCodes(), ports.platform)) event.preventDefault()
  })
  webContents.on('context-menu', (event) => event.preventDefault())
  // Alt+Space and the frame's icon open the system menu, which has "Close".
  window.on('system-context-menu', (event) => event.preventDefault())
  window.on('close', (event) => {
    if (ports.mayClose()) return
    event.preventDefault()
    ports.log.warn('window.closeDenied')
  })
  // A script would keep the kiosk from quitting. Preventing this event unloads the page.
  webContents.on('will-prevent-unload', (event) => event.preventDefault())
  // moveTo and resizeTo would uncover the desktop.
  webContents.on('content-bounds-updated', (event) => event.preventDefault())
  // Chromium saves a zoom per origin, and two fingers zoom too.
  webContents.on('did-finish-load', () => {
    webContents.setZoomLevel(0)
    void webContents.setVisualZoomLevelLimits(1, 1).catch(() => {
      // The page is gone; the next one is limited after its load.
    })
  })
}
