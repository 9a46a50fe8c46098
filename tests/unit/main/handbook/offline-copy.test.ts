// Runs against a backend behind real HTTP and a real folder.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
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
import { citationsOf } from '../../../../src/shared/handbook.ts'
import { eventually } from '../../../eventually.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import {
  HARBOR,
  SOL,
  type SupabaseDouble,
  sectionRow,
  startSupabaseDouble
} from '../account/supabase-double.ts'
import { backendPorts } from '../backend-fixture.ts'
import { createFakeClock, type FakeClock } from '../fake-clock.ts'
import { type GivenAnswer, tokensOf } from '../http-double.ts'
import type { RecordingLog } from '../recording-log.ts'

const term = (at: number, concept: string, word: string) => ({
  id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
  concept,
  language: 'en' as const,
  term: word
})
const CHICKEN = sectionRow('chicken', 'Cooking chicken', 'Cook chicken to 165 °F.')

const folder = temporaryFolder()
let supabase: SupabaseDouble
let clock: FakeClock
let log: RecordingLog
let copy: OfflineCopy

beforeEach(async () => {
  supabase = await startSupabaseDouble()
  supabase.sections = [
    CHICKEN,
    sectionRow('agave', 'Agave', 'Agave syrup stands behind the bar.', SOL.id)
  ]
  begin()
})
afterEach(async () => {
  await copy.stop()
  await supabase.close()
})

const begin = () => {
  clock = createFakeClock()
  const ports = backendPorts(supabase.url, { clock })
  log = ports.log
  const files = createOfflineFiles(folder.path, clock, log)
  copy = createOfflineCopy({ ...ports, files, random: () => 0.5 })
}
/** Stops the copy and begins again on the same folder. */
const restart = async () => {
  await copy.stop()
  begin()
}

const signedIn = (group: typeof HARBOR | null = HARBOR, email = 'kiosk@example.com'): Account => ({
  status: 'signed_in',
  email,
  groups: group === null ? [] : [HARBOR, SOL],
  group,
  remembered: true
})
const times = (event: string) => log.events().filter((each) => each === event).length
/** Advances the clock until another refresh has ended. */
const refreshed = async (afterMs = FIRST_REFRESH_MS, outcome = 'handbook.copyRefreshed') => {
  const before = times(outcome)
  await clock.advance(afterMs)
  await eventually(() => expect(times(outcome)).toBe(before + 1))
}
const refreshFailed = (afterMs = FIRST_REFRESH_MS) =>
  refreshed(afterMs, 'handbook.copyRefreshFailed')
/** Signs in at a restaurant and fetches its copy. */
const fetched = async (group = HARBOR) => {
  copy.accountChanged(signedIn(group))
  await refreshed()
}
const ask = (question: string) => copy.search({ question, language: 'en' })
const slugsFor = async (question: string) => {
  const answer = await ask(question)
  if (!answer.ok) throw new Error(answer.error.code)
  return citationsOf(answer.value.passages).map(({ slug }) => slug)
}
/** Paths of all files in the folder. */
const files = (): string[] =>
  readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
const fileOf = (groupId: string): string =>
  files().find((path) => path.endsWith(`${groupId}.json`)) ?? 'no copy is on disk'
/** The text of the copy of the first restaurant. */
const textOnDisk = () => readFileSync(fileOf(HARBOR.id), 'utf8')

