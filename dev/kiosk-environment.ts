// Builds the environment of a kiosk's main process from its backend, account and folder.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalAccount, StackAddress } from './local-stack.ts'

export type KioskTarget =
  | { kind: 'local'; stack: StackAddress; account: LocalAccount | null }
  | { kind: 'hosted'; supabaseUrl: string; publishableKey: string }

/** The environment's hosted project; null without one. */
export const hostedTarget = (env: NodeJS.ProcessEnv): KioskTarget | null =>
  env.HEARD_SUPABASE_URL !== undefined && env.HEARD_SUPABASE_PUBLISHABLE_KEY !== undefined
    ? {
        kind: 'hosted',
        supabaseUrl: env.HEARD_SUPABASE_URL,
        publishableKey: env.HEARD_SUPABASE_PUBLISHABLE_KEY
      }
    : null

/** Writes the account's password to a file of `userDataDir`, which the kiosk reads. */
export const kioskEnvironment = (target: KioskTarget, userDataDir: string): NodeJS.ProcessEnv => {
  const common = { ...process.env, HEARD_USER_DATA: userDataDir }
  if (target.kind === 'hosted') return common
  const { stack, account } = target
  const local = {
    ...common,
    HEARD_SUPABASE_URL: stack.supabaseUrl,
    HEARD_SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
    HEARD_OPENAI_BASE_URL: stack.openaiUrl
  }
  if (account === null) return local
  const passwordFile = join(userDataDir, 'sign-in-password')
  mkdirSync(userDataDir, { recursive: true })
  writeFileSync(passwordFile, account.password, { mode: 0o600 })
  return {
    ...local,
    HEARD_SIGN_IN_EMAIL: account.email,
    HEARD_SIGN_IN_PASSWORD_FILE: passwordFile
  }
}
