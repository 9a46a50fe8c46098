// Writes one JSON line per event for the platform's log search, without tokens, keys or questions.

export type LogFields = Record<string, string | number | boolean | null>
export type Log = (level: 'info' | 'warn' | 'error', event: string, fields: LogFields) => void

/** Keys of OpenAI and Supabase, and JWTs. No field should hold one; this removes one that strays in. */
const SECRET = /\b(?:sk|ek|sb_secret|sb_publishable)[-_][\w-]{6,}|\beyJ[\w-]{8,}(?:\.[\w-]*){1,2}/g

export const withoutSecrets = (text: string): string => text.replace(SECRET, '[secret]')

export const consoleLog: Log = (level, event, fields) => {
  const line = withoutSecrets(JSON.stringify({ level, event, ...fields }))
  if (level === 'info') console.log(line)
  else console.error(line)
}

/** An exception's kind; the messages of libraries can quote a request. */
export const kindOfError = (error: unknown): string =>
  error instanceof Error ? error.name : typeof error