describe('the copy', () => {
  it('fetches the sections of its restaurant soon after sign-in, into a private file', async () => {
    copy.accountChanged(signedIn())
    expect(await ask('chicken')).toMatchObject({ error: { code: 'no_offline_copy' } })
    await refreshed()
    expect(await slugsFor('How hot is chicken?')).toEqual(['chicken'])
    expect(files()).toEqual([fileOf(HARBOR.id)])
    expect(statSync(fileOf(HARBOR.id)).mode & 0o077).toBe(0)
    expect(textOnDisk()).not.toMatch(/agave|token-1/)
    expect(supabase.asked.at(-1)?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      apikey: 'sb_publishable_k'
    })
  })

  it('opens from disk at the next start', async () => {
    await fetched()
    await restart()
    supabase.instead.sections = { status: 503, body: {} }
    copy.accountChanged(signedIn())
    expect(await slugsFor('chicken')).toEqual(['chicken'])
  })

  it('fetches sections and terms page by page, each once', async () => {
    const numbers = Array.from({ length: 2_300 }, (_, at) => at)
    const many = numbers
      .slice(0, 2 * PAGE_ROWS + 50)
      .map((at) =>
        sectionRow(`section-${String(at).padStart(4, '0')}`, `Title ${at}`, `Text number ${at}.`)
      )
    supabase.sections = many
    supabase.terms = numbers.map((at) => term(at, `thing ${at}`, `word ${at}`))
    await fetched()
    expect([supabase.count('sections'), supabase.count('terms')]).toEqual([3, 3])
    const { sections, terms } = JSON.parse(textOnDisk())
    expect(sections.map(({ slug }: { slug: string }) => slug)).toEqual(many.map(({ slug }) => slug))
    expect(terms).toHaveLength(numbers.length)
    expect(new Set(terms.map((each: { term: string }) => each.term)).size).toBe(numbers.length)
  })

  it('fetches every half hour, and writes only changes', async () => {
    await fetched()
    const written = statSync(fileOf(HARBOR.id)).ino
    await clock.advance(REFRESH_MS)
    expect(times('handbook.copyRefreshed')).toBe(1)
    await refreshed(REFRESH_MS * 0.1)
    expect(statSync(fileOf(HARBOR.id)).ino).toBe(written)
    expect(log.lines.at(-1)?.detail).toMatchObject({ sections: 1, changed: false })

    supabase.sections = [sectionRow('chicken', 'Cooking chicken', 'Cook it to 170 °F.')]
    await refreshed(REFRESH_MS * 1.1)
    expect(statSync(fileOf(HARBOR.id)).ino).not.toBe(written)
    expect(textOnDisk()).toContain('170 °F')
    expect(await ask('chicken')).toMatchObject({ value: { passages: [{ text: /170/ }] } })
  })

  it('stays while the backend fails, and retries after longer pauses', async () => {
    await fetched()
    supabase.instead.sections = { status: 500, body: {} }
    await refreshFailed(REFRESH_MS * 1.1)
    await refreshFailed(60_000)
    await refreshFailed(120_000)
    expect(await slugsFor('chicken')).toEqual(['chicken'])
    delete supabase.instead.sections
    await refreshed(240_000)
  })

  it('fetches soon after the machine woke up', async () => {
    await fetched()
    copy.refreshSoon()
    await refreshed()
  })

  it('renews a refused token once', async () => {
    supabase.instead.sections = { status: 401, body: { message: 'JWT expired' } }
    copy.accountChanged(signedIn())
    await refreshFailed()
    expect(supabase.count('sections')).toBe(2)
    expect(tokensOf(supabase).at(-1)).toBe('Bearer token-2')
  })

  it('fails when the backend does not answer within the deadline', async () => {
    supabase.instead.sections = { status: 200, silent: true }
    copy.accountChanged(signedIn())
    await clock.advance(FIRST_REFRESH_MS)
    await eventually(() => expect(supabase.count('sections')).toBe(1))
    await refreshFailed(FETCH_DEADLINE_MS)
    expect(log.lines.at(-1)?.detail).toMatchObject({ code: 'backend_unreachable' })
  })

  it.each([
    ['rows of another shape', [{ slug: 'chicken' }]],
    ['something else', { message: 'welcome to the hotel' }]
  ])('refuses %s', async (_what, body) => {
    supabase.instead.sections = { status: 200, body }
    copy.accountChanged(signedIn())
    await refreshFailed()
    expect(files()).toEqual([])
    expect(await ask('agave')).toMatchObject({ error: { code: 'no_offline_copy' } })
  })
})

describe('the terms', () => {
  const rooster = [term(1, 'chicken', 'chicken'), term(2, 'chicken', 'rooster')]

  it('find a section by them, also after a restart', async () => {
    supabase.terms = rooster
    await fetched()
    expect(await slugsFor('rooster')).toEqual(['chicken'])
    expect(log.lines.at(-2)?.detail).toMatchObject({ terms: 2, changed: true })
    await restart()
    copy.accountChanged(signedIn())
    expect(await slugsFor('rooster')).toEqual(['chicken'])
  })

  it('change without a change of a section, and leave out all other words', async () => {
    await fetched()
    expect(await slugsFor('rooster')).toEqual([])
    supabase.terms = rooster
    await refreshed(REFRESH_MS * 1.1)
    expect(await slugsFor('rooster')).toEqual(['chicken'])
    expect(await slugsFor('poultry')).toEqual([])
  })

  it.each([
    [503, {}],
    [404, { code: 'PGRST205', message: 'no such table' }]
  ])('leave the copy unchanged when they are answered with %i', async (status, body) => {
    supabase.terms = rooster
    await fetched()
    supabase.sections = []
    supabase.instead.terms = { status, body }
    await refreshFailed(REFRESH_MS * 1.1)
    expect(await slugsFor('rooster')).toEqual(['chicken'])
  })
})

