// Creates accounts and sets passwords through lite's Auth API and tables.
import { z } from 'zod'

/** Requests inside this process still need an absolute URL. */
export const INNER_ORIGIN = 'http://database.internal'

export type CreatedAccount =
  | { ok: true; userId: string }
  | { ok: false; status: 400 | 422; code: string; message: string }

export type Accounts = {
  /** Id of the account with this e-mail. */
  accountId: (email: string) => Promise<string | undefined>
  /** Creates an account with a confirmed e-mail; refuses as GoTrue does. */
  createAccount: (email: string, password: string) => Promise<CreatedAccount>
  setPassword: (userId: string, password: string) => Promise<void>
}

type Ports = {
  fetch: (request: Request) => Promise<Response>
  query: <Row>(statement: string, parameters?: unknown[]) => Promise<Row[]>
  publishableKey: string
}

/** GoTrue's refusal. */
const refusalSchema = z.object({ error_code: z.string(), msg: z.string() })

export const createAccounts = ({ fetch, query, publishableKey }: Ports): Accounts => {
  const accountId = async (email: string): Promise<string | undefined> => {
    const [found] = await query<{ id: string }>('select id from auth.users where email = $1', [
      email.toLowerCase()
    ])
    return found?.id
  }

  return {
    accountId,

    createAccount: async (email, password) => {
      if ((await accountId(email)) !== undefined) {
        const message = 'A user with this email address has already been registered'
        return { ok: false, status: 422, code: 'email_exists', message }
      }
      const response = await fetch(
        new Request(`${INNER_ORIGIN}/auth/v1/signup`, {
          method: 'POST',
          headers: { apikey: publishableKey, 'content-type': 'application/json' },
          body: JSON.stringify({ email, password })
        })
      )
      const userId = response.ok ? await accountId(email) : undefined
      if (userId !== undefined) return { ok: true, userId }
      const read = refusalSchema.safeParse(await response.json().catch(() => null))
      const { error_code: code, msg: message } = read.success
        ? read.data
        : { error_code: 'unexpected_failure', msg: `sign-up answered ${response.status}` }
      return { ok: false, status: response.status === 422 ? 422 : 400, code, message }
    },

    // GoTrue stores bcrypt hashes; pgcrypto makes them.
    setPassword: async (userId, password) => {
      await query('create extension if not exists pgcrypto with schema extensions')
      await query(
        `update auth.users
          set encrypted_password = extensions.crypt($2, extensions.gen_salt('bf', 10))
          where id = $1`,
        [userId, password]
      )
    }
  }
}
