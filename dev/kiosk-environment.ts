// Builds the environment of a kiosk's main process from its backend, account and folder.
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
  return { ...local, HEARD_SIGN_IN_EMAIL: account.email, HEARD_SIGN_IN_PASSWORD: account.password }
}
