// What the kiosk is told from outside: which backend, which model, which folder, which account.
import { type Credentials, credentialsSchema } from '../shared/account.ts'
import { type CallLimits, callLimitsSchema, DEFAULT_CALL_LIMITS } from '../shared/call-limits.ts'
import { failed, ok, type Result } from '../shared/failure.ts'
import { redactText } from './redaction.ts'
import { readUpdatePolicy, type UpdatePolicy } from './updates/update-policy.ts'

const DEFAULT_OPENAI_BASE_URL = 'https://api.openai.com/v1'

export type Environment = {
  /** Without a slash at the end. */
  supabaseUrl: string
  publishableKey: string
  /** Without a slash at the end. */
  openaiBaseUrl: string
  /** Folder for settings, session and log; null: the shell's own default. */
  userDataFolder: string | null
  /** Account to sign in with at start when no session could be restored. */
  unattendedSignIn: Credentials | null
  /** Full screen without a frame; null: as the package has it, which is yes for a release. */
  fullScreen: boolean | null
  /** Which display a full-screen kiosk is on: `primary`, a number from 1, or part of its name. */
  display: string
  callLimits: CallLimits
  updates: UpdatePolicy
}

type Variables = Record<string, string | undefined>

/**
 * Reads and checks the environment, and takes every secret out of `variables`, the kiosk's own and any that
 * happen to be there: Electron hands a copy of the environment to each window's preload, child processes
 * inherit it, and crash reports carry it.
 * @returns all problems in one message of whole sentences, code `bad_request`
 */
export const readEnvironment = (variables: Variables): Result<Environment> => {
  const problems: string[] = []
  const supabaseUrl = readUrl(variables, 'HEARD_SUPABASE_URL', null, problems)
  const openaiBaseUrl = readUrl(
    variables,
    'HEARD_OPENAI_BASE_URL',
    DEFAULT_OPENAI_BASE_URL,
    problems
  )
  const publishableKey = given(variables, 'HEARD_SUPABASE_PUBLISHABLE_KEY')
  if (publishableKey === null) {
    problems.push(
      'HEARD_SUPABASE_PUBLISHABLE_KEY is not set: give it the publishable key of the Supabase project.'
    )
  } else if (publishableKey.startsWith('sb_secret_')) {
    problems.push(
      'HEARD_SUPABASE_PUBLISHABLE_KEY holds a secret key: a kiosk must never have one. Give it the publishable key.'
    )
  }
  const unattendedSignIn = readSignIn(variables, problems)
  const callLimits = readCallLimits(variables, problems)
  const updates = readUpdatePolicy(variables, problems)
  const fullScreen = readOptionalSwitch(variables, 'HEARD_KIOSK', problems)
  removeSecrets(variables)
  if (problems.length > 0) return failed('bad_request', problems.join('\n'))
  return ok({
    supabaseUrl,
    publishableKey: publishableKey ?? '',
    openaiBaseUrl,
    userDataFolder: given(variables, 'HEARD_USER_DATA'),
    unattendedSignIn,
    fullScreen,
    display: given(variables, 'HEARD_DISPLAY') ?? 'primary',
    callLimits,
    updates
  })
}

const given = (variables: Variables, name: string): string | null => {
  const value = variables[name]?.trim()
  return value === undefined || value === '' ? null : value
}

/** Not GNOME_KEYRING_CONTROL, which is how the keyring is found. */
const SECRET_NAME = /KEY(?!RING)|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|SIGN_IN/i

const removeSecrets = (variables: Variables): void => {
  for (const [name, value] of Object.entries(variables)) {
    const secret = value !== undefined && redactText(value) !== value
    if (secret || SECRET_NAME.test(name)) delete variables[name]
  }
}

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]'])

