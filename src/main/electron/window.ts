// Opens the kiosk's window.
import { BrowserWindow } from 'electron'
import type { Log } from '../log.ts'
import { PAGE_URL } from './origin.ts'
import { type WindowChoices, windowOptions } from './window-options.ts'

export const openWindow = (choices: WindowChoices, log: Log): BrowserWindow => {
  const window = new BrowserWindow(windowOptions(choices))
  // The system's routes decide, so a call needs one socket instead of one for each network interface.
  window.webContents.setWebRTCIPHandlingPolicy('default_public_interface_only')
  window.once('ready-to-show', () => window.show())
  window.webContents.on('preload-error', (_event, _path, error) =>
    log.error('window.preloadFailed', { error })
  )
  window.webContents.on('did-fail-load', (_event, code, description, url) =>
    log.error('window.loadFailed', { code, description, url })
  )
  void window.loadURL(PAGE_URL).catch(() => {
    // `did-fail-load` logs it.
  })
  return window
}
