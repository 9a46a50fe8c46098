// Reads and checks the environment variables of the kiosk.
import { type Credentials, credentialsSchema } from '../shared/account.ts'
import { type CallLimits, callLimitsSchema, DEFAULT_CALL_LIMITS } from '../shared/call-limits.ts'
import { failed, ok, type Result } from '../shared/failure.ts'
import { type NetworkPolicy, readNetworkPolicy } from './network/network-policy.ts'
import type { KioskVariable } from './policy/policy.ts'
import { redactText } from './redaction.ts'
import { readSecretFile } from './secret-file.ts'
import { readUpdatePolicy, type UpdatePolicy } from './updates/update-policy.ts'

const DEFAULT_OPENAI_BASE_URL = 'https://api.openai.com/v1'

export type Environment = {
  /** Without a trailing slash. */
  supabaseUrl: string
  publishableKey: string
  /** Without a trailing slash. */
  openaiBaseUrl: string
  /** Folder for settings, session and log; null: the shell's default. */
  userDataFolder: string | null
  /** Account to sign in with at a start without a session. */
  unattendedSignIn: Credentials | null
  /** Full screen without a frame; null: yes for a release. */
  fullScreen: boolean | null
  /** Display of a full-screen kiosk: `primary`, a number from 1, or part of its name. */
  display: string
  callLimits: CallLimits
  network: NetworkPolicy
  updates: UpdatePolicy
}

type Variables = Record<string, string | undefined>

/**
 * Reads the environment and removes every secret from `variables`, also secrets that are not the kiosk's: Electron copies
 * the environment to each window's preload, child processes inherit it, and crash reports contain it.
 * @returns all problems in one message of whole sentences, code `bad_request`
 */
export const readEnvironment = (variables: Variables): Result<Environment> => {
  const problems: string[] = []
  const source: Source = { variables, problems }
  const environment: Environment = {
    supabaseUrl: readUrl(source, 'HEARD_SUPABASE_URL', null),
    publishableKey: readPublishableKey(source),
    openaiBaseUrl: readUrl(source, 'HEARD_OPENAI_BASE_URL', DEFAULT_OPENAI_BASE_URL),
    userDataFolder: given(variables, 'HEARD_USER_DATA'),
    unattendedSignIn: readSignIn(source),
    fullScreen: readSwitch(source, 'HEARD_KIOSK'),
    display: given(variables, 'HEARD_DISPLAY') ?? 'primary',
    callLimits: readCallLimits(source),
    network: readNetworkPolicy((name) => given(variables, name), problems),
    updates: readUpdatePolicy(variables, problems)
  }
  removeSecrets(variables)
  return problems.length > 0 ? failed('bad_request', problems.join('\n')) : ok(environment)
}

/** The variables, and the problems that the readers add. */
type Source = { variables: Variables; problems: string[] }

const given = (variables: Variables, name: KioskVariable): string | null => {
  const value = variables[name]?.trim()
  return value === undefined || value === '' ? null : value
}

/** Not GNOME_KEYRING_CONTROL, which locates the keyring. */
const SECRET_NAME =
  /KEY(?!RING)|TOKEN|SECRET|PASSWORD|PASSWD|_PWD$|CREDENTIAL|SIGN_IN|DATABASE_URL|_DSN$/i

const removeSecrets = (variables: Variables): void => {
  for (const [name, value] of Object.entries(variables)) {
    const secret = value !== undefined && redactText(value) !== value
    if (secret || SECRET_NAME.test(name)) delete variables[name]
  }
}

const readPublishableKey = ({ variables, problems }: Source): string => {
  const name = 'HEARD_SUPABASE_PUBLISHABLE_KEY'
  const key = given(variables, name)
  if (key === null) {
    problems.push(`${name} is not set: give it the publishable key of the Supabase project.`)
  } else if (key.startsWith('sb_secret_')) {
    problems.push(
      `${name} holds a secret key: a kiosk must never have one. Give it the publishable key.`
    )
  }
  return key ?? ''
}

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]'])

