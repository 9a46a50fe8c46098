// A log that a test can read.
import type { Log, LogDetail } from '../../../src/main/log.ts'

export type RecordedLogLine = { level: 'info' | 'warn' | 'error'; event: string; detail: LogDetail }
export type RecordingLog = Log & { lines: RecordedLogLine[]; events(): string[] }

export const createRecordingLog = (): RecordingLog => {
  const lines: RecordedLogLine[] = []
  const at =
    (level: RecordedLogLine['level']) =>
    (event: string, detail: LogDetail = {}) => {
      lines.push({ level, event, detail })
    }
  return {
    lines,
    events: () => lines.map(({ event }) => event),
    info: at('info'),
    warn: at('warn'),
    error: at('error')
  }
}
