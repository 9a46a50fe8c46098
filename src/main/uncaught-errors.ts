// Logs an uncaught error and ends the process, because its state is unreliable; the system restarts the kiosk.
// Electron's default shows a dialog over the screen and continues.
import type { Log } from './log.ts'

/** @param end ends the process with a code that is not 0 */
export const exitOnUncaughtError = (
  source: Pick<NodeJS.Process, 'on'>,
  log: Log,
  end: () => void
): void => {
  const report = (kind: string) => (error: unknown) => {
    log.error('kiosk.uncaughtError', { kind, error })
    end()
  }
  source.on('uncaughtException', report('exception'))
  source.on('unhandledRejection', report('rejection'))
}
