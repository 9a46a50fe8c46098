// What the functions read from their environment, in one place: names, defaults, what is required and what is
// allowed. Errors name the variable and the rule, never what it held: somebody may have put a key there.
import { EMBEDDING_MODEL, EMBEDDING_MODELS } from './embedding.ts'
import type { SessionSettings } from './session-config.ts'

export type ReadVariable = (name: string) => string | undefined

export type Environment = {
  supabaseUrl: string
  publishableKey: string
  /** Whether the project has a key that passes row-level security. No function uses it. */
  hasSecretKey: boolean
  /** Absent: sessions cannot be minted; searches fall back to keywords. */
  openaiApiKey: string | undefined
  openaiBaseUrl: string
  /** Of the first question of a restaurant, before its answer said with which model it is compared. */
  embeddingModel: string
  session: SessionSettings
  /** Life of an ephemeral key that has not been used. */
  keySeconds: number
  /** Of one person, on average; `rate-limit.ts` says what is allowed above it for a moment. */
  requestsPerMinute: number
  allowedOrigins: readonly string[]
  /** Where the platform runs this function; null where it does not say. */
  region: string | null
}

/** Enough to ask the project who somebody is. */
export type Project = Pick<Environment, 'supabaseUrl' | 'publishableKey'>

export type EnvironmentReading =
  | { ok: true; environment: Environment; project: Project }
  /** One sentence for each variable, with its name. `project` where that much was readable. */
  | { ok: false; problems: string[]; project: Project | undefined }

/** The kiosk's renderer has this origin in every installation. */
const KIOSK_ORIGIN = 'app://kiosk'
const OPENAI_BASE_URL = 'https://api.openai.com/v1'

/** The service's own voices (API reference, November 2026); a project's own begin with `voice_`. */
const VOICES = [
  'alloy',
  'ash',
  'ballad',
  'cedar',
  'coral',
  'echo',
  'marin',
  'sage',
  'shimmer',
  'verse'
]

/** Three sentences are about 100 tokens of text and 400 of audio; this leaves room and stops a monologue. */
const MAX_OUTPUT_TOKENS = { least: 1, most: 4_096, default: 1_200 } as const
/** The smallest context among the realtime models is 32,000 tokens, instructions included. */
const HISTORY_TOKENS = { least: 500, most: 24_000, default: 8_000 } as const
/** The API takes 10 to 7,200; the kiosk replaces a ready key a minute before it expires. */
const KEY_SECONDS = { least: 120, most: 7_200, default: 600 } as const
/** A kiosk that is used all the time asks ten questions a minute; several may share an account. */
const REQUESTS_PER_MINUTE = { least: 1, most: 1_000_000, default: 600 } as const

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

/** Plain http is for a stand-in on this machine, or on the one that a container runs on. */
const LOCAL_HOSTS = ['127.0.0.1', 'localhost', '[::1]', 'host.docker.internal']

const isBaseUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, search, hash, username, password } = new URL(text)
  if (search !== '' || hash !== '' || username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && LOCAL_HOSTS.includes(hostname))
}

const isOrigin = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\/[^\s/,*]+$/.test(text)

/** Everything that is wrong at once: whoever sets variables does not want to learn of them one by one. */
export const tryEnvironment = (read: ReadVariable): EnvironmentReading => {
  const problems: string[] = []

  const required = (name: string, value: string | undefined): string => {
    if (value === undefined) problems.push(`${name} is not set`)
    return value ?? ''
  }
  const checked = (
    name: string,
    otherwise: string,
    isValid: (value: string) => boolean,
    rule: string
  ): string => {
    const value = present(read(name))
    if (value === undefined) return otherwise
    if (isValid(value)) return value
    problems.push(`${name} must be ${rule}`)
    return otherwise
  }
  const count = (name: string, range: { least: number; most: number; default: number }): number =>
    Number(
      checked(
        name,
        String(range.default),
        (value) =>
          /^\d{1,9}$/.test(value) && Number(value) >= range.least && Number(value) <= range.most,
        `a whole number from ${range.least} to ${range.most}`
      )
    )

  const supabaseUrl = required('SUPABASE_URL', present(read('SUPABASE_URL')))
  if (supabaseUrl !== '' && !URL.canParse(supabaseUrl)) {
    problems.push('SUPABASE_URL must be an address')
  }
  const publishableKey = required(
    'SUPABASE_PUBLISHABLE_KEYS or SUPABASE_ANON_KEY',
    defaultKey(read('SUPABASE_PUBLISHABLE_KEYS')) ?? present(read('SUPABASE_ANON_KEY'))
  )
  const project = problems.length === 0 ? { supabaseUrl, publishableKey } : undefined
  const maxOutputName = 'OPENAI_REALTIME_MAX_OUTPUT_TOKENS'
  const environment: Environment = {
    supabaseUrl,
    publishableKey,
    hasSecretKey:
      (defaultKey(read('SUPABASE_SECRET_KEYS')) ?? present(read('SUPABASE_SERVICE_ROLE_KEY'))) !==
      undefined,
    openaiApiKey: present(read('OPENAI_API_KEY')),
    openaiBaseUrl: checked(
      'OPENAI_BASE_URL',
      OPENAI_BASE_URL,
      isBaseUrl,
      'an https address, or http on this machine, with its version and without a query'
    ).replace(/\/+$/, ''),
    embeddingModel: checked(
      'OPENAI_EMBEDDING_MODEL',
      EMBEDDING_MODEL,
      (value) => EMBEDDING_MODELS.includes(value),
      `one of ${EMBEDDING_MODELS.join(', ')}`
    ),
    session: {
      model: checked(
        'OPENAI_REALTIME_MODEL',
        'gpt-realtime-2.1',
        (value) => /^[A-Za-z0-9][\w.:-]{0,99}$/.test(value),
        'the name of a model'
      ),
      voice: checked(
        'OPENAI_REALTIME_VOICE',
        'marin',
        (value) => VOICES.includes(value) || /^voice_\w{1,100}$/.test(value),
        `one of ${VOICES.join(', ')}, or a voice_… of the project`
      ),
      maxOutputTokens:
        present(read(maxOutputName)) === 'inf' ? 'inf' : count(maxOutputName, MAX_OUTPUT_TOKENS),
      historyTokens: count('OPENAI_REALTIME_HISTORY_TOKENS', HISTORY_TOKENS)
    },
    keySeconds: count('OPENAI_REALTIME_KEY_SECONDS', KEY_SECONDS),
    requestsPerMinute: count('HEARD_REQUESTS_PER_MINUTE', REQUESTS_PER_MINUTE),
    allowedOrigins: [
      KIOSK_ORIGIN,
      ...checked(
        'HEARD_ALLOWED_ORIGINS',
        '',
        (value) =>
          value
            .split(',')
            .map((origin) => origin.trim())
            .every((origin) => origin === '' || isOrigin(origin)),
        'origins with scheme and host, separated by commas, without * and without a path'
      )
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== '')
    ],
    region: present(read('SB_REGION')) ?? null
  }
  return problems.length === 0 && project !== undefined
    ? { ok: true, environment, project }
    : { ok: false, problems, project }
}

/** @throws Error naming every variable that is missing or wrong. */
export const readEnvironment = (read: ReadVariable): Environment => {
  const reading = tryEnvironment(read)
  if (!reading.ok) throw new Error(reading.problems.join('; '))
  return reading.environment
}