it('loses the content of the copy when the account is no member any more', async () => {
  const body = { code: 'HR001', message: 'not_a_member', details: null, hint: null }
  await fetched()
  expect(await slugsFor('chicken')).toEqual(['chicken'])
  supabase.instead.sections = { status: 400, body }
  await refreshed(REFRESH_MS * 1.1)
  expect(await slugsFor('chicken')).toEqual([])
  expect(textOnDisk()).not.toContain('chicken')
})

describe('an unusable disk', () => {
  const copyOf = (groupId: string, more: object = {}) =>
    JSON.stringify({ version: 1, groupId, sections: [], ...more })

  it.each([
    ['not JSON', '{"version":1,"sections":[{"slug":"our secret'],
    ['alien JSON', '{"secret":"our secret"}'],
    ['another restaurant’s copy', copyOf(SOL.id, { terms: [] })],
    ['a copy without terms', copyOf(HARBOR.id)]
  ])('sets aside and logs a file with %s', async (_what, text) => {
    await fetched()
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

  it('keeps the copy in memory when the folder cannot be written', async () => {
    // A file in the place of the folder blocks every write.
    rmSync(folder.path, { recursive: true })
    writeFileSync(folder.path, '')
    await fetched()
    expect(log.events()).toContain('handbook.copyWriteFailed')
    expect(await slugsFor('chicken')).toEqual(['chicken'])
  })
})

describe('access', () => {
  it('requires an account and a restaurant', async () => {
    expect(await ask('x')).toMatchObject({ error: { code: 'not_signed_in' } })
    copy.accountChanged(signedIn(null))
    expect(await ask('x')).toMatchObject({ error: { code: 'not_a_member' } })
  })

  it('removes every copy after a sign-out', async () => {
    await fetched()
    copy.accountChanged({ status: 'signed_out' })
    expect(await ask('chicken')).toMatchObject({ error: { code: 'not_signed_in' } })
    await copy.stop()
    expect(readdirSync(join(folder.path, '..'))).not.toContain(basename(folder.path))
  })

  it('removes the copy of another account at the same restaurant', async () => {
    await fetched()
    copy.accountChanged(signedIn(HARBOR, 'other@example.com'))
    expect(await ask('chicken')).toMatchObject({ error: { code: 'no_offline_copy' } })
    await copy.stop()
    expect(files()).toEqual([])
  })

  it('searches the restaurant in use, and keeps the copies of both', async () => {
    await fetched()
    copy.accountChanged(signedIn(SOL))
    expect(await ask('chicken')).toMatchObject({ error: { code: 'no_offline_copy' } })
    await refreshed()
    expect(await slugsFor('agave')).toEqual(['agave'])
    supabase.instead.sections = { status: 503, body: {} }
    copy.accountChanged(signedIn(HARBOR))
    expect(await slugsFor('chicken')).toEqual(['chicken'])
    expect(files()).toHaveLength(2)
  })

  it('removes the copy of a restaurant that the account has left', async () => {
    await fetched()
    copy.accountChanged({ ...signedIn(SOL), groups: [SOL] } as Account)
    await copy.stop()
    expect(files()).toEqual([])
  })

  it('keeps the copy at a start without a session', async () => {
    await fetched()
    await restart()
    copy.accountChanged({ status: 'signed_out' })
    await copy.stop()
    expect(files()).toHaveLength(1)
  })

  it('drops a fetch that was in flight at the sign-out', async () => {
    const answer = Promise.withResolvers<GivenAnswer>()
    supabase.instead.sections = answer.promise
    copy.accountChanged(signedIn())
    await clock.advance(FIRST_REFRESH_MS)
    await eventually(() => expect(supabase.count('sections')).toBe(1))
    copy.accountChanged({ status: 'signed_out' })
    answer.resolve({ status: 200, body: [CHICKEN] })
    await copy.stop()
    expect(clock.pending()).toBe(0)
    mkdirSync(folder.path, { recursive: true })
    expect(files()).toEqual([])
  })
})

it('returns a section of the restaurant in use, also after a restart, and null without a copy', async () => {
  expect(await copy.section('chicken')).toBeNull()
  copy.accountChanged(signedIn())
  expect(await copy.section('chicken')).toBeNull()
  await refreshed()
  await restart()
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

it('logs the duration and the result of a search, without the question', async () => {
  await fetched()
  await ask('How hot does the chicken of my grandmother have to be?')
  expect(log.lines.at(-1)).toEqual({
    level: 'info',
    event: 'handbook.searchedOffline',
    detail: { ms: 0, found: expect.any(Boolean), sections: expect.any(Number) }
  })
  expect(JSON.stringify(log.lines)).not.toContain('grandmother')
})
