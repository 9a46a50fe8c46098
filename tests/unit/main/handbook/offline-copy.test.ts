// The copy of the handbook against a backend behind real HTTP and a real folder: fetched, kept, searched, gone.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FETCH_DEADLINE_MS, PAGE_ROWS } from '../../../../src/main/handbook/fetch-offline-copy.ts'
import {
  createOfflineCopy,
  FIRST_REFRESH_MS,
  type OfflineCopy
} from '../../../../src/main/handbook/offline-copy.ts'
import { createOfflineFiles } from '../../../../src/main/handbook/offline-copy-files.ts'
import { REFRESH_MS } from '../../../../src/main/handbook/offline-copy-use.ts'
import type { Account } from '../../../../src/shared/account.ts'
import { failed, ok, type Result } from '../../../../src/shared/failure.ts'
import { citationsOf } from '../../../../src/shared/handbook.ts'
import { eventually } from '../../../eventually.ts'
import {
  HARBOR,
  type SectionRow,
  SOL,
  type SupabaseDouble,
  startSupabaseDouble
} from '../account/supabase-double.ts'
import { createFakeClock, type FakeClock } from '../fake-clock.ts'
import { createRecordingLog, type RecordingLog } from '../recording-log.ts'

let folder: string
let supabase: SupabaseDouble
let clock: FakeClock
let log: RecordingLog
let copy: OfflineCopy
/** What the account answers when it is asked for a token. */
let token: Result<string>
let renewals: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heard-copy-'))
  supabase = await startSupabaseDouble()
  supabase.sections = [
    row(HARBOR.id, 'chicken', 'Cooking chicken', 'Cook chicken to 165 °F.'),
    row(SOL.id, 'agave', 'Agave', 'Agave syrup stands behind the bar.')
  ]
  token = ok('access-1')
  renewals = 0
  begin()
})
afterEach(async () => {
  await copy.stop()
  await supabase.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The kiosk starts, on the same folder. */
const begin = () => {
  clock = createFakeClock()
  log = createRecordingLog()
  copy = createOfflineCopy({
    supabaseUrl: supabase.url,
    publishableKey: 'sb_publishable_k',
    account: {
      accessToken: async () => token,
      renewedToken: async () => {
        renewals += 1
        return ok('access-renewed')
      }
    },
    files: createOfflineFiles(folder, clock, log),
    fetch: globalThis.fetch,
    clock,
    log,
    random: () => 0.5
  })
}

const row = (groupId: string, slug: string, title: string, content: string): SectionRow => ({
  group_id: groupId,
  slug,
  category: 'food',
  updated_at: '2026-11-20T09:00:00+00:00',
  title_en: title,
  content_en: content,
  title_es: null,
  content_es: null
})
const signedIn = (group: typeof HARBOR | null = HARBOR, email = 'kiosk@example.com'): Account => ({
  status: 'signed_in',
  email,
  groups: group === null ? [] : [HARBOR, SOL],
  group,
  remembered: true
})
const times = (event: string) => log.events().filter((one) => one === event).length
/** Lets time pass until the copy has been fetched, or could not be, once more. */
const refreshed = async (afterMs = FIRST_REFRESH_MS, outcome = 'handbook.copyRefreshed') => {
  const before = times(outcome)
  await clock.advance(afterMs)
  await eventually(() => expect(times(outcome)).toBe(before + 1))
}
const ask = (question: string) => copy.search({ question, language: 'en' })
const slugsFor = async (question: string) => {
  const answer = await ask(question)
  if (!answer.ok) throw new Error(answer.error.code)
  return citationsOf(answer.value.passages).map(({ slug }) => slug)
}
/** Paths of the files that are there. */
const files = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
const fileOf = (groupId: string): string => {
  const found = files().find((path) => path.endsWith(`${groupId}.json`))
  if (found === undefined) throw new Error('there is no copy on disk')
  return found
}

describe('what is kept', () => {
  it('is fetched soon after sign-in, of this restaurant only, in a private file', async () => {
    copy.accountChanged(signedIn())
    expect(await ask('chicken')).toMatchObject({ error: { code: 'no_offline_copy' } })
    await refreshed()
    expect(await slugsFor('How hot is chicken?')).toEqual(['chicken'])
    expect(files()).toEqual([fileOf(HARBOR.id)])
    expect(statSync(fileOf(HARBOR.id)).mode & 0o077).toBe(0)
    const text = readFileSync(fileOf(HARBOR.id), 'utf8')
    expect(text).not.toContain('agave')
    expect(text).not.toContain('access-1')
    expect(supabase.asked.at(-1)?.headers).toMatchObject({
      authorization: 'Bearer access-1',
      apikey: 'sb_publishable_k'
    })
  })

  it('is there at the next start before anything is fetched', async () => {
    copy.accountChanged(signedIn())
    await refreshed()
    await copy.stop()
    begin()
    supabase.instead.sections = { status: 503, body: {} }
    copy.accountChanged(signedIn())
    expect(await slugsFor('chicken')).toEqual(['chicken'])
  })

  it('is fetched page by page, each section once', async () => {
    const many = Array.from({ length: 2 * PAGE_ROWS + 50 }, (_, at) =>
      row(HARBOR.id, `section-${String(at).padStart(4, '0')}`, `Title ${at}`, `Text number ${at}.`)
    )
    supabase.sections = many
    copy.accountChanged(signedIn())
    await refreshed()
    expect(supabase.count('sections')).toBe(3)
    const kept = JSON.parse(readFileSync(fileOf(HARBOR.id), 'utf8')).sections
    expect(kept.map(({ slug }: { slug: string }) => slug)).toEqual(many.map(({ slug }) => slug))
  })

  it('is fetched again every half hour, and written only when something changed', async () => {
    copy.accountChanged(signedIn())
    await refreshed()
    const written = statSync(fileOf(HARBOR.id)).ino
    await clock.advance(REFRESH_MS)
    expect(times('handbook.copyRefreshed')).toBe(1)
    await refreshed(REFRESH_MS * 0.1)
    expect(statSync(fileOf(HARBOR.id)).ino).toBe(written)
    expect(log.lines.at(-1)?.detail).toMatchObject({ sections: 1, changed: false })

    supabase.sections = [row(HARBOR.id, 'chicken', 'Cooking chicken', 'Cook it to 170 °F.')]
    await refreshed(REFRESH_MS * 1.1)
    expect(statSync(fileOf(HARBOR.id)).ino).not.toBe(written)
    expect(readFileSync(fileOf(HARBOR.id), 'utf8')).toContain('170 °F')
    expect(await ask('chicken')).toMatchObject({ value: { passages: [{ text: /170/ }] } })
  })

  it('outlives a backend that fails, which is asked again after ever longer pauses', async () => {
    copy.accountChanged(signedIn())
    await refreshed()
    supabase.instead.sections = { status: 500, body: {} }
    await refreshed(REFRESH_MS * 1.1, 'handbook.copyRefreshFailed')
    await refreshed(60_000, 'handbook.copyRefreshFailed')
    await refreshed(120_000, 'handbook.copyRefreshFailed')
    expect(await slugsFor('chicken')).toEqual(['chicken'])
    delete supabase.instead.sections
    await refreshed(240_000)
  })

  it('is fetched soon after the machine woke up', async () => {
    copy.accountChanged(signedIn())
    await refreshed()
    copy.refreshSoon()
    await refreshed()
  })

  it('asks with a new token when the first is refused, and once only', async () => {
    supabase.instead.sections = { status: 401, body: { message: 'JWT expired' } }
    copy.accountChanged(signedIn())
    await refreshed(FIRST_REFRESH_MS, 'handbook.copyRefreshFailed')
    expect(renewals).toBe(1)
    expect(supabase.count('sections')).toBe(2)
    expect(supabase.asked.at(-1)?.headers.authorization).toBe('Bearer access-renewed')
  })

  it('does not fetch without a token', async () => {
    token = failed('backend_unreachable', 'No.')
    copy.accountChanged(signedIn())
    await refreshed(FIRST_REFRESH_MS, 'handbook.copyRefreshFailed')
    expect(supabase.count('sections')).toBe(0)
  })

  it('gives up a backend that does not answer within the deadline', async () => {
    supabase.instead.sections = { status: 200, silent: true }
    copy.accountChanged(signedIn())
    await clock.advance(FIRST_REFRESH_MS)
    await eventually(() => expect(supabase.count('sections')).toBe(1))
    await refreshed(FETCH_DEADLINE_MS, 'handbook.copyRefreshFailed')
    expect(log.lines.at(-1)?.detail).toMatchObject({ code: 'backend_unreachable' })
  })

  it.each([
    ['rows of another shape', [{ slug: 'chicken' }]],
    ['something else', { message: 'welcome to the hotel' }]
  ])('does not take %s for a copy', async (_what, body) => {
    supabase.instead.sections = { status: 200, body }
    copy.accountChanged(signedIn())
    await refreshed(FIRST_REFRESH_MS, 'handbook.copyRefreshFailed')
    expect(files()).toEqual([])
    expect(await ask('agave')).toMatchObject({ error: { code: 'no_offline_copy' } })
  })
})

describe('the organisation’s words', () => {
  const id = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
  const rooster = [
    { id: id(1), concept: 'chicken', language: 'en' as const, term: 'chicken' },
    { id: id(2), concept: 'chicken', language: 'en' as const, term: 'rooster' }
  ]

  it('are kept with the copy, and searched by, at the next start as well', async () => {
    supabase.terms = rooster
    copy.accountChanged(signedIn())
    await refreshed()
    expect(await slugsFor('rooster')).toEqual(['chicken'])
    expect(log.lines.at(-2)?.detail).toMatchObject({ terms: 2, changed: true })
    await copy.stop()
    begin()
    copy.accountChanged(signedIn())
    expect(await slugsFor('rooster')).toEqual(['chicken'])
  })

  it('are taken anew when a manager changed them and no section', async () => {
    supabase.terms = []
    copy.accountChanged(signedIn())
    await refreshed()
    expect(await slugsFor('rooster')).toEqual([])
    supabase.terms = rooster
    await refreshed(REFRESH_MS * 1.1)
    expect(await slugsFor('rooster')).toEqual(['chicken'])
  })

  it('are fetched page by page, each once', async () => {
    supabase.terms = Array.from({ length: 2_300 }, (_, at) => ({
      id: id(at),
      concept: `thing ${at}`,
      language: 'en' as const,
      term: `word ${at}`
    }))
    copy.accountChanged(signedIn())
    await refreshed()
    expect(supabase.count('terms')).toBe(3)
    const kept = JSON.parse(readFileSync(fileOf(HARBOR.id), 'utf8')).terms
    expect(new Set(kept.map(({ term }: { term: string }) => term)).size).toBe(2_300)
  })

  it('are all that the copy knows: a word that the organisation does not have means nothing', async () => {
    supabase.terms = rooster
    copy.accountChanged(signedIn())
    await refreshed()
    expect(await slugsFor('poultry')).toEqual([])
  })

  it.each([
    [503, {}],
    [404, { code: 'PGRST205', message: 'no such table' }]
  ])('leave the copy as it was when they are answered with %i', async (status, body) => {
    supabase.terms = rooster
    copy.accountChanged(signedIn())
    await refreshed()
    supabase.sections = []
    supabase.instead.terms = { status, body }
    await refreshed(REFRESH_MS * 1.1, 'handbook.copyRefreshFailed')
    expect(await slugsFor('rooster')).toEqual(['chicken'])
  })
})

describe('a member that the restaurant let go', () => {
  const refusal = { code: 'HR001', message: 'not_a_member', details: null, hint: null }

  it('keeps nothing of the copy at the next fetch', async () => {
    copy.accountChanged(signedIn())
    await refreshed()
    expect(await slugsFor('chicken')).toEqual(['chicken'])
    supabase.instead.sections = { status: 400, body: refusal }
    await refreshed(REFRESH_MS * 1.1)
    expect(await slugsFor('chicken')).toEqual([])
    expect(readFileSync(fileOf(HARBOR.id), 'utf8')).not.toContain('chicken')
  })
})

describe('a file that cannot be used', () => {
  it.each([
    ['not JSON', '{"version":1,"sections":[{"slug":"our secret'],
    ['alien JSON', '{"secret":"our secret"}'],
    [
      'another restaurant’s copy',
      JSON.stringify({ version: 1, groupId: SOL.id, sections: [], terms: [] })
    ],
    ['a copy without terms', JSON.stringify({ version: 1, groupId: HARBOR.id, sections: [] })]
  ])('is set aside with a line and never written over: %s', async (_what, text) => {
    copy.accountChanged(signedIn())
    await refreshed()
    await copy.stop()
    writeFileSync(fileOf(HARBOR.id), text)
    begin()
    copy.accountChanged(signedIn())
    expect(await ask('chicken')).toMatchObject({ error: { code: 'no_offline_copy' } })
    expect(log.events()).toEqual(['handbook.copySetAside'])
    expect(JSON.stringify(log.lines)).not.toContain('our secret')
    await refreshed()
    const aside = files().filter((path) => path.includes('.2026-11-20T'))
    expect(aside.map((path) => readFileSync(path, 'utf8'))).toEqual([text])
    expect(await slugsFor('chicken')).toEqual(['chicken'])
  })

  it('leaves the copy in memory when the disk is full', async () => {
    // A file where the folder should be: nothing can be written under it.
    rmSync(folder, { recursive: true })
    writeFileSync(folder, '')
    copy.accountChanged(signedIn())
    await refreshed()
    expect(log.events()).toContain('handbook.copyWriteFailed')
    expect(await slugsFor('chicken')).toEqual(['chicken'])
  })
})

describe('who may search it', () => {
  it('is nobody before a sign-in, and nobody without a restaurant', async () => {
    expect(await ask('x')).toMatchObject({ error: { code: 'not_signed_in' } })
    copy.accountChanged(signedIn(null))
    expect(await ask('x')).toMatchObject({ error: { code: 'not_a_member' } })
  })

  it('is not the account that signed out: every copy is removed', async () => {
    copy.accountChanged(signedIn())
    await refreshed()
    copy.accountChanged({ status: 'signed_out' })
    expect(await ask('chicken')).toMatchObject({ error: { code: 'not_signed_in' } })
    await copy.stop()
    expect(readdirSync(join(folder, '..'))).not.toContain(folder.split('/').at(-1))
  })

  it('is not another account, not even of the same restaurant', async () => {
    copy.accountChanged(signedIn())
    await refreshed()
    copy.accountChanged(signedIn(HARBOR, 'other@example.com'))
    expect(await ask('chicken')).toMatchObject({ error: { code: 'no_offline_copy' } })
    await copy.stop()
    expect(files()).toEqual([])
  })

  it('is of the restaurant in use, and both are kept', async () => {
    copy.accountChanged(signedIn(HARBOR))
    await refreshed()
    copy.accountChanged(signedIn(SOL))
    expect(await ask('chicken')).toMatchObject({ error: { code: 'no_offline_copy' } })
    await refreshed()
    expect(await slugsFor('agave')).toEqual(['agave'])
    supabase.instead.sections = { status: 503, body: {} }
    copy.accountChanged(signedIn(HARBOR))
    expect(await slugsFor('chicken')).toEqual(['chicken'])
    expect(files()).toHaveLength(2)
  })

  it('is no longer the member that a restaurant let go', async () => {
    copy.accountChanged(signedIn(HARBOR))
    await refreshed()
    copy.accountChanged({ ...signedIn(SOL), groups: [SOL] } as Account)
    await copy.stop()
    expect(files()).toEqual([])
  })

  it('stays as it is at a start that finds nobody signed in', async () => {
    copy.accountChanged(signedIn())
    await refreshed()
    await copy.stop()
    begin()
    copy.accountChanged({ status: 'signed_out' })
    await copy.stop()
    expect(files()).toHaveLength(1)
  })

  it('is not given what was still being fetched when the account left', async () => {
    let answer = (_given: { status: number; body: object }) => {}
    supabase.instead.sections = new Promise((resolve) => {
      answer = resolve
    })
    copy.accountChanged(signedIn())
    await clock.advance(FIRST_REFRESH_MS)
    await eventually(() => expect(supabase.count('sections')).toBe(1))
    copy.accountChanged({ status: 'signed_out' })
    answer({ status: 200, body: [row(HARBOR.id, 'chicken', 'Chicken', 'Hot.')] })
    await copy.stop()
    expect(clock.pending()).toBe(0)
    mkdirSync(folder, { recursive: true })
    expect(files()).toEqual([])
  })
})

it('gives a section of the restaurant in use, also the moment after a start, and none without a copy', async () => {
  expect(await copy.section('chicken')).toBeNull()
  copy.accountChanged(signedIn())
  expect(await copy.section('chicken')).toBeNull()
  await refreshed()
  await copy.stop()
  begin()
  copy.accountChanged(signedIn())
  expect(await copy.section('chicken')).toMatchObject({
    slug: 'chicken',
    en: { title: 'Cooking chicken', content: 'Cook chicken to 165 °F.' },
    es: null
  })
  expect(await copy.section('agave')).toBeNull()
  copy.accountChanged({ status: 'signed_out' })
  expect(await copy.section('chicken')).toBeNull()
})

it('logs how long a search took and what came of it, and nothing of the question', async () => {
  copy.accountChanged(signedIn())
  await refreshed()
  await ask('How hot does the chicken of my grandmother have to be?')
  expect(log.lines.at(-1)).toEqual({
    level: 'info',
    event: 'handbook.searchedOffline',
    detail: { ms: 0, found: expect.any(Boolean), sections: expect.any(Number) }
  })
  expect(JSON.stringify(log.lines)).not.toContain('grandmother')
})
