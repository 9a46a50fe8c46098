// Reads the functions' environment: names, defaults, required variables and allowed values. An error names the variable
// and its rule, never its value, which may be a misplaced key.
import { readJson } from './read-json.ts'
import { REASONING_EFFORTS, type ReasoningEffort, type SessionSettings } from './session-config.ts'

type ReadVariable = (name: string) => string | undefined

export type Environment = {
  supabaseUrl: string
  publishableKey: string
  /** The project has a key that passes row-level security. No function uses it. */
  hasSecretKey: boolean
  /** Undefined: no session can be minted, and searches use keywords only. */
  openaiApiKey: string | undefined
  openaiBaseUrl: string
  session: SessionSettings
  /** Lifetime of an ephemeral key that is kept ready for a press. */
  keySeconds: number
  /** Per person, on average; `rate-limit.ts` allows bursts. */
  requestsPerMinute: number
  allowedOrigins: readonly string[]
  /** The platform's region; null where it names none. */
  region: string | null
}

/** Enough to verify a token. */
export type Project = Pick<Environment, 'supabaseUrl' | 'publishableKey'>

export type EnvironmentReading =
  | { ok: true; environment: Environment; project: Project }
  /** One sentence per variable. `project` where its two variables are readable. */
  | { ok: false; problems: string[]; project: Project | undefined }

/** The origin of every kiosk's renderer. */
const KIOSK_ORIGIN = 'app://kiosk'
const OPENAI_BASE_URL = 'https://api.openai.com/v1'

/** The service's own voices (API reference, November 2026); a project's voices begin with `voice_`. */
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
/** The passages are given and answers are short. Published first audio: 1.12 s at minimal effort, 2.33 s at high. */
const REASONING_EFFORT: ReasoningEffort = 'minimal'
/** The API takes 10 to 7,200; the kiosk replaces a ready key 15 s before it expires. */
const KEY_SECONDS = { least: 60, most: 7_200, default: 600 } as const
/** A busy kiosk asks ten questions a minute; several kiosks may share an account. */
const REQUESTS_PER_MINUTE = { least: 1, most: 1_000_000, default: 600 } as const

const present = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === '' ? undefined : value.trim()

/** The new API keys come as JSON, `{"default": "sb_publishable_…"}`; the caller falls back to the legacy variable. */
const defaultKey = (json: string | undefined): string | undefined => {
  const keys = readJson(json ?? '')
  if (typeof keys !== 'object' || keys === null || !('default' in keys)) return undefined
  return typeof keys.default === 'string' ? present(keys.default) : undefined
}

/** Plain http is only for a stand-in on this machine or on a container's host. */
const LOCAL_HOSTS = ['127.0.0.1', 'localhost', '[::1]', 'host.docker.internal']

const isBaseUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, search, hash, username, password } = new URL(text)
  if (search !== '' || hash !== '' || username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && LOCAL_HOSTS.includes(hostname))
}

const isOrigin = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\/[^\s/,*]+$/.test(text)

const originsIn = (list: string): string[] =>
  list
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '')

/** Reports every problem at once. */
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
      historyTokens: count('OPENAI_REALTIME_HISTORY_TOKENS', HISTORY_TOKENS),
      reasoningEffort: checked(
        'OPENAI_REALTIME_REASONING_EFFORT',
        REASONING_EFFORT,
        (value) => REASONING_EFFORTS.some((effort) => effort === value),
        `one of ${REASONING_EFFORTS.join(', ')}`
      ) as ReasoningEffort
    },
    keySeconds: count('OPENAI_REALTIME_KEY_SECONDS', KEY_SECONDS),
    requestsPerMinute: count('HEARD_REQUESTS_PER_MINUTE', REQUESTS_PER_MINUTE),
    allowedOrigins: [
      KIOSK_ORIGIN,
      ...originsIn(
        checked(
          'HEARD_ALLOWED_ORIGINS',
          '',
          (value) => originsIn(value).every(isOrigin),
          'origins with scheme and host, separated by commas, without * and without a path'
        )
      )
    ],
    region: present(read('SB_REGION')) ?? null
  }
  return problems.length === 0 && project !== undefined
    ? { ok: true, environment, project }
    : { ok: false, problems, project }
}

/** @throws Error naming every variable that is missing or invalid */
export const readEnvironment = (read: ReadVariable): Environment => {
  const reading = tryEnvironment(read)
  if (!reading.ok) throw new Error(reading.problems.join('; '))
  return reading.environment
}
