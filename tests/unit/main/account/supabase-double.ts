// A Supabase of one account behind real HTTP, that can be told to refuse, to fail or to be slow: what the
// real one does only when one waits for it.
import { type GivenAnswer, type HttpDouble, startHttpDouble } from '../http-double.ts'

export const USER_ID = '5c1a2f60-9d0e-4a52-8b7a-1f1b1a0c9d11'
export const ORGANISATION_ID = '7d0c1f7e-2222-4c61-9c3e-2f6b7a0d1e22'
export const EMAIL = 'kiosk@example.com'
export const PASSWORD = 'correct horse'
export const HARBOR = { id: '3f0c1f7e-5a55-4c61-9c3e-2f6b7a0d1e11', name: 'Harbor', role: 'kiosk' }
export const SOL = { id: '9b2f4d6e-1111-4222-8333-444455556666', name: 'Sol y Sal', role: 'kiosk' }

export type SectionRow = {
  /** Whose it is, which is not answered. */
  group_id: string
  slug: string
  category: string
  updated_at: string
  title_en: string | null
  content_en: string | null
  title_es: string | null
  content_es: string | null
}

export type TermRow = { id: string; concept: string; language: 'en' | 'es'; term: string }

export type SupabaseDouble = HttpDouble & {
  /** Seconds that the next tokens are good for; less than 90 makes supabase-js refresh at once. */
  lifetimeSeconds: number
  /** Answers by path instead of the usual ones. */
  instead: Partial<Record<What, GivenAnswer | Promise<GivenAnswer>>>
  groups: (typeof HARBOR)[]
  /** Of all restaurants. */
  sections: SectionRow[]
  /** Of the organisation that all restaurants belong to. */
  terms: TermRow[]
  /** Requests by what they were for. */
  count(what: What): number
}
type What = keyof typeof WHAT

const WHAT = {
  password: 'grant_type=password',
  refresh_token: 'grant_type=refresh_token',
  logout: '/auth/v1/logout',
  groups: '/rest/v1/group_memberships',
  sections: '/rest/v1/rpc/get_handbook',
  organisation: '/rest/v1/groups',
  terms: '/rest/v1/handbook_terms'
} as const

export const startSupabaseDouble = async (): Promise<SupabaseDouble> => {
  let issued = 0
  const token = (): GivenAnswer => {
    issued += 1
    const expiresAt = Math.floor(Date.now() / 1_000) + double.lifetimeSeconds
    return {
      status: 200,
      body: {
        access_token: `access-${issued}`,
        refresh_token: `refresh-${issued}`,
        token_type: 'bearer',
        expires_in: double.lifetimeSeconds,
        expires_at: expiresAt,
        user: { id: USER_ID, email: EMAIL, aud: 'authenticated', created_at: '2026-01-01' }
      }
    }
  }
  const server = await startHttpDouble((request) => {
    const what = (Object.keys(WHAT) as (keyof typeof WHAT)[]).find((key) =>
      request.path.includes(WHAT[key])
    )
    if (what === undefined) return { status: 404, body: {} }
    const instead = double.instead[what]
    if (instead !== undefined) return instead
    switch (what) {
      case 'password':
        return JSON.parse(request.body).password === PASSWORD
          ? token()
          : { status: 400, body: { error_code: 'invalid_credentials', msg: 'no' } }
      case 'refresh_token':
        return token()
      case 'logout':
        return { status: 204 }
      case 'groups':
        return {
          status: 200,
          body: double.groups.map(({ id, name, role }) => ({
            group_id: id,
            role,
            groups: { id, name }
          }))
        }
      case 'sections':
        return { status: 200, body: pageOf(double.sections, request.body) }
      case 'organisation':
        return { status: 200, body: [{ organisation_id: ORGANISATION_ID }] }
      case 'terms':
        return { status: 200, body: termsAfter(double.terms, request.path) }
      default:
        return what satisfies never
    }
  })
  const double: SupabaseDouble = {
    ...server,
    lifetimeSeconds: 3_600,
    instead: {},
    groups: [SOL, HARBOR],
    sections: [],
    terms: [],
    count: (what) => server.asked.filter(({ path }) => path.includes(WHAT[what])).length
  }
  return double
}

/** The rows that the database's function answers: of one restaurant, after a slug, at most so many. */
const pageOf = (rows: readonly SectionRow[], body: string): Omit<SectionRow, 'group_id'>[] => {
  const asked = JSON.parse(body)
  return rows
    .filter((row) => row.group_id === asked._group_id && row.slug > (asked._after_slug ?? ''))
    .sort((one, other) => (one.slug < other.slug ? -1 : 1))
    .slice(0, asked._limit)
    .map(({ group_id: _whose, ...row }) => row)
}

/** The rows that the Data API answers: after an id, in the order of the ids, at most so many. */
const termsAfter = (rows: readonly TermRow[], path: string): TermRow[] => {
  const asked = new URL(path, 'http://double.invalid').searchParams
  const after = asked.get('id')?.replace(/^gt\./, '') ?? ''
  return rows
    .filter(({ id }) => id > after)
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .slice(0, Number(asked.get('limit')))
}
