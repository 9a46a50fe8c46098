// One JSON line per event, for the platform's log search. Never a token, a key or what a person asked.

export type LogFields = Record<string, string | number | boolean | null>
export type Log = (level: 'info' | 'warn' | 'error', event: string, fields: LogFields) => void

/**
 * The shapes of keys and tokens: OpenAI's, Supabase's, and a JWT. No field is meant to hold one; this is for the one
 * that does by mistake, before it is in a log for good.
 */
const SECRET = /\b(?:sk|ek|sb_secret|sb_publishable)[-_][\w-]{6,}|\beyJ[\w-]{8,}(?:\.[\w-]*){1,2}/g

export const withoutSecrets = (text: string): string => text.replace(SECRET, '[secret]')

export const consoleLog: Log = (level, event, fields) => {
  const line = withoutSecrets(JSON.stringify({ level, event, ...fields }))
  if (level === 'info') console.log(line)
  else console.error(line)
}

/** What may be said of an exception in a log: its kind. Messages of libraries can quote a request. */
export const kindOfError = (error: unknown): string =>
  error instanceof Error ? error.name : typeof error
