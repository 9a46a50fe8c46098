// The machine's policy: values that IT sets in a file which only an administrator can write.
import { z } from 'zod'

/** Every variable that the kiosk reads (docs/environment.md). */
export const KIOSK_VARIABLES = [
  'HEARD_SUPABASE_URL',
  'HEARD_SUPABASE_PUBLISHABLE_KEY',
  'HEARD_OPENAI_BASE_URL',
  'HEARD_SIGN_IN_EMAIL',
  'HEARD_SIGN_IN_PASSWORD_FILE',
  'HEARD_USER_DATA',
  'HEARD_KIOSK',
  'HEARD_DISPLAY',
  'HEARD_CALL_ROTATE_SECONDS',
  'HEARD_CALL_ROTATE_BY_SECONDS',
  'HEARD_CALL_IDLE_GAP_SECONDS',
  'HEARD_CALL_USE_LIMIT_SECONDS',
  'HEARD_CALL_STANDBY',
  'HEARD_CALL_IDLE_SECONDS',
  'HEARD_CALL_PATH',
  'HEARD_PROXY',
  'HEARD_PROXY_BYPASS',
  'HEARD_PROXY_USER',
  'HEARD_PROXY_PASSWORD_FILE',
  'HEARD_CLIENT_CERTIFICATE_ISSUER',
  'HEARD_UPDATES',
  'HEARD_UPDATE_CHANNEL',
  'HEARD_UPDATE_FEED',
  'HEARD_UPDATE_WINDOW',
  'HEARD_UPDATE_TIME_ZONE',
  'HEARD_UPDATE_IDLE_SECONDS',
  'HEARD_UPDATE_CHECK_SECONDS',
  'HEARD_UPDATE_REQUIRED_DAYS'
] as const
export type KioskVariable = (typeof KIOSK_VARIABLES)[number]
const variableSchema = z.enum(KIOSK_VARIABLES)

/** Bounds what a file can make the kiosk hold. */
const VALUE_LENGTH = 2_000

export const policySchema = z.strictObject({
  /** Values of the kiosk's variables. */
  variables: z.partialRecord(variableSchema, z.string().max(VALUE_LENGTH)).default({}),
  /** Variables that the environment of a release may set. Its value replaces the policy's. */
  fromEnvironment: z.array(variableSchema).default([]),
  /** Until this moment, at most a day ahead, the settings open without the PIN: `2026-12-01T18:00:00-05:00`. */
  settingsOpenUntil: z.iso.datetime({ offset: true }).optional()
})
export type Policy = z.infer<typeof policySchema>

const OPEN_LIMIT_MS = 86_400_000

/** Whether the settings are open. A moment further ahead opens nothing: a forgotten entry would open them for years. */
export const opensSettings = (policy: Policy, nowMs: number): boolean => {
  const leftMs = Date.parse(policy.settingsOpenUntil ?? '') - nowMs
  return leftMs > 0 && leftMs <= OPEN_LIMIT_MS
}

export const NO_POLICY: Policy = { variables: {}, fromEnvironment: [] }

export type PolicyReading =
  | { kind: 'absent' }
  | { kind: 'read'; policy: Policy }
  /**
   * The file stays as it is, and the kiosk does not start: a guess could choose another backend.
   * `unprotected`: an account other than an administrator could have written it.
   */
  | { kind: 'broken'; problem: 'unprotected' | 'unreadable' | 'invalid'; message: string }

/** @param text the content of the file @param path for the message */
export const parsePolicy = (text: string, path: string): PolicyReading => {
  const invalid = (why: string): PolicyReading => ({
    kind: 'broken',
    problem: 'invalid',
    message: `The policy file ${path} is not valid: ${why}.`
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // A SyntaxError quotes the file, which may hold a key.
    return invalid('it is not JSON')
  }
  const parsed = policySchema.safeParse(value)
  if (parsed.success) return { kind: 'read', policy: parsed.data }
  const [issue] = parsed.error.issues
  const field = issue?.path.map(String).join('.') ?? ''
  return invalid(`${field === '' ? 'the file' : field}: ${issue?.message ?? 'unreadable'}`)
}
