// Hangs up the calls of a page that was reloaded: it reports them no more.
import type { BrowserWindow } from 'electron'
import type { MainApp } from '../main-app.ts'

type Watched = { webContents: Pick<BrowserWindow['webContents'], 'on'> }

/** `renderer-recovery.ts` does the same for a crash; a closed window ends the app. */
export const hangUpOnNavigation = (window: Watched, kiosk: Pick<MainApp, 'pageLost'>): void => {
  // `did-navigate`: the previous page can open no more calls, and the next one has not started.
  window.webContents.on('did-navigate', () => void kiosk.pageLost())
}
