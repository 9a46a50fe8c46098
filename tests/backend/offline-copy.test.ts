// Fetches the offline copy from the local backend with a kiosk's session.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { BackendAccount } from '../../dev/supabase/backend.ts'
import { createAccount, type KioskAccount } from '../../src/main/account/account.ts'
import { noVault } from '../../src/main/account/vault.ts'
import { systemClock } from '../../src/main/clock.ts'
import { fetchHandbook, PAGE_ROWS } from '../../src/main/handbook/fetch-offline-copy.ts'
import { createOfflineCopy } from '../../src/main/handbook/offline-copy.ts'
import { createOfflineFiles } from '../../src/main/handbook/offline-copy-files.ts'
import { createFakeClock } from '../unit/main/fake-clock.ts'
import { createRecordingLog } from '../unit/main/recording-log.ts'
import { setUpBackend } from './support/local-backend.ts'

const local = setUpBackend({ functions: 'none' })
const accounts: KioskAccount[] = []
afterAll(() => Promise.all(accounts.map((account) => account.stop())))

const kioskOf = (slug: string): BackendAccount => {
  const found = local.backend.accounts.find(({ groupSlug }) => groupSlug === slug)
  if (found === undefined) throw new Error(`there is no kiosk of ${slug}`)
  return found
}

/** The kiosk's account, signed in. */
const signIn = async ({ email, password }: BackendAccount): Promise<KioskAccount> => {
  const account = createAccount({
    supabaseUrl: local.backend.url,
    publishableKey: local.backend.publishableKey,
    vault: noVault,
    fetch: globalThis.fetch,
    clock: systemClock,
    log: createRecordingLog(),
    chosenGroupId: () => null,
    isSignInPending: false
  })
  accounts.push(account)
  expect(await account.signIn({ email, password })).toMatchObject({ ok: true })
  return account
}

const fetchPortsOf = (account: KioskAccount) => ({
  supabaseUrl: local.backend.url,
  publishableKey: local.backend.publishableKey,
  account,
  fetch: globalThis.fetch,
  clock: systemClock
})

const never = new AbortController().signal

it('has the sections of the kiosk’s own restaurant in both languages only', async () => {
  const account = await signIn(kioskOf('harbor-and-rye'))
  const clock = createFakeClock()
  const log = createRecordingLog()
  const refreshed = Promise.withResolvers<void>()
  const copies = mkdtempSync(join(tmpdir(), 'heard-copies-'))
  const copy = createOfflineCopy({
    ...fetchPortsOf(account),
    files: createOfflineFiles(copies, clock, log),
    clock,
    log: {
      ...log,
      info: (event, detail) => {
        log.info(event, detail)
        if (event === 'handbook.copyRefreshed') refreshed.resolve()
      },
      warn: (event) => refreshed.reject(new Error(event))
    },
    random: () => 0
  })
  copy.accountChanged(account.current())
  await clock.advance(10_000)
  await refreshed.promise

  expect(
    await copy.search({ question: 'How hot does chicken have to be?', language: 'en' })
  ).toEqual({
    ok: true,
    value: {
      found: true,
      passages: [
        {
          slug: 'chicken',
          title: 'Cooking chicken',
          anchor: 'the-number',
          heading: 'The number',
          language: 'en',
          needsManager: false,
          text: 'Cook chicken to 165 °F (74 °C) and check with a probe in the thickest part.'
        }
      ],
      nearest: [],
      named: 0,
      method: 'offline'
    }
  })
  expect(
    await copy.search({ question: 'How long do I wash my hands?', language: 'en' })
  ).toMatchObject({ value: { found: false } })
  await copy.stop()
  const [file = ''] = readdirSync(copies, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json')
  )
  const stored = JSON.parse(readFileSync(join(copies, file), 'utf8'))
  expect(stored).toMatchObject({
    groupId: kioskOf('harbor-and-rye').groupId,
    sections: [
      { slug: 'chicken', category: 'food', es: { title: 'Cocinar pollo' } },
      { slug: 'parking', en: { title: 'Parking' }, es: null }
    ]
  })
  rmSync(copies, { recursive: true })
})

it('has all terms of its own organisation, and those that a manager adds', async () => {
  const kiosk = kioskOf('harbor-and-rye')
  const { query } = local.backend.database
  const account = await signIn(kiosk)
  const termsOf = async () => {
    const fetched = await fetchHandbook(fetchPortsOf(account), kiosk.groupId, never)
    if (!fetched.ok) throw new Error(fetched.error.message)
    return fetched.value.terms
  }
  const [{ count } = { count: 0 }] = await query<{ count: number }>(
    `select count(*)::int as count from public.handbook_terms t
     join public.groups g using (organisation_id) where g.id = $1`,
    [kiosk.groupId]
  )
  const before = await termsOf()
  expect(count).toBeGreaterThan(1_000)
  expect(before).toHaveLength(count)
  const add = (slug: string, term: string) =>
    query(
      `insert into public.handbook_terms (organisation_id, concept, language, term)
       select organisation_id, 'chicken', 'en', $2 from public.groups where slug = $1`,
      [slug, term]
    )
  await add('harbor-and-rye', 'our word')
  await add('sol-y-sal', 'their word')
  const added = (await termsOf()).filter(({ term }) => !before.some((known) => known.term === term))
  expect(added).toEqual([{ concept: 'chicken', language: 'en', term: 'our word' }])
})

it('reads every page of a long handbook, each section once', async () => {
  const kiosk = kioskOf('sol-y-sal')
  const count = 2 * PAGE_ROWS + 7
  await local.backend.database.query(
    `with sections as (
       insert into public.manual_sections (organisation_id, group_id, slug)
       select g.organisation_id, g.id, 'section-' || n
       from public.groups g, generate_series(1, ${count}) n where g.id = $1
       returning id, organisation_id, slug
     )
     insert into public.manual_section_versions
       (section_id, organisation_id, number, status, published_at, title_en, content_en)
     select id, organisation_id, 1, 'published', now(), slug, 'Text of ' || slug from sections`,
    [kiosk.groupId]
  )
  const fetched = await fetchHandbook(fetchPortsOf(await signIn(kiosk)), kiosk.groupId, never)
  if (!fetched.ok) throw new Error(fetched.error.message)
  const slugs = fetched.value.sections.map(({ slug }) => slug)
  expect(new Set(slugs).size).toBe(slugs.length)
  expect(slugs).toHaveLength(count + 1)
})
