// A section for reading: from the copy on this machine, or else from the backend, and what is said where there is none.
import { afterEach, expect, it } from 'vitest'
import type { Clock } from '../../../../src/main/clock.ts'
import { systemClock } from '../../../../src/main/clock.ts'
import type { OfflineSection } from '../../../../src/main/handbook/offline-handbook.ts'
import { READ_DEADLINE_MS, readSection } from '../../../../src/main/handbook/read-section.ts'
import type { Account } from '../../../../src/shared/account.ts'
import { failed, ok, type Result } from '../../../../src/shared/failure.ts'
import type { Language } from '../../../../src/shared/language.ts'
import { createFakeClock } from '../fake-clock.ts'
import { deadUrl, type GivenAnswer, type HttpDouble, startHttpDouble } from '../http-double.ts'
import { createRecordingLog } from '../recording-log.ts'

const group = { id: '3f0c1f7e-5a55-4c61-9c3e-2f6b7a0d1e11', name: 'Harbor', role: 'kiosk' }
const signedIn: Account = {
  status: 'signed_in',
  email: 'k@example.com',
  groups: [group],
  group,
  remembered: false
}
const COPIED: OfflineSection = {
  slug: 'cooling',
  category: 'cooling',
  updatedAt: '2026-11-20T09:00:00+00:00',
  en: { title: 'Cooling', content: '## Two steps\n\nTo 70 °F in 2 hours.' },
  es: null
}
const VERSION = {
  title_en: 'Cooling down',
  content_en: 'In ice.',
  title_es: 'Enfriar',
  content_es: 'En hielo.'
}
const BRANDS = { group_id: null, organisations: {}, manual_section_versions: [VERSION] }

let server: HttpDouble | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

type Options = {
  copied?: OfflineSection
  account?: Account
  clock?: Clock
  token?: Result<string>
}
const readAt = (url: string, options: Options = {}) => {
  const log = createRecordingLog()
  const read = (language: Language = 'en') =>
    readSection(
      {
        supabaseUrl: url,
        publishableKey: 'sb_publishable_k',
        account: {
          current: () => options.account ?? signedIn,
          accessToken: async () => options.token ?? ok('token-1'),
          renewedToken: async () => ok('token-2')
        },
        fetch: globalThis.fetch,
        clock: options.clock ?? systemClock,
        copy: { section: async (slug) => (slug === options.copied?.slug ? options.copied : null) },
        log
      },
      { slug: 'cooling', language }
    )
  return { read, log }
}
const serve = async (...answers: GivenAnswer[]): Promise<string> => {
  server = await startHttpDouble(() => answers.shift() ?? { status: 500 })
  return server.url
}

it('is the one of the copy, without asking anybody, in the language that it has', async () => {
  const { read, log } = readAt(await serve(), { copied: COPIED })
  const { title, content } = COPIED.en ?? {}
  expect(await read('en')).toEqual(ok({ slug: 'cooling', title, language: 'en', text: content }))
  expect(await read('es')).toEqual(ok({ slug: 'cooling', title, language: 'en', text: content }))
  expect(server?.asked).toEqual([])
  expect(log.lines).toMatchObject([
    { event: 'handbook.sectionRead', detail: { from: 'copy' } },
    { event: 'handbook.sectionRead' }
  ])
})

it('is read from the backend as the account where the copy has none, of this restaurant only', async () => {
  const { read, log } = readAt(await serve({ status: 200, body: [BRANDS] }))
  expect(await read('es')).toEqual(
    ok({ slug: 'cooling', title: 'Enfriar', language: 'es', text: 'En hielo.' })
  )
  expect(server?.asked).toHaveLength(1)
  expect(server?.asked[0]).toMatchObject({
    method: 'GET',
    headers: { authorization: 'Bearer token-1', apikey: 'sb_publishable_k' }
  })
  const asked = new URL(server?.asked[0]?.path ?? '', 'http://double.invalid')
  expect(asked.pathname).toBe('/rest/v1/manual_sections')
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({
    slug: 'eq.cooling',
    or: `(group_id.is.null,group_id.eq.${group.id})`,
    'organisations.groups.id': `eq.${group.id}`,
    'manual_section_versions.status': 'eq.published'
  })
  expect(JSON.stringify(log.lines)).not.toMatch(/hielo|Enfriar/)
})

