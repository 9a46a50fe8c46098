// What every feature of the app uses: the window, the bridge, the state, the clock and the log.
import type { Bridge } from '../../shared/contract.ts'
import type { Settings } from '../../shared/settings.ts'
import { type Schedule, schedule } from '../schedule.ts'
import type { KioskState } from './kiosk-state.ts'
import type { Store } from './store.ts'

type LogDetail = Record<string, string | number | boolean | null>

export type AppContext = {
  page: Window
  bridge: Bridge
  store: Store<KioskState>
  settings: () => Settings
  schedule: Schedule
  /** Monotonic milliseconds, on the clock of the DOM's events. */
  now: () => number
  log: (level: 'info' | 'warn' | 'error', event: string, detail: LogDetail) => void
  warn: (event: string, message: string) => void
}

export const createAppContext = (
  page: Window,
  bridge: Bridge,
  store: Store<KioskState>
): AppContext => {
  const log: AppContext['log'] = (level, event, detail) => {
    // Main counts and logs a line that it rejects; without the bridge the line is lost.
    void bridge.call('log.write', { level, event, detail })
  }
  return {
    page,
    bridge,
    store,
    settings: () => store.get().settings,
    schedule,
    now: () => performance.now(),
    log,
    warn: (event, message) => log('warn', event, { message })
  }
}
