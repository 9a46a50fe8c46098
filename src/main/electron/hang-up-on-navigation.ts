// A page that is reloaded or goes elsewhere says nothing of its calls any more: they are hung up for it.
import type { BrowserWindow } from 'electron'
import type { MainApp } from '../main-app.ts'

/** What is used of a window. */
type Watched = { webContents: Pick<BrowserWindow['webContents'], 'on'> }

/** A page whose process dies is `recovery.ts`'s; a window that is closed ends the app, and its calls with it. */
export const hangUpOnNavigation = (window: Watched, kiosk: Pick<MainApp, 'pageLost'>): void => {
  // When the next page is there: the one before it cannot open another call then, and this one has not begun.
  window.webContents.on('did-navigate', () => void kiosk.pageLost())
}
