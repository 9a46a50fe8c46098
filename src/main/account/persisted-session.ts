// Holds the session of supabase-js in memory and mirrors it to the vault, with the data of a start without a network.
import { z } from 'zod'
import { type Group, groupSchema } from '../../shared/account.ts'
import type { Log } from '../log.ts'
import type { Vault } from './vault.ts'

const persistedSessionSchema = z.strictObject({
  version: z.literal(1),
  /** The project that the session belongs to: another one would get its tokens. */
  supabaseUrl: z.string(),
  /** The JSON of supabase-js. */
  session: z.string().min(1),
  email: z.string(),
  groups: z.array(groupSchema).nullable()
})
type PersistedSessionData = z.infer<typeof persistedSessionSchema>

export type PersistedSession = {
  /**
   * Reads the vault; null when it is empty or unreadable, or its session is another project's. An unreadable session is
   * set aside, that of another project is removed. Both are logged.
   */
  load(): Promise<PersistedSessionData | null>
  session(): string | null
  keepSession(json: string): void
  keepIdentity(email: string, groups: readonly Group[] | null): void
  forget(): void
  /** False when the session is lost as the kiosk closes. */
  remembered(): boolean
  /** Resolves when all pending writes have reached the vault or failed. */
  settled(): Promise<void>
}

export const createPersistedSession = (
  vault: Vault,
  supabaseUrl: string,
  log: Log
): PersistedSession => {
  let session: string | null = null
  let email = ''
  let groups: Group[] | null = null
  let vaultWorks = false
  let writing: Promise<void> = Promise.resolve()

  // Writes run one after the other: two in flight could leave the older one on disk.
  const mirror = () => {
    if (!vaultWorks) return
    writing = writing.then(async () => {
      try {
        if (session === null) await vault.clear()
        else
          await vault.write(
            JSON.stringify({
              version: 1,
              supabaseUrl,
              session,
              email,
              groups
            } satisfies PersistedSessionData)
          )
      } catch (error) {
        vaultWorks = false
        log.error('account.vaultFailed', { error })
      }
    })
  }

  const readVault = async (): Promise<PersistedSessionData | null> => {
    const content = await vault.read()
    if (content.kind === 'empty') return null
    const stored = content.kind === 'stored' ? parsePersistedSession(content.text) : null
    if (stored?.supabaseUrl === supabaseUrl) return stored
    if (stored !== null) {
      log.warn('account.sessionOfOtherProject', { kept: stored.supabaseUrl, now: supabaseUrl })
      await vault.clear()
      return null
    }
    const reason = content.kind === 'unreadable' ? content.reason : 'it is not a session'
    log.warn('account.sessionSetAside', { reason, file: await vault.setAside() })
    return null
  }

  return {
    load: async () => {
      try {
        vaultWorks = await vault.available()
        const stored = vaultWorks ? await readVault() : null
        if (stored !== null) ({ session, email, groups } = stored)
        return stored
      } catch (error) {
        vaultWorks = false
        log.error('account.vaultFailed', { error })
        return null
      }
    },
    session: () => session,
    keepSession: (json) => {
      session = json
      mirror()
    },
    keepIdentity: (nextEmail, nextGroups) => {
      email = nextEmail
      groups = nextGroups === null ? null : [...nextGroups]
      if (session !== null) mirror()
    },
    forget: () => {
      session = null
      email = ''
      groups = null
      mirror()
    },
    remembered: () => vaultWorks,
    settled: () => writing
  }
}

const parsePersistedSession = (text: string): PersistedSessionData | null => {
  try {
    return persistedSessionSchema.parse(JSON.parse(text))
  } catch {
    // The caller sets it aside and logs it.
    return null
  }
}
