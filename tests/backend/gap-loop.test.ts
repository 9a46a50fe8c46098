// The whole way of a gap, with the functions in Deno and the manager's command in processes of their own: asked and not
// found, grouped, written, the golden questions asked, published, asked again and found.

import { randomUUID } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Backend, startBackend } from '../../local/backend/backend.ts'
import {
  type ModelEndpoints,
  removeFolder,
  SMALL_HANDBOOK,
  startModelEndpoints,
  temporaryFolder,
  writeFiles
} from './stack-parts.ts'
import { accountOf, type HandbookCommand, handbookCommand } from './support/handbook-command.ts'
import { layMigratedDatabase } from './support/migrated-database.ts'

let folder: string
let model: ModelEndpoints
let backend: Backend
let command: HandbookCommand

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeFiles(`${folder}/handbook`, SMALL_HANDBOOK)
  model = await startModelEndpoints()
  await layMigratedDatabase(`${folder}/data`)
  backend = await startBackend({
    dataDir: `${folder}/data`,
    port: 0,
    openaiUrl: model.url,
    openaiKey: 'sk-test',
    handbookFolder: `${folder}/handbook`,
    log: () => {}
  })
  command = handbookCommand(backend, { modelUrl: model.url, folder })
})
afterAll(async () => {
  command.killAll()
  await backend.close()
  await model.close()
  await removeFolder(folder)
})

type Found = { found: boolean; citations: { slug: string }[] }
type Gaps = { gaps: { gap_id: string; questions: number; not_found: number; examples: string[] }[] }

it('a question that is not answered is written, guarded, published and answered', async () => {
  const { email, password, groupId } = accountOf(backend, 'crew')
  const kiosk = createClient(backend.url, backend.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false }
  })
  await kiosk.auth.signInWithPassword({ email, password })
  const search = (query: string) =>
    kiosk.functions.invoke<Found>('realtime-search', {
      body: { groupId, language: 'en', query, questionId: randomUUID() }
    })
  const ask = async (query: string): Promise<Found> => {
    const { data, error } = await search(query)
    if (data === null) throw new Error(`not answered: ${error}`)
    return data
  }
  const gaps = async (): Promise<Gaps['gaps']> => {
    const ran = await command.run(['gaps', '--json'])
    expect(ran.code).toBe(0)
    return (ran.json as Gaps).gaps
  }

  // A first search compiles what the next ones use, and may take longer than the function waits for it.
  await expect.poll(async () => (await search('How hot does chicken have to be?')).error).toBeNull()

  // Asked, and not found.
  for (const question of [
    'Where do the spare aprons hang?',
    'Where do spare aprons hang?',
    'Where do the spare aprons hang now?'
  ]) {
    expect(await ask(question)).toMatchObject({ found: false, citations: [] })
  }
  expect((await ask('How hot does chicken have to be?')).found).toBe(true)

  // Grouped: three that mean the same are one gap, and what was found is none.
  const [gap, ...others] = await gaps()
  expect(others).toEqual([])
  expect(gap).toMatchObject({ questions: 3, not_found: 3 })

  // Written, with what must not be lost: a draft is heard by nobody.
  await writeFiles(folder, {
    'aprons.md': '# Spare aprons\n\nSpare aprons hang behind the door of the linen closet.\n'
  })
  const golden = ['golden', 'add', 'How hot does chicken have to be?', '--section', 'chicken']
  expect((await command.run(golden)).code).toBe(0)
  // The manager's machine has no key: the project embeds it with its own.
  const imported = await command.run(['import', 'aprons.md', '--json'], { OPENAI_API_KEY: '' })
  expect(imported.json).toMatchObject({ saved: { drafts: 1, embedded: 1, withoutVector: 0 } })
  const again = await command.run(['import', 'aprons.md', '--json'], { OPENAI_API_KEY: '' })
  expect(again.json).toMatchObject({ saved: { drafts: 1, written: 0, embedded: 0 } })
  expect((await ask('Where do the spare aprons hang?')).found).toBe(false)

  // The golden questions are asked, and it is published.
  const published = await command.run(['publish'])
  expect([published.code, published.stdout]).toEqual([
    0,
    'Golden questions: 1 of 1 are kept.\nPublished 1 sections.\n'
  ])

  // Asked again, and found.
  const answered = await ask('Where do the spare aprons hang?')
  expect(answered.found).toBe(true)
  expect(answered.citations[0]?.slug).toBe('spare-aprons')
  const id = gap?.gap_id ?? ''
  expect((await command.run(['gaps', 'answer', id, '--section', 'spare-aprons'])).code).toBe(0)
  expect(await gaps()).toEqual([])
})

it('a question that what was found did not answer is a gap too, until it is answered', async () => {
  const { email, password, groupId } = accountOf(backend, 'crew')
  const kiosk = createClient(backend.url, backend.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false }
  })
  await kiosk.auth.signInWithPassword({ email, password })
  const questionId = randomUUID()
  const report = async (found: boolean, slugs: string[]): Promise<void> => {
    const { error } = await kiosk.rpc('report_answer', {
      _group_id: groupId,
      _question_id: questionId,
      _found: found,
      _slugs: slugs
    })
    expect(error).toBeNull()
  }
  const gaps = async (): Promise<Gaps['gaps']> =>
    ((await command.run(['gaps', '--json'])).json as Gaps).gaps
  const query = 'How hot does chicken have to be in the fryer?'
  const body = { groupId, language: 'en', query, questionId }
  const { data } = await kiosk.functions.invoke<Found>('realtime-search', { body })
  expect(data).toMatchObject({ found: true })
  expect(await gaps()).toEqual([])

  await report(false, [])
  const [gap] = await gaps()
  expect(gap).toMatchObject({ questions: 1, not_found: 1, examples: [query] })

  // It was there after all; and then it was not.
  await report(true, ['chicken'])
  expect(await gaps()).toEqual([])
  await report(false, [])
  const [again, ...others] = await gaps()
  expect(others).toEqual([])
  const id = again?.gap_id ?? ''
  expect((await command.run(['gaps', 'answer', id, '--section', 'chicken'])).code).toBe(0)
  expect(await gaps()).toEqual([])
})
