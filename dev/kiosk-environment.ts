// What a shell is started with: which backend, which model, which account, which folder.
import type { LocalAccount, StackAddress } from './local-stack.ts'

export type KioskTarget =
  | { kind: 'local'; stack: StackAddress; account: LocalAccount | null }
  | { kind: 'hosted'; supabaseUrl: string; publishableKey: string }

/** The hosted project that the environment names, if it names one. */
export const hostedTarget = (env: NodeJS.ProcessEnv): KioskTarget | null =>
  env.HEARD_SUPABASE_URL !== undefined && env.HEARD_SUPABASE_PUBLISHABLE_KEY !== undefined
    ? {
        kind: 'hosted',
        supabaseUrl: env.HEARD_SUPABASE_URL,
        publishableKey: env.HEARD_SUPABASE_PUBLISHABLE_KEY
      }
    : null

/** Environment of the kiosk's main process. With a hosted target, everything else is the person's own. */
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
