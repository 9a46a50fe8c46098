// Tests the whole way of a gap, with the edge functions in Deno and the manager's command in processes of their own: asked
// and not answered, grouped, written, held against the golden questions, published, asked again and found.
import { randomUUID } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Backend, startBackend } from '../../dev/supabase/backend.ts'
import { accountOf, type HandbookCommand, handbookCommand } from './support/handbook-command.ts'
import { provisionMigratedDatabase } from './support/migrated-database.ts'
import {
  type ModelEndpoints,
  removeFolder,
  SMALL_HANDBOOK,
  startModelEndpoints,
  temporaryFolder,
  writeFiles
} from './support/stack-fixture.ts'

let folder: string
let model: ModelEndpoints
let backend: Backend
let command: HandbookCommand

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeFiles(`${folder}/handbook`, SMALL_HANDBOOK)
  model = await startModelEndpoints()
  await provisionMigratedDatabase(`${folder}/data`)
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

type Found = { found: boolean; passages: { slug: string }[] }
type Gap = {
  gap_id: string
  questions: number
  not_found: number
  unverified: number
  examples: { question: string; restated: string | null; reasons: string[] }[]
}

/** A kiosk that asks, and reports as it does after the model's answer. */
const signedInKiosk = async () => {
  const { email, password, groupId } = accountOf(backend, 'crew')
  const client = createClient(backend.url, backend.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false }
  })
  await client.auth.signInWithPassword({ email, password })
  const search = (question: string, restated: string, questionId: string) =>
    client.functions.invoke<Found>('realtime-search', {
      body: { groupId, language: 'en', questionId, question, restated, sections: [] }
    })
  return {
    search,
    ask: async (
      question: string,
      {
        restated = question,
        questionId = randomUUID()
      }: { restated?: string; questionId?: string } = {}
    ) => {
      const { data, error } = await search(question, restated, questionId)
      if (data === null) throw new Error(`not answered: ${error}`)
      return { ...data, questionId }
    },
    report: async (
      questionId: string,
      outcome: 'answered' | 'not_found' | 'missing',
      { slugs = [], figures = 0 }: { slugs?: string[]; figures?: number } = {}
    ): Promise<void> => {
      const { error } = await client.rpc('report_answer', {
        _group_id: groupId,
        _question_id: questionId,
        _outcome: outcome,
        _slugs: slugs,
        _unverified_quotes: 0,
        _unverified_figures: figures
      })
      expect(error).toBeNull()
    }
  }
}

const gaps = async (): Promise<Gap[]> => {
  const ran = await command.run(['gaps', '--json'])
  expect(ran.code).toBe(0)
  return (ran.json as { gaps: Gap[] }).gaps
}

it('a question that is not answered is written, guarded, published and answered', async () => {
  const { search, ask, report } = await signedInKiosk()
  const chicken = 'How hot does chicken have to be?'

  // A first search compiles what the next ones use, and may take longer than the function waits for it.
  await expect.poll(async () => (await search(chicken, chicken, randomUUID())).error).toBeNull()

  // Asked in three ways, and not answered by the passages.
  const aprons = [
    'Where do the spare aprons hang?',
    'Where do spare aprons hang?',
    'yo where them spare aprons hang at'
  ]
  for (const question of aprons) {
    const { questionId } = await ask(question, { restated: 'Where do the spare aprons hang?' })
    await report(questionId, 'not_found')
  }
  expect((await ask(chicken)).found).toBe(true)

  // Grouped: three that mean the same are one gap, and the question that was found is none.
  const [gap, ...others] = await gaps()
  expect(others).toEqual([])
  expect(gap).toMatchObject({ questions: 3, not_found: 3 })
  expect(gap?.examples.map(({ question }) => question)).toEqual(aprons.toReversed())
  expect(gap?.examples[0]?.restated).toBe('Where do the spare aprons hang?')

  // Written, with a golden question. No search finds a draft.
  await writeFiles(folder, {
    'aprons.md': '# Spare aprons\n\nSpare aprons hang behind the door of the linen closet.\n'
  })
  const golden = ['golden', 'add', chicken, '--section', 'chicken']
  expect((await command.run(golden)).code).toBe(0)
  // The manager's machine has no key: the project embeds it with its own.
  const imported = await command.run(['import', 'aprons.md', '--json'], { OPENAI_API_KEY: '' })
  expect(imported.json).toMatchObject({ saved: { drafts: 1, embedded: 1, withoutVector: 0 } })
  const again = await command.run(['import', 'aprons.md', '--json'], { OPENAI_API_KEY: '' })
  expect(again.json).toMatchObject({ saved: { drafts: 1, written: 0, embedded: 0 } })
  const slugsFound = async () =>
    (await ask('Where do the spare aprons hang?')).passages.map(({ slug }) => slug)
  expect(await slugsFound()).not.toContain('spare-aprons')

  // The golden questions are asked, and it is published.
  const published = await command.run(['publish'])
  expect([published.code, published.stdout]).toEqual([
    0,
    'Golden questions: 1 of 1 are kept.\nPublished 1 sections.\n'
  ])

  // Asked again, and found.
  expect((await slugsFound())[0]).toBe('spare-aprons')
  const id = gap?.gap_id ?? ''
  expect((await command.run(['gaps', 'answer', id, '--section', 'spare-aprons'])).code).toBe(0)
  expect(await gaps()).toEqual([])
})

it('a question is in a gap while its last report says so', async () => {
  const { ask, report } = await signedInKiosk()
  const question = 'How hot does chicken have to be in the fryer?'
  const { questionId, found } = await ask(question)
  expect(found).toBe(true)
  expect(await gaps()).toEqual([])

  await report(questionId, 'not_found')
  expect(await gaps()).toMatchObject([
    { questions: 1, not_found: 1, examples: [{ question, reasons: ['not_found'] }] }
  ])
  await report(questionId, 'answered', { slugs: ['chicken'] })
  expect(await gaps()).toEqual([])

  // A figure of the spoken answer stood in no passage, and a missing report changes nothing about that.
  await report(questionId, 'answered', { slugs: ['chicken'], figures: 1 })
  await report(questionId, 'missing')
  const [unverified, ...others] = await gaps()
  expect(others).toEqual([])
  expect(unverified).toMatchObject({
    questions: 1,
    not_found: 0,
    unverified: 1,
    examples: [{ question, reasons: ['unverified'] }]
  })
  const id = unverified?.gap_id ?? ''
  expect((await command.run(['gaps', 'answer', id, '--section', 'chicken'])).code).toBe(0)
  expect(await gaps()).toEqual([])
})
