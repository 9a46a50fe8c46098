// The local backend's accounts: one kiosk per restaurant and a manager for the first, with random
// passwords that are kept in the data folder for whoever can read it.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writePrivateFile } from './private-file.ts'

const ACCOUNTS_FILE = 'accounts.json'

const storedAccountSchema = z.object({
  email: z.email(),
  password: z.string().min(1),
  groupSlug: z.string(),
  role: z.enum(['crew', 'manager'])
})
export type StoredAccount = z.output<typeof storedAccountSchema>

const randomPassword = (): string => randomBytes(18).toString('base64url')

/**
 * The accounts that the groups need, kiosks first and in the groups' order, made and kept where the
 * folder has none. Written before anything is created from them, so that no password is ever lost.
 */
export const loadOrCreateAccounts = async (
  folder: string,
  groupSlugs: readonly string[]
): Promise<{ accounts: StoredAccount[]; made: Set<string> }> => {
  const file = join(folder, ACCOUNTS_FILE)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '[]'
    throw error
  })
  let kept: StoredAccount[]
  try {
    kept = z.array(storedAccountSchema).parse(JSON.parse(text))
  } catch {
    // Without the cause, which may quote a password.
    throw new Error(`${file} does not hold the accounts any more; delete it for new passwords.`)
  }
  const needed = [
    ...groupSlugs.map((groupSlug) => ({
      email: `kiosk@${groupSlug}.example`,
      groupSlug,
      role: 'crew' as const
    })),
    ...groupSlugs.slice(0, 1).map((groupSlug) => ({
      email: `manager@${groupSlug}.example`,
      groupSlug,
      role: 'manager' as const
    }))
  ]
  const made = new Set<string>()
  const accounts = needed.map((account) => {
    const known = kept.find(({ email }) => email === account.email)
    if (known !== undefined) return known
    made.add(account.email)
    return { ...account, password: randomPassword() }
  })
  if (made.size > 0) {
    const others = kept.filter(({ email }) => !needed.some((account) => account.email === email))
    await writePrivateFile(file, JSON.stringify([...accounts, ...others], null, 2))
  }
  return { accounts, made }
}
