// Brings the kiosk's page back when its process has died or does not answer: nobody stands by with a mouse.
import type { BrowserWindow } from 'electron'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { MainApp } from '../main-app.ts'
import { planRendererRecovery, recentCrashes, UNRESPONSIVE_MS } from '../renderer-recovery-plan.ts'

export type RecoveryPorts = {
  kiosk: Pick<MainApp, 'pageLost'>
  clock: Clock
  log: Log
  /** Opens a window in place of the one that is given up, which is closed afterwards. */
  openAgain: () => BrowserWindow
}

/** What is used of a window. */
type Watched = Pick<BrowserWindow, 'on' | 'once' | 'isDestroyed' | 'reload' | 'destroy'> & {
  webContents: Pick<BrowserWindow['webContents'], 'on' | 'forcefullyCrashRenderer'>
}

/** Watches `window`, and every window that takes its place. */
export const recoverRenderer = (window: BrowserWindow, ports: RecoveryPorts): void => {
  const { clock, log } = ports
  let crashTimesMs: number[] = []

  const watch = (watched: Watched) => {
    let cancelRecovery = () => {}
    let cancelCrash = () => {}
    const stopTimers = () => {
      cancelRecovery()
      cancelCrash()
    }

    const recover = (action: 'reload' | 'new_window') => {
      if (watched.isDestroyed()) return
      if (action === 'reload') return watched.reload()
      // The new one first: an app without a window quits.
      watch(ports.openAgain())
      watched.destroy()
    }

    watched.webContents.on('render-process-gone', (_event, details) => {
      log.error('window.rendererGone', { ...details })
      stopTimers()
      void ports.kiosk.pageLost()
      // The window was closed, or the machine shuts down.
      if (details.reason === 'clean-exit' || watched.isDestroyed()) return
      const nowMs = clock.nowMs()
      crashTimesMs = [...recentCrashes(crashTimesMs, nowMs), nowMs]
      const { action, pauseMs } = planRendererRecovery(crashTimesMs, nowMs)
      log.warn('window.recovering', { action, pauseMs, deaths: crashTimesMs.length })
      cancelRecovery = clock.after(pauseMs, () => recover(action))
    })
    watched.on('unresponsive', () => {
      log.warn('window.unresponsive')
      cancelCrash()
      cancelCrash = clock.after(UNRESPONSIVE_MS, () => {
        if (watched.isDestroyed()) return
        log.error('window.killedUnresponsive', { ms: UNRESPONSIVE_MS })
        // Its end is heard above like any other.
        watched.webContents.forcefullyCrashRenderer()
      })
    })
    watched.on('responsive', () => {
      log.info('window.responsive')
      cancelCrash()
    })
    watched.once('closed', stopTimers)
  }
  watch(window)
}
