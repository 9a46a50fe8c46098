// Follows a gap over HTTP with the real edge functions: asked, grouped, written, published and found.
import { randomUUID } from 'node:crypto'
import type { SupabaseClient } from '@supabase/supabase-js'
import { beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createEmbedTexts } from '../../dev/supabase/seed-embeddings.ts'
import { EMBEDDING_MODEL } from '../../supabase/functions/_shared/embedding.ts'
import { embeddingInput, splitIntoPassages } from '../../supabase/functions/_shared/passages.ts'
import { EVENTUALLY_MS } from '../eventually.ts'
import { handbookCommand } from './support/handbook-command.ts'
import { setUpBackend } from './support/local-backend.ts'
import { writeFiles } from './support/temporary-folder.ts'

const CHICKEN = 'How hot does chicken have to be?'
const MOP = 'Where is the mop bucket?'

type Answer = { found: boolean; passages: { slug: string }[] }
type Gap = { gap_id: string; example: string; questions: number; section_slug: string | null }
type Golden = { question: string; is_kept: boolean }

const local = setUpBackend({ functions: 'real' })
const { succeed } = handbookCommand(local)
let kiosk: SupabaseClient
let manager: SupabaseClient
let groupId: string
let owner: { _organisation_id: string; _group_id: string }

beforeAll(async () => {
  kiosk = await local.signIn(local.account('crew'))
  manager = await local.signIn(local.account('manager'))
  groupId = local.place.groupId
  owner = { _organisation_id: local.place.organisationId, _group_id: groupId }
  // The first search compiles what the next ones use, and may take longer than the function waits for it.
  await vi.waitFor(async () => expect((await search()).error).toBeNull(), EVENTUALLY_MS)
})

const search = (more: Record<string, unknown> = {}) =>
  kiosk.functions.invoke('realtime-search', {
    body: {
      groupId,
      questionId: randomUUID(),
      question: CHICKEN,
      language: 'en',
      sections: [],
      ...more
    }
  })

const ask = async (question: string, language = 'en') => {
  const questionId = randomUUID()
  const { data, error } = await search({ questionId, question, language })
  expect(error).toBeNull()
  const { found, passages } = data as Answer
  return { questionId, found, slug: passages[0]?.slug, slugs: passages.map(({ slug }) => slug) }
}
/** Asks, and reports that the passages do not answer. */
const askWithoutAnswer = async (question: string, language = 'en'): Promise<void> => {
  const { questionId } = await ask(question, language)
  const { error } = await kiosk.rpc('report_answer', {
    _group_id: groupId,
    _question_id: questionId,
    _outcome: 'not_found',
    _slugs: [],
    _unverified_quotes: 0,
    _unverified_figures: 0
  })
  expect(error).toBeNull()
}

const rpc = async <T>(name: string, input: object): Promise<T> => {
  const { data, error } = await manager.rpc(name, input)
  expect(error).toBeNull()
  return data as T
}
const gaps = () => rpc<Gap[]>('list_gaps', { _organisation_id: owner._organisation_id })
const golden = async () => {
  const rows = await rpc<Golden[]>('run_golden', owner)
  return Object.fromEntries(rows.map(({ question, is_kept }) => [question, is_kept]))
}
const embed = async (texts: string[]): Promise<string[]> => {
  const { embed: send } = createEmbedTexts(local.model.url, 'sk-test', EMBEDDING_MODEL)
  const embedded = await send(texts)
  if (!embedded.ok) throw new Error(embedded.message)
  return embedded.vectors.map((vector) => JSON.stringify(vector))
}
const saveGolden = async (question: string, slug: string, mustSay: string[]) => {
  const [embedding] = await embed([question])
  await rpc<string>('save_golden', {
    ...owner,
    _language: 'en',
    _question: question,
    _section_slug: slug,
    _must_say: mustSay,
    _embedding: embedding,
    _embedding_model: EMBEDDING_MODEL
  })
}
const saveDraft = async (slug: string, title: string, text: string): Promise<string> => {
  const passages = splitIntoPassages(text)
  const vectors = await embed(passages.map((passage) => embeddingInput(title, passage)))
  return rpc<string>('save_draft', {
    ...owner,
    _slug: slug,
    _category: 'cleaning',
    _sort_order: 30,
    _texts: { title_en: title, content_en: text, questions_en: [] },
    _passages: passages.map(({ ordinal, heading, anchor, text: content }, index) => ({
      language: 'en',
      ordinal,
      heading,
      anchor,
      content,
      embedding: vectors[index]
    })),
    _embedding_model: EMBEDDING_MODEL
  })
}
const publish = (versionIds: string[], isDryRun = false) =>
  manager.rpc('publish_versions', { _version_ids: versionIds, _dry_run: isDryRun })

