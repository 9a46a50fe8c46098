// What a person at the window cannot do: close it, zoom it, call up a menu, or reach what Chromium binds to keys.
import type { BrowserWindow } from 'electron'
import type { Log } from '../log.ts'
import { isBlockedShortcut } from '../shortcuts.ts'

export type LockPorts = {
  /** Codes of the keys that talk, at the moment of a press. */
  boundKeyCodes: () => readonly string[]
  /** True once the app is on its way out, or in a window that is nobody's kiosk. */
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
  // Alt+Space, and the icon of a window with a frame: the system's own menu has "Close" in it.
  window.on('system-context-menu', (event) => event.preventDefault())
  window.on('close', (event) => {
    if (ports.mayClose()) return
    event.preventDefault()
    ports.log.warn('window.closeDenied')
  })
  // Chromium keeps a zoom per origin, and two fingers zoom by themselves.
  webContents.on('did-finish-load', () => {
    webContents.setZoomLevel(0)
    void webContents.setVisualZoomLevelLimits(1, 1).catch(() => {
      // The page is gone again: the next one is told anew.
    })
  })
}
