// Carries the contract over Electron's IPC: one channel per call and notification, for the window's main frame only.
import type { BrowserWindow, IpcMain, IpcMainInvokeEvent } from 'electron'
import { CALL_NAMES, CHANNEL_PREFIX } from '../../shared/contract-names.ts'
import type { Sender } from '../call-dispatcher.ts'
import type { MainApp } from '../main-app.ts'
import { isKioskUrl } from './origin.ts'

/** Registers every call once; the sender is checked against the window at the time of the call. */
export const serveCalls = (
  ipcMain: IpcMain,
  kiosk: Pick<MainApp, 'answer'>,
  currentWindow: () => BrowserWindow | null
): void => {
  for (const name of CALL_NAMES) {
    ipcMain.handle(`${CHANNEL_PREFIX}${name}`, (event, input) =>
      kiosk.answer(name, input, senderOf(event, currentWindow()))
    )
  }
}

/**
 * Trusts the main frame of the kiosk's window while it shows the kiosk's page. Compares frames, because a sub-frame
 * has the same WebContents as its window.
 */
export const senderOf = (
  event: Pick<IpcMainInvokeEvent, 'senderFrame'>,
  window: BrowserWindow | null
): Sender => {
  const frame = event.senderFrame
  if (window === null || window.isDestroyed() || frame === null) {
    return { trusted: false, reason: 'The call came from a frame that is gone.' }
  }
  if (frame !== window.webContents.mainFrame) {
    return { trusted: false, reason: 'The call came from a frame that is not the kiosk’s window.' }
  }
  if (!isKioskUrl(frame.url)) {
    return { trusted: false, reason: 'The call came from a page that is not the kiosk’s.' }
  }
  return { trusted: true }
}

export const sendNotifications = (
  kiosk: Pick<MainApp, 'onNotification'>,
  currentWindow: () => BrowserWindow | null
): void => {
  kiosk.onNotification(({ name, payload }) => {
    const window = currentWindow()
    if (window === null || window.isDestroyed() || window.webContents.isCrashed()) return
    window.webContents.mainFrame.send(`${CHANNEL_PREFIX}${name}`, payload)
  })
}