it('lists a gap until a published section answers its questions', async () => {
  expect((await ask(CHICKEN)).slug).toBe('chicken')
  expect(await gaps()).toEqual([])

  await askWithoutAnswer(MOP)
  await askWithoutAnswer('So where is the mop bucket?')
  await askWithoutAnswer('¿Cuál es la contraseña?', 'es')

  // Only managers read gaps.
  const open = await gaps()
  expect(open).toMatchObject([
    { example: MOP, questions: 2, not_found: 2, languages: ['en'] },
    { example: '¿Cuál es la contraseña?', questions: 1, not_found: 1, languages: ['es'] }
  ])
  const mopGap = open[0]?.gap_id
  const refused = await kiosk.rpc('list_gaps', { _organisation_id: owner._organisation_id })
  expect(refused.error).toMatchObject({ code: 'HR004', message: 'not_allowed' })
  expect((await kiosk.from('question_gaps').select('*')).data).toEqual([])

  // No search finds a draft.
  await saveGolden(CHICKEN, 'chicken', ['165'])
  const draft = await saveDraft(
    'mops',
    'Mops and buckets',
    'The mop bucket is in the dry store, behind the door. Rinse it after use.'
  )
  await saveGolden(MOP, 'mops', ['dry store'])
  expect(await golden()).toEqual({ [CHICKEN]: true, [MOP]: false })
  expect((await ask(MOP)).slugs).not.toContain('mops')

  const { data: dry } = await publish([draft], true)
  expect(dry.golden).toMatchObject({ newly_found: [{ question: MOP }], regressions: [] })
  expect((await ask(MOP)).slugs).not.toContain('mops')
  const { data: done } = await publish([draft])
  expect(done.published).toMatchObject([{ slug: 'mops' }])
  expect(await golden()).toEqual({ [CHICKEN]: true, [MOP]: true })

  expect(await ask(MOP)).toMatchObject({ found: true, slug: 'mops' })
  expect(await ask('mop bucket')).toMatchObject({ found: true, slug: 'mops' })

  const { data: section } = await manager
    .from('manual_sections')
    .select('id')
    .eq('slug', 'mops')
    .single()
  await rpc<null>('resolve_gap', {
    _gap_id: mopGap,
    _status: 'answered',
    _section_id: section?.id
  })
  expect((await gaps()).map(({ example }) => example)).toEqual(['¿Cuál es la contraseña?'])
})

it('embeds an import with the project’s key when the manager has none', async () => {
  await writeFiles(local.folder, {
    'aprons.md': '# Spare aprons\n\nSpare aprons hang behind the door of the linen closet.\n'
  })
  const keyless = { OPENAI_API_KEY: '' }
  const imported = await succeed(['import', 'aprons.md', '--json'], keyless)
  expect(imported.json).toMatchObject({ saved: { drafts: 1, embedded: 1, withoutVector: 0 } })
  const again = await succeed(['import', 'aprons.md', '--json'], keyless)
  expect(again.json).toMatchObject({ saved: { drafts: 1, written: 0, embedded: 0 } })
})

it('records no refused question and searches SQL like any other text', async () => {
  const written = async () => {
    const rows = await local.backend.database.query<{ asked: number; counted: number }>(
      `select (select count(*)::int from public.asked_questions) as asked,
         (select coalesce(sum(questions), 0)::int from public.usage_days) as counted`
    )
    return rows[0] ?? { asked: -1, counted: -1 }
  }
  /** The status and code of a function's refusal. */
  const refusal = async (invoked: ReturnType<typeof search>): Promise<unknown> => {
    const context: unknown = (await invoked).error?.context
    if (!(context instanceof Response)) throw new Error('the function did not refuse')
    const { error: code } = z.looseObject({ error: z.string() }).parse(await context.json())
    return [context.status, code]
  }

  const before = await written()
  const sql = "chicken'; drop table public.manual_passages; --"
  expect((await ask(sql)).slug).toBe('chicken')
  expect(await written()).toEqual({ asked: before.asked + 1, counted: before.counted + 1 })
  expect((await ask(CHICKEN)).slug).toBe('chicken')

  const recorded = await written()
  expect(await refusal(search({ question: 'x'.repeat(10_000) }))).toEqual([400, 'bad_request'])
  expect(await refusal(search({ question: 'chick\u0000en' }))).toEqual([400, 'bad_request'])
  expect(await refusal(search({ question: '  ' }))).toEqual([400, 'bad_request'])
  expect(await refusal(search({ groupId: randomUUID() }))).toEqual([403, 'not_a_member'])

  // The kiosk's token is valid for another hour after its membership ends.
  const [membership] = await local.backend.database.query<{ user_id: string; role: string }>(
    `delete from public.group_memberships m using auth.users u
       where u.id = m.user_id and u.email = $1 returning m.user_id, m.role`,
    [local.account('crew').email]
  )
  expect(membership).toBeDefined()
  expect(await refusal(search({}))).toEqual([403, 'not_a_member'])
  const session = kiosk.functions.invoke('realtime-session', { body: { groupId, language: 'en' } })
  expect(await refusal(session)).toEqual([403, 'not_a_member'])
  expect((await kiosk.rpc('get_handbook', { _group_id: groupId })).error?.code).toBe('HR001')
  expect((await kiosk.from('manual_passages').select('id')).data).toEqual([])
  expect(await written()).toEqual(recorded)
  await local.backend.database.query(
    'insert into public.group_memberships (user_id, group_id, role) values ($1, $2, $3)',
    [membership?.user_id, groupId, membership?.role]
  )
  expect((await ask(CHICKEN)).slug).toBe('chicken')
})