it.each([
  ['as a list', [VERSION]],
  ['alone', VERSION]
])(
  'is the restaurant’s own, where the brand has one too (the version comes %s)',
  async (_how, own) => {
    const ours = { group_id: group.id, manual_section_versions: own }
    const theirs = { ...BRANDS, manual_section_versions: [{ ...VERSION, content_en: 'Not this.' }] }
    const { read } = readAt(await serve({ status: 200, body: [theirs, ours] }))
    expect(await read()).toMatchObject({ value: { text: 'In ice.' } })
  }
)

it('goes by its slug where it has no title', async () => {
  const untitled = { ...BRANDS, manual_section_versions: [{ ...VERSION, title_en: ' ' }] }
  const { read } = readAt(await serve({ status: 200, body: [untitled] }))
  expect(await read()).toMatchObject({ value: { title: 'cooling' } })
})

it.each([
  ['no such section', { status: 200, body: [] }, 'section_not_found'],
  [
    'a section without a text',
    {
      status: 200,
      body: [
        { ...BRANDS, manual_section_versions: [{ ...VERSION, content_en: null, content_es: null }] }
      ]
    },
    'section_not_found'
  ],
  ['rows of another shape', { status: 200, body: [{ slug: 'cooling' }] }, 'backend_failed'],
  ['no rows at all', { status: 200, body: { message: 'welcome to the hotel' } }, 'backend_failed'],
  ['a refusal', { status: 403, body: { code: '42501', message: 'no' } }, 'backend_failed'],
  [
    'a member that was let go',
    { status: 400, body: { code: 'HR001', message: 'no' } },
    'not_a_member'
  ],
  ['a server that fails', { status: 503, body: {} }, 'backend_unreachable']
])('%s is said as what it is', async (_what, answer, code) => {
  const { read, log } = readAt(await serve(answer))
  expect(await read()).toMatchObject({ ok: false, error: { code } })
  expect(log.events().filter((event) => event === 'handbook.sectionRead')).toEqual([])
})

it('asks with a new token when the first is refused, and once only', async () => {
  const { read } = readAt(await serve({ status: 401, body: {} }, { status: 401, body: {} }))
  expect(await read()).toMatchObject({ error: { code: 'not_signed_in' } })
  expect(server?.asked.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer token-1',
    'Bearer token-2'
  ])
})

it('says that the backend cannot be reached without a network or a token', async () => {
  expect(await readAt(await deadUrl()).read()).toMatchObject({
    error: { code: 'backend_unreachable' }
  })
  const token = failed('backend_failed', 'no token')
  expect(await readAt(await serve(), { token }).read()).toMatchObject({
    error: { code: 'backend_unreachable' }
  })
})

it('gives up after its deadline', async () => {
  const asked = Promise.withResolvers<void>()
  server = await startHttpDouble(() => {
    asked.resolve()
    return { status: 200, silent: true }
  })
  const clock = createFakeClock()
  const reading = readAt(server.url, { clock }).read()
  await asked.promise
  await clock.advance(READ_DEADLINE_MS)
  expect(await reading).toMatchObject({ error: { code: 'backend_unreachable' } })
  expect(clock.pending()).toBe(0)
})

it('asks nobody when nobody is signed in or there is no restaurant', async () => {
  const url = await serve()
  const out = readAt(url, { account: { status: 'signed_out' }, copied: COPIED })
  expect(await out.read()).toMatchObject({ error: { code: 'not_signed_in' } })
  const none = readAt(url, { account: { ...signedIn, groups: [], group: null }, copied: COPIED })
  expect(await none.read()).toMatchObject({ error: { code: 'not_a_member' } })
  expect(server?.asked).toHaveLength(0)
})
