// Serves the part of GoTrue's admin API that creates accounts, for the secret key only. @supabase/lite lacks it, and
// the seeding of a hosted project needs it here too.
import type { Hono } from 'hono'
import { z } from 'zod'
import { readJson } from '../../supabase/functions/_shared/read-json.ts'
import type { Database } from './database.ts'
import type { GatewayEnv } from './gateway-request.ts'

const PATH = '/auth/v1/admin/users'
/** GoTrue's default page size. */
const USERS_PER_PAGE = 50

const newUserSchema = z.object({
  email: z.email(),
  password: z.string().min(1).max(1_024),
  email_confirm: z.literal(true)
})

const USER_COLUMNS = `id, aud, role, email, created_at, updated_at, email_confirmed_at,
  '{}'::jsonb as app_metadata, '{}'::jsonb as user_metadata`

/** Adds `POST` and `GET /auth/v1/admin/users`. Must come before the other routes of the Auth API. */
export const addAdminUsers = (
  gateway: Hono<GatewayEnv>,
  database: Database,
  isSecretKey: (key: string | undefined) => boolean
): void => {
  gateway.use(PATH, async (context, next) => {
    if (isSecretKey(context.req.header('apikey'))) return next()
    return context.json({ code: 403, error_code: 'not_admin', msg: 'User not allowed' }, 403)
  })

  gateway.post(PATH, async (context) => {
    const text = new TextDecoder().decode(context.get('body') ?? new Uint8Array())
    const user = newUserSchema.safeParse(readJson(text))
    if (!user.success) {
      const msg = `email, password and email_confirm: true are needed (${user.error.issues[0]?.path.join('.')})`
      return context.json({ code: 400, error_code: 'validation_failed', msg }, 400)
    }
    const { email, password } = user.data
    const created = await database.createAccount(email, password)
    if (!created.ok) {
      const { status, code: error_code, message: msg } = created
      return context.json({ code: status, error_code, msg }, status)
    }
    const [row] = await database.query<object>(
      `select ${USER_COLUMNS} from auth.users where id = $1`,
      [created.userId]
    )
    return context.json(row ?? {}, 200)
  })

  gateway.get(PATH, async (context) => {
    const page = pageOf(context.req.query('page'), 1)
    const perPage = pageOf(context.req.query('per_page'), USERS_PER_PAGE)
    const users = await database.query<object>(
      `select ${USER_COLUMNS} from auth.users order by created_at, id limit $1 offset $2`,
      [perPage, (page - 1) * perPage]
    )
    return context.json({ users, aud: 'authenticated' }, 200)
  })
}

const pageOf = (text: string | undefined, otherwise: number): number => {
  const page = Number(text)
  return Number.isInteger(page) && page > 0 && page <= 1_000 ? page : otherwise
}
