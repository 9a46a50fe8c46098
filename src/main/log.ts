// Writes main's log: one JSON line per event, with secrets redacted.
import { type DestinationStream, pino } from 'pino'
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

/** Writes every line to every sink. A sink that throws loses its line and never fails the caller. */
export const createLog = (sinks: readonly LogSink[]): Log => {
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
  const line = (event: string, detail: LogDetail | undefined) => ({
    event: redactText(event),
    ...plain(redact(detail ?? {}))
  })
  return {
    info: (event, detail) => logger.info(line(event, detail)),
    warn: (event, detail) => logger.warn(line(event, detail)),
    error: (event, detail) => logger.error(line(event, detail))
  }
}

const plain = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

/** Ignores errors: a closed reader must not end the kiosk with EPIPE. */
export const stderrSink = (stderr: NodeJS.WriteStream): LogSink => {
  stderr.on('error', () => {})
  return { write: (text) => void stderr.write(text) }
}
