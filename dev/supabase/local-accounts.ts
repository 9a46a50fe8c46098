// Creates and reads the local backend's accounts: a kiosk per restaurant and a manager for the first, with random
// passwords.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

const ACCOUNTS_FILE = 'accounts.json'

const storedAccountSchema = z.object({
  email: z.email(),
  password: z.string().min(1),
  groupSlug: z.string(),
  role: z.enum(['crew', 'manager'])
})
export type StoredAccount = z.output<typeof storedAccountSchema>

/**
 * The groups' accounts, kiosks first and in the groups' order. Saves new passwords before any account is created, so
 * that none is lost.
 */
export const loadOrCreateAccounts = async (
  folder: string,
  groupSlugs: readonly string[]
): Promise<{ accounts: StoredAccount[]; created: Set<string> }> => {
  const file = join(folder, ACCOUNTS_FILE)
  const text = (await readPrivateFile(file)) ?? '[]'
  let stored: StoredAccount[]
  try {
    stored = z.array(storedAccountSchema).parse(JSON.parse(text))
  } catch {
    // The parser's message may quote a password.
    throw new Error(`${file} does not hold the accounts any more; delete it for new passwords.`)
  }
  const needed = [
    ...groupSlugs.map((groupSlug) => ({ groupSlug, name: 'kiosk', role: 'crew' as const })),
    ...groupSlugs
      .slice(0, 1)
      .map((groupSlug) => ({ groupSlug, name: 'manager', role: 'manager' as const }))
  ].map(({ groupSlug, name, role }) => ({ email: `${name}@${groupSlug}.example`, groupSlug, role }))
  const created = new Set<string>()
  const accounts = needed.map((account) => {
    const known = stored.find(({ email }) => email === account.email)
    if (known !== undefined) return known
    created.add(account.email)
    return { ...account, password: randomBytes(18).toString('base64url') }
  })
  if (created.size > 0) {
    const others = stored.filter(({ email }) => !needed.some((account) => account.email === email))
    await writePrivateFile(file, JSON.stringify([...accounts, ...others], null, 2))
  }
  return { accounts, created }
}
