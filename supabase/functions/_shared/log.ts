// One JSON line per event, for the platform's log search. Never a token, a key or what a person asked.

export type LogFields = Record<string, string | number | boolean | null>
export type Log = (level: 'info' | 'warn' | 'error', event: string, fields: LogFields) => void

export const consoleLog: Log = (level, event, fields) => {
  const line = JSON.stringify({ level, event, ...fields })
  if (level === 'info') console.log(line)
  else console.error(line)
}

/** What may be said of an exception in a log: its kind. Messages of libraries can quote a request. */
export const kindOfError = (error: unknown): string =>
  error instanceof Error ? error.name : typeof error
