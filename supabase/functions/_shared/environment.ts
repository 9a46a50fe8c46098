// What the functions read from their environment, in one place: names, defaults and what is required.

export type ReadVariable = (name: string) => string | undefined

export type Environment = {
  supabaseUrl: string
  publishableKey: string
  /** Absent: sessions cannot be minted; searches fall back to keywords. */
  openaiApiKey: string | undefined
  openaiBaseUrl: string
  realtimeModel: string
  voice: string
  allowedOrigins: readonly string[]
}

/** The kiosk's renderer has this origin in every installation. */
const KIOSK_ORIGIN = 'app://kiosk'

const present = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === '' ? undefined : value.trim()

/** Projects with the new API keys pass them as JSON, `{"default": "sb_publishable_…"}`. */
const defaultKey = (json: string | undefined): string | undefined => {
  const text = present(json)
  if (text === undefined) return undefined
  try {
    const keys: unknown = JSON.parse(text)
    if (typeof keys !== 'object' || keys === null || !('default' in keys)) return undefined
    return typeof keys.default === 'string' ? present(keys.default) : undefined
  } catch {
    // The legacy variable is still there to be read.
    return undefined
  }
}

/** @throws Error naming the variable that is missing. */
export const readEnvironment = (read: ReadVariable): Environment => {
  const required = (name: string, value: string | undefined): string => {
    if (value === undefined) throw new Error(`${name} is not set`)
    return value
  }
  const baseUrl = present(read('OPENAI_BASE_URL')) ?? 'https://api.openai.com/v1'
  return {
    supabaseUrl: required('SUPABASE_URL', present(read('SUPABASE_URL'))),
    publishableKey: required(
      'SUPABASE_PUBLISHABLE_KEYS or SUPABASE_ANON_KEY',
      defaultKey(read('SUPABASE_PUBLISHABLE_KEYS')) ?? present(read('SUPABASE_ANON_KEY'))
    ),
    openaiApiKey: present(read('OPENAI_API_KEY')),
    openaiBaseUrl: baseUrl.replace(/\/+$/, ''),
    realtimeModel: present(read('OPENAI_REALTIME_MODEL')) ?? 'gpt-realtime-2.1',
    voice: present(read('OPENAI_REALTIME_VOICE')) ?? 'marin',
    allowedOrigins: [
      KIOSK_ORIGIN,
      ...(read('HEARD_ALLOWED_ORIGINS') ?? '')
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== '')
    ]
  }
}
