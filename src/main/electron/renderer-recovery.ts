// Recovers the page when its process crashes or hangs or a script closes its window, and hangs up the calls of every page that
// is lost.
import type { BrowserWindow } from 'electron'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { MainApp } from '../main-app.ts'

/** Older crashes do not count. */
export const CRASH_WINDOW_MS = 5 * 60_000
/** After this many recent crashes, reloads have not helped. */
const CRASHES_BEFORE_NEW_WINDOW = 3
/** A page that does not respond for this long is ended: no garbage collection takes this long. */
export const UNRESPONSIVE_MS = 10_000
/** A single crash recovers before a cook notices; a crash loop must not load the machine. */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000

/** @param recentCrashes crashes within `CRASH_WINDOW_MS`, including the current one */
export const planRecovery = (recentCrashes: number) => ({
  action: recentCrashes >= CRASHES_BEFORE_NEW_WINDOW ? 'new_window' : 'reload',
  pauseMs: Math.min(FIRST_PAUSE_MS * 4 ** (recentCrashes - 1), LONGEST_PAUSE_MS)
})

export type RecoveryPorts = {
  kiosk: Pick<MainApp, 'pageLost' | 'pageCrashed'>
  clock: Clock
  log: Log
  /** Opens the window that replaces the lost one. */
  openAgain: () => BrowserWindow
  /** True while the app quits, or in a window that is not full screen. */
  mayClose: () => boolean
}

type Watched = Pick<BrowserWindow, 'on' | 'once' | 'isDestroyed' | 'reload' | 'destroy'> & {
  webContents: Pick<BrowserWindow['webContents'], 'on' | 'forcefullyCrashRenderer'>
}

/** Watches `window` and its replacements. */
export const recoverRenderer = (window: BrowserWindow, ports: RecoveryPorts): void => {
  const { clock, log } = ports
  let crashTimesMs: number[] = []

  const watch = (watched: Watched) => {
    let cancelRecovery = () => {}
    let cancelCrash = () => {}
    let isReplaced = false
    const stopTimers = () => {
      cancelRecovery()
      cancelCrash()
    }

    const recover = (action: string) => {
      if (watched.isDestroyed()) return
      if (action === 'reload') return watched.reload()
      isReplaced = true
      // The new window first: an app without a window quits.
      watch(ports.openAgain())
      watched.destroy()
    }

    // The previous page can open no more calls then, and the next one has not started.
    watched.webContents.on('did-navigate', () => void ports.kiosk.pageLost())
    watched.webContents.on('render-process-gone', (_event, details) => {
      log.error('window.rendererGone', { ...details })
      stopTimers()
      // `killed`: by the system or a person, not by a fault of this version.
      const isCrash = details.reason !== 'clean-exit' && details.reason !== 'killed'
      void (isCrash ? ports.kiosk.pageCrashed() : ports.kiosk.pageLost())
      // A closed window or a shutdown.
      if (details.reason === 'clean-exit' || watched.isDestroyed()) return
      const nowMs = clock.nowMs()
      crashTimesMs = [...crashTimesMs, nowMs].filter((atMs) => nowMs - atMs < CRASH_WINDOW_MS)
      const { action, pauseMs } = planRecovery(crashTimesMs.length)
      log.warn('window.recovering', { action, pauseMs, deaths: crashTimesMs.length })
      cancelRecovery = clock.after(pauseMs, () => recover(action))
    })
    watched.on('unresponsive', () => {
      log.warn('window.unresponsive')
      cancelCrash()
      cancelCrash = clock.after(UNRESPONSIVE_MS, () => {
        if (watched.isDestroyed()) return
        log.error('window.killedUnresponsive', { ms: UNRESPONSIVE_MS })
        // `render-process-gone` follows.
        watched.webContents.forcefullyCrashRenderer()
      })
    })
    watched.on('responsive', () => {
      log.info('window.responsive')
      cancelCrash()
    })
    watched.once('closed', () => {
      stopTimers()
      if (isReplaced || ports.mayClose()) return
      // `window.close()` in the page closes a window without its `close` event.
      log.warn('window.closedByPage')
      watch(ports.openAgain())
    })
  }
  watch(window)
}
