// Reads the variables of `npm run check:hosted`: the kiosk's own, its account and the database's connection.
import { z } from 'zod'
import { readEnvironment } from '../../src/main/environment.ts'
import type { Credentials } from '../../src/shared/account.ts'
import { failed, ok, type Result } from '../../src/shared/failure.ts'

export type HostedProject = {
  supabaseUrl: string
  publishableKey: string
  account: Credentials
  /** postgresql://…, without its password. */
  databaseUrl: string
  databasePassword: string
  /** A restaurant without this account; null: an id that does not exist. */
  otherGroupId: string | null
}

/** With their descriptions, in the order of the project's dashboard. */
export const HOSTED_VARIABLES = {
  HEARD_SUPABASE_URL: 'https://<project>.supabase.co',
  HEARD_SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_…',
  HEARD_SIGN_IN_EMAIL: "a kiosk's account",
  HEARD_SIGN_IN_PASSWORD_FILE: 'a file with its password, of mode 600',
  HEARD_SUPABASE_DB_URL:
    "the database's connection string with its password (Connect › Session pooler)"
} as const

/** Returns `bad_request` with whole sentences that repeat no value. */
export const readHostedProject = (
  given: Readonly<Record<string, string | undefined>>
): Result<HostedProject> => {
  const missing = Object.entries(HOSTED_VARIABLES).filter(
    ([name]) => (given[name]?.trim() ?? '') === ''
  )
  if (missing.length > 0) {
    const lines = missing.map(([name, what]) => `  ${name.padEnd(31)} ${what}`)
    return failed('bad_request', `Not set:\n${lines.join('\n')}`)
  }
  // `readEnvironment` deletes the secrets that it reads.
  const variables = { ...given }
  const environment = readEnvironment(variables)
  if (!environment.ok) return environment
  const { supabaseUrl, publishableKey, unattendedSignIn } = environment.value
  if (unattendedSignIn === null) {
    return failed(
      'bad_request',
      'HEARD_SIGN_IN_EMAIL and HEARD_SIGN_IN_PASSWORD_FILE name no account.'
    )
  }
  const text = given.HEARD_SUPABASE_DB_URL?.trim() ?? ''
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.password === '') {
    return failed(
      'bad_request',
      'HEARD_SUPABASE_DB_URL is not a connection string with a password: postgresql://user:password@host:5432/postgres, special characters percent-encoded.'
    )
  }
  const databasePassword = decodeURIComponent(url.password)
  url.password = ''
  const otherGroupId = given.HEARD_CHECK_OTHER_GROUP_ID?.trim() ?? ''
  if (otherGroupId !== '' && !z.guid().safeParse(otherGroupId).success) {
    return failed('bad_request', 'HEARD_CHECK_OTHER_GROUP_ID is not the id of a restaurant.')
  }
  return ok({
    supabaseUrl,
    publishableKey,
    account: unattendedSignIn,
    databaseUrl: url.href,
    databasePassword,
    otherGroupId: otherGroupId === '' ? null : otherGroupId
  })
}
