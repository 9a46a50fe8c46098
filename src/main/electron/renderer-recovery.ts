// Recovers the page when its process crashes or hangs, without a person's help.
import type { BrowserWindow } from 'electron'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { MainApp } from '../main-app.ts'
import { planRendererRecovery, recentCrashes, UNRESPONSIVE_MS } from '../renderer-recovery-plan.ts'

export type RecoveryPorts = {
  kiosk: Pick<MainApp, 'pageLost'>
  clock: Clock
  log: Log
  /** Opens the window that replaces the crashed one. */
  openAgain: () => BrowserWindow
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
    const stopTimers = () => {
      cancelRecovery()
      cancelCrash()
    }

    const recover = (action: 'reload' | 'new_window') => {
      if (watched.isDestroyed()) return
      if (action === 'reload') return watched.reload()
      // The new window first: an app without a window quits.
      watch(ports.openAgain())
      watched.destroy()
    }

    watched.webContents.on('render-process-gone', (_event, details) => {
      log.error('window.rendererGone', { ...details })
      stopTimers()
      void ports.kiosk.pageLost()
      // A closed window or a shutdown.
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
        // `render-process-gone` follows.
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
