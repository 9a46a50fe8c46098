// Writes main's log: one JSON line per event, with secrets redacted and floods cut.
import { type DestinationStream, pino } from 'pino'
import { createLogAllowances } from './log-allowance.ts'
import { redact, redactText } from './redaction.ts'

export type LogDetail = Record<string, unknown>
export type Log = {
  /** @param event dotted name, such as `handbook.searched` */
  info(event: string, detail?: LogDetail): void
  warn(event: string, detail?: LogDetail): void
  error(event: string, detail?: LogDetail): void
}

/** A line ends with a newline. */
export type LogSink = { write(line: string): void }

/** In `from` of the lines that the page writes. It chooses their names, so they share one allowance. */
export const FROM_PAGE = 'renderer'

/**
 * Writes every line to every sink. A sink that throws loses its line and never fails the caller. A source beyond its
 * allowance loses lines, and its next one says how many.
 */
export const createLog = (
  sinks: readonly LogSink[],
  nowMs: () => number = () => Date.now()
): Log => {
  const stream: DestinationStream = {
    write: (line) => {
      for (const sink of sinks) {
        try {
          sink.write(line)
        } catch {
          // A full disk or a closed stderr.
        }
      }
    }
  }
  const logger = pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) }
    },
    stream
  )
  const allowances = createLogAllowances(nowMs)
  const at =
    (level: 'info' | 'warn' | 'error') =>
    (event: string, detail: LogDetail = {}) => {
      const line = { event: redactText(event), ...plain(redact(detail)) }
      const source = detail.from === FROM_PAGE ? FROM_PAGE : event
      const dropped = allowances.admit(source, JSON.stringify(line).length)
      if (dropped === null) return
      logger[level](dropped === 0 ? line : { ...line, linesDropped: dropped })
    }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

const plain = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

/** Ignores errors: a closed reader must not end the kiosk with EPIPE. */
export const stderrSink = (stderr: NodeJS.WriteStream): LogSink => {
  stderr.on('error', () => {})
  return { write: (text) => void stderr.write(text) }
}
