// A log that a test can read.
import type { Log, LogDetail } from '../../../src/main/log.ts'

export type RememberedLine = { level: 'info' | 'warn' | 'error'; event: string; detail: LogDetail }
export type RememberingLog = Log & { lines: RememberedLine[]; events(): string[] }

export const createRememberingLog = (): RememberingLog => {
  const lines: RememberedLine[] = []
  const at =
    (level: RememberedLine['level']) =>
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
