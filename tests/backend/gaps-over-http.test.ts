// Tests the way of a gap for a client of the project, such as a web page, and the refusals on it: as gap-loop.test.ts does
// with the command. Over HTTP through supabase-js, with the real edge function in a real Deno.
import { randomUUID } from 'node:crypto'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { type Backend, startBackend } from '../../dev/supabase/backend.ts'
import { createEmbedTexts } from '../../dev/supabase/seed-embeddings.ts'
import { embeddingInput, splitIntoPassages } from '../../supabase/functions/_shared/passages.ts'
import { provisionMigratedDatabase } from './support/migrated-database.ts'
import {
  type ModelEndpoints,
  removeFolder,
  SMALL_HANDBOOK,
  startModelEndpoints,
  temporaryFolder,
  writeFiles
} from './support/stack-fixture.ts'

const KIOSK = 'kiosk@harbor-and-rye.example'
const MANAGER = 'manager@harbor-and-rye.example'
const CHICKEN = 'How hot does chicken have to be?'
const MOP = 'Where is the mop bucket?'

const answerSchema = z.looseObject({
  found: z.boolean(),
  passages: z.array(z.looseObject({ slug: z.string() }))
})
const gapsSchema = z.array(
  z.looseObject({
    gap_id: z.uuid(),
    example: z.string(),
    examples: z.array(z.looseObject({ question: z.string() })),
    questions: z.int(),
    not_found: z.int(),
    rated_down: z.int(),
    languages: z.array(z.string()),
    section_slug: z.string().nullable()
  })
)
const goldenSchema = z.array(
  z.looseObject({ question: z.string(), got: z.string().nullable(), is_kept: z.boolean() })
)
const publishedSchema = z.looseObject({
  published: z.array(z.looseObject({ slug: z.string() })),
  golden: z.looseObject({
    newly_found: z.array(z.looseObject({ question: z.string() })),
    regressions: z.array(z.looseObject({ question: z.string() }))
  })
})

let folder: string
let model: ModelEndpoints
let backend: Backend
let kiosk: SupabaseClient
let manager: SupabaseClient
let groupId: string
let organisationId: string

const signedIn = async (email: string): Promise<SupabaseClient> => {
  const account = backend.accounts.find((one) => one.email === email)
  if (account === undefined) throw new Error(`the local backend has no ${email}`)
  const client = createClient(backend.url, backend.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false }
  })
  const { error } = await client.auth.signInWithPassword(account)
  expect(error).toBeNull()
  return client
}

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
  kiosk = await signedIn(KIOSK)
  manager = await signedIn(MANAGER)
  const { data } = await manager.from('groups').select('id, organisation_id').single()
  const group = z.object({ id: z.uuid(), organisation_id: z.uuid() }).parse(data)
  groupId = group.id
  organisationId = group.organisation_id
})
afterAll(async () => {
  await backend.close()
  await model.close()
  await removeFolder(folder)
})