const readUrl = (
  variables: Variables,
  name: string,
  fallback: string | null,
  problems: string[]
): string => {
  const text = given(variables, name) ?? fallback
  if (text === null) {
    problems.push(`${name} is not set: give it the address of the Supabase project.`)
    return ''
  }
  if (!URL.canParse(text)) {
    problems.push(`${name} is not an address: it should look like https://example.supabase.co.`)
    return ''
  }
  const url = new URL(text)
  // Tokens travel to this address; in the clear only where they do not leave the machine.
  const safe =
    url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname))
  if (!safe) {
    problems.push(`${name} must start with https:// (http:// only for this machine itself).`)
    return ''
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    problems.push(`${name} must be a plain address, without a user, a query or a fragment.`)
    return ''
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

const readSignIn = (variables: Variables, problems: string[]): Credentials | null => {
  const email = given(variables, 'HEARD_SIGN_IN_EMAIL')
  // A password may begin or end with a space: it is not trimmed.
  const password = variables.HEARD_SIGN_IN_PASSWORD ?? ''
  if (email === null && password === '') return null
  if (email === null || password === '') {
    problems.push(
      'HEARD_SIGN_IN_EMAIL and HEARD_SIGN_IN_PASSWORD belong together: set both or neither.'
    )
    return null
  }
  const parsed = credentialsSchema.safeParse({ email, password })
  if (parsed.success) return parsed.data
  problems.push('HEARD_SIGN_IN_EMAIL is not an e-mail address, or the password is too long.')
  return null
}

const CALL_LIMIT_VARIABLES = {
  rotateAfterMs: 'HEARD_CALL_ROTATE_SECONDS',
  rotateByMs: 'HEARD_CALL_ROTATE_BY_SECONDS',
  idleGapMs: 'HEARD_CALL_IDLE_GAP_SECONDS',
  useLimitMs: 'HEARD_CALL_USE_LIMIT_SECONDS',
  idleMs: 'HEARD_CALL_IDLE_SECONDS'
} as const

const CALL_PATHS = callLimitsSchema.shape.path.options

const readCallLimits = (variables: Variables, problems: string[]): CallLimits => {
  const before = problems.length
  const limits = {
    rotateAfterMs: readSeconds(variables, 'rotateAfterMs', problems),
    rotateByMs: readSeconds(variables, 'rotateByMs', problems),
    idleGapMs: readSeconds(variables, 'idleGapMs', problems),
    useLimitMs: readSeconds(variables, 'useLimitMs', problems),
    standby: readSwitch(variables, 'HEARD_CALL_STANDBY', DEFAULT_CALL_LIMITS.standby, problems),
    idleMs:
      given(variables, CALL_LIMIT_VARIABLES.idleMs) === null
        ? DEFAULT_CALL_LIMITS.idleMs
        : readSeconds(variables, 'idleMs', problems),
    path: readPath(variables, problems)
  }
  if (problems.length === before && limits.rotateByMs < limits.rotateAfterMs) {
    const { rotateAfterMs, rotateByMs } = CALL_LIMIT_VARIABLES
    problems.push(
      `${rotateByMs} must not be less than ${rotateAfterMs} (${limits.rotateAfterMs / 1_000} s).`
    )
  }
  return limits
}

/** Seconds as IT writes them, with a fraction or without, as milliseconds within the limit's own range. */
const readSeconds = (
  variables: Variables,
  limit: keyof typeof CALL_LIMIT_VARIABLES,
  problems: string[]
): number => {
  const name = CALL_LIMIT_VARIABLES[limit]
  const text = given(variables, name)
  const fallback = DEFAULT_CALL_LIMITS[limit] ?? 0
  if (text === null) return fallback
  const schema =
    limit === 'idleMs' ? callLimitsSchema.shape.idleMs.unwrap() : callLimitsSchema.shape[limit]
  const ms = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1_000) : Number.NaN
  if (schema.safeParse(ms).success) return ms
  const [min, max] = [schema.minValue, schema.maxValue].map((edge) => Number(edge) / 1_000)
  problems.push(`${name} must be a number of seconds from ${min} to ${max}.`)
  return fallback
}

const readPath = (variables: Variables, problems: string[]): CallLimits['path'] => {
  const text = given(variables, 'HEARD_CALL_PATH')
  const path = CALL_PATHS.find((option) => option === (text ?? DEFAULT_CALL_LIMITS.path))
  if (path !== undefined) return path
  problems.push(`HEARD_CALL_PATH must be one of ${CALL_PATHS.join(', ')}.`)
  return DEFAULT_CALL_LIMITS.path
}

const readOptionalSwitch = (
  variables: Variables,
  name: string,
  problems: string[]
): boolean | null =>
  given(variables, name) === null ? null : readSwitch(variables, name, false, problems)

const readSwitch = (
  variables: Variables,
  name: string,
  fallback: boolean,
  problems: string[]
): boolean => {
  const text = given(variables, name)
  if (text === null) return fallback
  if (text !== '0' && text !== '1') problems.push(`${name} must be 1 (on) or 0 (off).`)
  return text === '1'
}
