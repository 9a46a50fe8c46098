// What nobody caught: into the log first, then the process ends, because what it holds can no longer be
// trusted; whatever started the kiosk starts it again. Without this Electron would put a dialog over the
// screen and carry on behind it.
import type { Log } from './log.ts'

type DefectSource = Pick<NodeJS.Process, 'on'>

/** @param end ends the process with a code that is not 0 */
export const exitOnUncaughtError = (source: DefectSource, log: Log, end: () => void): void => {
  const report = (kind: string) => (error: unknown) => {
    log.error('kiosk.uncaughtError', { kind, error })
    end()
  }
  source.on('uncaughtException', report('exception'))
  source.on('unhandledRejection', report('rejection'))
}