const readUrl = (
  { variables, problems }: Source,
  name: KioskVariable,
  fallback: string | null
): string => {
  const text = given(variables, name) ?? fallback
  const url = text === null ? null : URL.parse(text)
  if (text === null) {
    problems.push(`${name} is not set: give it the address of the Supabase project.`)
  } else if (url === null) {
    problems.push(`${name} is not an address: it should look like https://example.supabase.co.`)
  } else if (!isPrivate(url)) {
    problems.push(`${name} must start with https:// (http:// only for this machine itself).`)
  } else if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    problems.push(`${name} must be a plain address, without a user, a query or a fragment.`)
  } else {
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  }
  return ''
}

/** Tokens travel to this address: in the clear only within the machine. */
const isPrivate = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOSTS.has(hostname))

const readSignIn = ({ variables, problems }: Source): Credentials | null => {
  const email = given(variables, 'HEARD_SIGN_IN_EMAIL')
  const path = given(variables, 'HEARD_SIGN_IN_PASSWORD_FILE')
  if (email === null && path === null) return null
  if (email === null || path === null) {
    problems.push(
      'HEARD_SIGN_IN_EMAIL and HEARD_SIGN_IN_PASSWORD_FILE belong together: set both or neither.'
    )
    return null
  }
  const secret = readSecretFile(path)
  if (!secret.ok) {
    problems.push(`HEARD_SIGN_IN_PASSWORD_FILE: ${secret.error.message}`)
    return null
  }
  const parsed = credentialsSchema.safeParse({ email, password: secret.value })
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

const readCallLimits = (source: Source): CallLimits => {
  const { problems } = source
  const before = problems.length
  const limits: CallLimits = {
    ...DEFAULT_CALL_LIMITS,
    ...readSeconds(source, 'rotateAfterMs'),
    ...readSeconds(source, 'rotateByMs'),
    ...readSeconds(source, 'idleGapMs'),
    ...readSeconds(source, 'useLimitMs'),
    ...readSeconds(source, 'idleMs'),
    standby: readSwitch(source, 'HEARD_CALL_STANDBY') ?? DEFAULT_CALL_LIMITS.standby,
    path: readPath(source)
  }
  if (problems.length === before && limits.rotateByMs < limits.rotateAfterMs) {
    const { rotateAfterMs, rotateByMs } = CALL_LIMIT_VARIABLES
    problems.push(
      `${rotateByMs} must not be less than ${rotateAfterMs} (${limits.rotateAfterMs / 1_000} s).`
    )
  }
  return limits
}

/** Reads seconds, with or without a fraction, as milliseconds; empty for a variable that is not set. */
const readSeconds = (
  { variables, problems }: Source,
  limit: keyof typeof CALL_LIMIT_VARIABLES
): Partial<CallLimits> => {
  const name = CALL_LIMIT_VARIABLES[limit]
  const text = given(variables, name)
  if (text === null) return {}
  const { shape } = callLimitsSchema
  const schema = limit === 'idleMs' ? shape.idleMs.unwrap() : shape[limit]
  const ms = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1_000) : Number.NaN
  if (schema.safeParse(ms).success) return { [limit]: ms }
  const [min, max] = [schema.minValue, schema.maxValue].map((edge) => Number(edge) / 1_000)
  problems.push(`${name} must be a number of seconds from ${min} to ${max}.`)
  return {}
}

const CALL_PATHS = callLimitsSchema.shape.path.options

const readPath = ({ variables, problems }: Source): CallLimits['path'] => {
  const text = given(variables, 'HEARD_CALL_PATH') ?? DEFAULT_CALL_LIMITS.path
  const path = CALL_PATHS.find((option) => option === text)
  if (path === undefined) problems.push(`HEARD_CALL_PATH must be one of ${CALL_PATHS.join(', ')}.`)
  return path ?? DEFAULT_CALL_LIMITS.path
}

/** null for a variable that is not set. */
const readSwitch = ({ variables, problems }: Source, name: KioskVariable): boolean | null => {
  const text = given(variables, name)
  if (text === null) return null
  if (text !== '0' && text !== '1') problems.push(`${name} must be 1 (on) or 0 (off).`)
  return text === '1'
}
