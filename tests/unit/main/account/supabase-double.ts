// A Supabase of one account behind real HTTP, with scripted refusals, failures and delays.
import { type GivenAnswer, type HttpDouble, startHttpDouble } from '../http-double.ts'

export const USER_ID = '5c1a2f60-9d0e-4a52-8b7a-1f1b1a0c9d11'
export const ORGANISATION_ID = '7d0c1f7e-2222-4c61-9c3e-2f6b7a0d1e22'
export const EMAIL = 'kiosk@example.com'
export const PASSWORD = 'correct horse'
export const HARBOR = { id: '3f0c1f7e-5a55-4c61-9c3e-2f6b7a0d1e11', name: 'Harbor', role: 'kiosk' }
export const SOL = { id: '9b2f4d6e-1111-4222-8333-444455556666', name: 'Sol y Sal', role: 'kiosk' }

export type SectionRow = {
  /** Its restaurant; not part of the answer. */
  group_id: string
  slug: string
  category: string
  updated_at: string
  title_en: string | null
  content_en: string | null
  title_es: string | null
  content_es: string | null
}

export const sectionRow = (
  slug: string,
  title: string,
  content: string,
  groupId = HARBOR.id
): SectionRow => ({
  group_id: groupId,
  slug,
  category: 'food',
  updated_at: '2026-11-20T09:00:00+00:00',
  title_en: title,
  content_en: content,
  title_es: null,
  content_es: null
})

export type TermRow = { id: string; concept: string; language: 'en' | 'es'; term: string }

export type SupabaseDouble = HttpDouble & {
  /** Lifetime of the next tokens; under 90 s supabase-js refreshes at once. */
  lifetimeSeconds: number
  /** Answers that replace the usual ones. */
  instead: Partial<Record<Endpoint, GivenAnswer | Promise<GivenAnswer>>>
  groups: (typeof HARBOR)[]
  /** Of all restaurants. */
  sections: SectionRow[]
  /** Of the organisation that all restaurants belong to. */
  terms: TermRow[]
  /** Requests to an endpoint. */
  count(endpoint: Endpoint): number
}
type Endpoint = keyof typeof PATHS

const PATHS = {
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
    const endpoint = (Object.keys(PATHS) as Endpoint[]).find((key) =>
      request.path.includes(PATHS[key])
    )
    if (endpoint === undefined) return { status: 404, body: {} }
    const instead = double.instead[endpoint]
    if (instead !== undefined) return instead
    switch (endpoint) {
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
        return endpoint satisfies never
    }
  })
  const double: SupabaseDouble = {
    ...server,
    lifetimeSeconds: 3_600,
    instead: {},
    groups: [SOL, HARBOR],
    sections: [],
    terms: [],
    count: (endpoint) => server.asked.filter(({ path }) => path.includes(PATHS[endpoint])).length
  }
  return double
}

/** The page of `get_handbook`: one restaurant, after a slug, up to a limit. */
const pageOf = (rows: readonly SectionRow[], body: string): Omit<SectionRow, 'group_id'>[] => {
  const asked = JSON.parse(body)
  return rows
    .filter((row) => row.group_id === asked._group_id && row.slug > (asked._after_slug ?? ''))
    .sort((one, other) => (one.slug < other.slug ? -1 : 1))
    .slice(0, asked._limit)
    .map(({ group_id: _whose, ...row }) => row)
}

/** The page of the Data API: after an id, by id, up to a limit. */
const termsAfter = (rows: readonly TermRow[], path: string): TermRow[] => {
  const asked = new URL(path, 'http://double.invalid').searchParams
  const after = asked.get('id')?.replace(/^gt\./, '') ?? ''
  return rows
    .filter(({ id }) => id > after)
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .slice(0, Number(asked.get('limit')))
}