const ask = async (question: string, language = 'en', questionId: string = randomUUID()) => {
  const { data, error } = await kiosk.functions.invoke('realtime-search', {
    body: { groupId, questionId, question, language, sections: [] }
  })
  expect(error).toBeNull()
  const { found, passages } = answerSchema.parse(data)
  return { questionId, found, slug: passages[0]?.slug, slugs: passages.map(({ slug }) => slug) }
}
/** Asks, and reports as the kiosk does when the passages do not answer. */
const askInVain = async (question: string, language = 'en'): Promise<void> => {
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

const rpc = async <T>(schema: z.ZodType<T>, name: string, input: object): Promise<T> => {
  const { data, error } = await manager.rpc(name, input)
  expect(error).toBeNull()
  return schema.parse(data)
}
const gaps = () => rpc(gapsSchema, 'list_gaps', { _organisation_id: organisationId })
const golden = async () => {
  const rows = await rpc(goldenSchema, 'run_golden', {
    _organisation_id: organisationId,
    _group_id: groupId
  })
  return Object.fromEntries(rows.map(({ question, is_kept }) => [question, is_kept]))
}
const embed = async (texts: string[]): Promise<{ model: string; vectors: string[] }> => {
  const embedTexts = createEmbedTexts(model.url, 'sk-test', 'text-embedding-3-small')
  const embedded = await embedTexts.embed(texts)
  if (!embedded.ok) throw new Error(embedded.message)
  return {
    model: embedTexts.model,
    vectors: embedded.vectors.map((vector) => JSON.stringify(vector))
  }
}
const saveGolden = async (question: string, slug: string, mustSay: string[]) => {
  const { model: name, vectors } = await embed([question])
  await rpc(z.uuid(), 'save_golden', {
    _organisation_id: organisationId,
    _group_id: groupId,
    _language: 'en',
    _question: question,
    _section_slug: slug,
    _must_say: mustSay,
    _embedding: vectors[0],
    _embedding_model: name
  })
}
const saveDraft = async (slug: string, title: string, text: string): Promise<string> => {
  const passages = splitIntoPassages(text)
  const { model: name, vectors } = await embed(
    passages.map((passage) => embeddingInput(title, passage))
  )
  return rpc(z.uuid(), 'save_draft', {
    _organisation_id: organisationId,
    _group_id: groupId,
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
    _embedding_model: name
  })
}
const publish = (versionIds: string[], isDryRun = false) =>
  manager.rpc('publish_versions', { _version_ids: versionIds, _dry_run: isDryRun })

it('closes a gap: asked, not answered, grouped, written, held against the golden questions, published, found', async () => {
  // A first search compiles what the next ones use, and may take longer than the function waits for it.
  const first = {
    groupId,
    questionId: randomUUID(),
    question: CHICKEN,
    language: 'en',
    sections: []
  }
  await expect
    .poll(async () => (await kiosk.functions.invoke('realtime-search', { body: first })).error)
    .toBeNull()
  expect((await ask(CHICKEN)).slug).toBe('chicken')
  expect(await gaps()).toEqual([])

  // Asked, and not answered.
  await askInVain(MOP)
  await askInVain('So where is the mop bucket?')
  await askInVain('¿Cuál es la contraseña?', 'es')

  // Grouped, with counts, for the manager alone.
  const open = await gaps()
  expect(open).toMatchObject([
    { example: MOP, questions: 2, not_found: 2, languages: ['en'] },
    { example: '¿Cuál es la contraseña?', questions: 1, not_found: 1, languages: ['es'] }
  ])
  const mopGap = open[0]?.gap_id
  const refused = await kiosk.rpc('list_gaps', { _organisation_id: organisationId })
  expect(refused.error).toMatchObject({ code: 'HR004', message: 'not_allowed' })
  expect((await kiosk.from('question_gaps').select('*')).data).toEqual([])

  // Written. No search finds a draft.
  await saveGolden(CHICKEN, 'chicken', ['165'])
  const draft = await saveDraft(
    'mops',
    'Mops and buckets',
    'The mop bucket is in the dry store, behind the door. Rinse it after use.'
  )
  await saveGolden(MOP, 'mops', ['dry store'])
  expect(await golden()).toEqual({ [CHICKEN]: true, [MOP]: false })
  expect((await ask(MOP)).slugs).not.toContain('mops')

  // A change that would lose a golden question is refused by name, and takes the new section down with it.
  const worse = await saveDraft('chicken', 'Ask first', 'The chef knows.')
  const lost = await publish([draft, worse])
  expect(lost.error).toMatchObject({ code: 'HR409', message: 'golden_regression' })
  expect(JSON.parse(lost.error?.details ?? '')).toMatchObject([
    { question: CHICKEN, language: 'en', expected: 'chicken' }
  ])
  expect(await golden()).toEqual({ [CHICKEN]: true, [MOP]: false })

  // Tried, and then published.
  const dry = publishedSchema.parse((await publish([draft], true)).data)
  expect(dry.golden).toMatchObject({ newly_found: [{ question: MOP }], regressions: [] })
  expect((await ask(MOP)).slugs).not.toContain('mops')
  const done = publishedSchema.parse((await publish([draft])).data)
  expect(done.published).toMatchObject([{ slug: 'mops' }])
  expect(await golden()).toEqual({ [CHICKEN]: true, [MOP]: true })

  // Asked again, and found.
  expect(await ask(MOP)).toMatchObject({ found: true, slug: 'mops' })
  expect(await ask('mop bucket')).toMatchObject({ found: true, slug: 'mops' })

  // Settled, with the section that answers it.
  const { data: section } = await manager
    .from('manual_sections')
    .select('id')
    .eq('slug', 'mops')
    .single()
  await rpc(z.null(), 'resolve_gap', {
    _gap_id: mopGap,
    _status: 'answered',
    _section_id: z.object({ id: z.uuid() }).parse(section).id
  })
  expect((await gaps()).map(({ example }) => example)).toEqual(['¿Cuál es la contraseña?'])
})

it('puts a question that no passage is near into a gap, without a report', async () => {
  const question = 'zzquux blorptang?'
  expect(await ask(question)).toMatchObject({ found: false, slugs: [] })
  const added = (await gaps()).filter(({ example }) => example === question)
  expect(added).toMatchObject([{ questions: 1, not_found: 1 }])
})

it('opens a gap for an answer that was no help, and closes it when the rating changes', async () => {
  const { questionId, found } = await ask('How hot is chicken?')
  expect(found).toBe(true)
  const before = await gaps()
  const rate = async (rating: string) => {
    const { error } = await kiosk.rpc('rate_answer', {
      _group_id: groupId,
      _question_id: questionId,
      _rating: rating,
      _time_to_first_audio_ms: 870
    })
    expect(error).toBeNull()
  }

  await rate('down')
  const added = (await gaps()).filter(({ example }) => example === 'How hot is chicken?')
  expect(added).toMatchObject([{ questions: 1, rated_down: 1, section_slug: 'chicken' }])
  await rate('up')
  expect(await gaps()).toEqual(before)

  const asked = await manager
    .from('asked_questions')
    .select('rating, time_to_first_audio_ms, language')
    .eq('question_id', questionId)
  expect(asked.data).toEqual([{ rating: 'up', time_to_first_audio_ms: 870, language: 'en' }])
})

it('records no question that is refused, and searches one that looks like SQL like any other', async () => {
  const written = async () => {
    const rows = await backend.database.query<{ asked: number; counted: number }>(
      `select (select count(*)::int from public.asked_questions) as asked,
         (select coalesce(sum(questions), 0)::int from public.usage_days) as counted`
    )
    return rows[0] ?? { asked: -1, counted: -1 }
  }
  /** The status and code of a function's refusal. */
  const refusal = async (name: string, body: object): Promise<unknown> => {
    const { error } = await kiosk.functions.invoke(name, { body })
    const context: unknown = error?.context
    if (!(context instanceof Response)) throw new Error(`${name} did not refuse`)
    const { error: code } = z.looseObject({ error: z.string() }).parse(await context.json())
    return [context.status, code]
  }
  const search = (more: object) =>
    refusal('realtime-search', {
      groupId,
      questionId: randomUUID(),
      question: CHICKEN,
      language: 'en',
      sections: [],
      ...more
    })

  const before = await written()
  const sql = "chicken'; drop table public.manual_passages; --"
  expect((await ask(sql)).slug).toBe('chicken')
  expect(await written()).toEqual({ asked: before.asked + 1, counted: before.counted + 1 })
  expect((await ask(CHICKEN)).slug).toBe('chicken')

  const kept = await written()
  expect(await search({ question: 'x'.repeat(10_000) })).toEqual([400, 'bad_request'])
  expect(await search({ question: 'chick\u0000en' })).toEqual([400, 'bad_request'])
  expect(await search({ question: '  ' })).toEqual([400, 'bad_request'])
  expect(await search({ groupId: randomUUID() })).toEqual([403, 'not_a_member'])

  // The membership ends while the kiosk is signed in: its token is valid for another hour.
  const [membership] = await backend.database.query<{ user_id: string; role: string }>(
    `delete from public.group_memberships m using auth.users u
       where u.id = m.user_id and u.email = $1 returning m.user_id, m.role`,
    [KIOSK]
  )
  expect(membership).toBeDefined()
  expect(await search({})).toEqual([403, 'not_a_member'])
  expect(await refusal('realtime-session', { groupId, language: 'en' })).toEqual([
    403,
    'not_a_member'
  ])
  expect((await kiosk.rpc('get_handbook', { _group_id: groupId })).error?.code).toBe('HR001')
  expect((await kiosk.from('manual_passages').select('id')).data).toEqual([])
  expect(await written()).toEqual(kept)
  await backend.database.query(
    'insert into public.group_memberships (user_id, group_id, role) values ($1, $2, $3)',
    [membership?.user_id, groupId, membership?.role]
  )
  expect((await ask(CHICKEN)).slug).toBe('chicken')
})
