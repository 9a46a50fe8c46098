// Runs `npm run handbook -- embed` against the local backend: missing vectors and the change of the embedding model.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { handbookCommand } from './support/handbook-command.ts'
import { setUpBackend } from './support/local-backend.ts'
import { writeFiles } from './support/temporary-folder.ts'

const OLD = 'text-embedding-3-small'
const NEW = 'text-embedding-3-large'
/** More than three requests' worth. */
const SECTIONS = 220

const local = setUpBackend({ functions: 'none' })
const { run, runApart, succeed, fail, killAt } = handbookCommand(local)
const query = <Row>(...words: [statement: string, parameters?: unknown[]]): Promise<Row[]> =>
  local.backend.database.query<Row>(...words)

beforeAll(async () => {
  await writeFiles(local.folder, {
    'stations.md': Array.from(
      { length: SECTIONS },
      (_, at) => `# Station ${at}\n\nThe drawer of station ${at} is kept at ${30 + at} °F.\n`
    ).join('\n')
  })
  await succeed(['import', 'stations.md', '--publish'])
})
beforeEach(() => {
  local.model.embedded.length = 0
})

/** The texts that were embedded with a model since the test began. */
const embeddedWith = (name: string): string[] =>
  local.model.embedded.filter((text) => text.startsWith(`${name} `))

const vectorsOf = async (name: string): Promise<number> => {
  const [row] = await query<{ count: number }>(
    `select count(*)::integer as count from public.manual_embeddings
      where organisation_id = $1 and model = $2`,
    [local.place.organisationId, name]
  )
  return row?.count ?? -1
}
const models = async () => {
  const [row] = await query<{ now: string; next: string | null }>(
    `select embedding_model as now, next_embedding_model as next
      from public.organisations where id = $1`,
    [local.place.organisationId]
  )
  return row
}
const deleteGoldenQuestions = () => query('delete from public.golden_questions')

describe('embed', () => {
  it('changes nothing for a wrong command, or a model with vectors of another length', async () => {
    const unreachable = { HEARD_SUPABASE_URL: 'http://127.0.0.1:9' }
    const ada = 'text-embedding-ada-002'
    for (const [args, text, env] of [
      [
        ['--model', ada],
        `"${ada}" is none of the models with vectors of 1536 numbers: ${OLD}, ${NEW}.`,
        unreachable
      ],
      [['--model', NEW, '--cancel'], '--model and --cancel exclude each other', unreachable],
      [
        ['--model', NEW, '--group', 'harbor-and-rye'],
        'A model is changed for the brand',
        unreachable
      ],
      [['now'], 'embed takes no more words', unreachable],
      [['--model', NEW], 'Vectors need OPENAI_API_KEY.', { OPENAI_API_KEY: '' }]
    ] as const) {
      const ran = await run(['embed', ...args], env)
      expect([ran.code, ran.stderr]).toEqual([64, expect.stringContaining(text)])
    }
    expect(await models()).toEqual({ now: OLD, next: null })
  })

  it('makes the missing vectors of passages and golden questions', async () => {
    const { organisationId, groupId } = local.place
    await query(
      `insert into public.golden_questions (organisation_id, group_id, language, question, section_slug)
        values ($1, $2, 'en', 'Where is the drawer of station 7?', 'station-7')`,
      [organisationId, groupId]
    )
    const before = await vectorsOf(OLD)
    await query(
      `delete from public.manual_embeddings e using public.manual_passages p
        where p.id = e.passage_id and p.content like '%station 21_ %'`
    )
    const { json } = await succeed(['embed', '--json'])
    expect(json).toEqual({ model: OLD, embedded: 11 })
    expect(embeddedWith(OLD)).toHaveLength(11)
    expect(embeddedWith(OLD)).toContain(`${OLD} Where is the drawer of station 7?`)
    expect(await vectorsOf(OLD)).toBe(before)
    expect((await succeed(['embed'])).stderr).toContain(`nothing lacks a vector of ${OLD}`)
    await deleteGoldenQuestions()
  })

  it('works on the local stack without a variable', async () => {
    // The file that `npm start` writes for the other commands.
    const { backend, model } = local
    const dataDir = `${local.folder}/heard`
    await writeFiles(dataDir, {
      'stack/stack.json': JSON.stringify({
        supabaseUrl: backend.url,
        publishableKey: backend.publishableKey,
        secretKey: backend.secretKey,
        openaiUrl: model.url,
        openaiKey: 'sk-test',
        recogniser: 'none',
        voice: 'none',
        accounts: backend.accounts
      })
    })
    const unset = [
      ...['HEARD_SUPABASE_URL', 'HEARD_SUPABASE_PUBLISHABLE_KEY', 'HEARD_SIGN_IN_EMAIL'],
      ...['HEARD_SIGN_IN_PASSWORD_FILE', 'OPENAI_API_KEY', 'OPENAI_BASE_URL']
    ].map((name) => [name, ''])
    const env = { HEARD_DATA_DIR: dataDir, ...Object.fromEntries(unset) }
    const all = await vectorsOf(OLD)
    const filled = await runApart(['embed', '--brand', '--json'], env)
    expect(filled.json, filled.stderr).toEqual({ model: OLD, embedded: 0 })
    for (const name of [NEW, OLD]) {
      const { json, stderr } = await runApart(['embed', '--model', name, '--json'], env)
      expect(json, stderr).toMatchObject({ model: name, embedded: all, removed: all })
      expect(await models()).toEqual({ now: name, next: null })
    }
  })
})

describe('embed --model', () => {
  it('continues after a kill and keeps the old model until the new one loses no question', async () => {
    await writeFiles(local.folder, {
      'oysters.md': '# Oyster tags {#oyster-tags}\n\nKeep the tags for 90 days.\n'
    })
    await succeed(['import', 'oysters.md', '--brand', '--publish'])
    const change = ['embed', '--model', NEW]
    await killAt((line) => /\d+ vectors made, \d+ to go/.test(line), change)
    expect(await models()).toEqual({ now: OLD, next: NEW })
    const [all, written] = [await vectorsOf(OLD), await vectorsOf(NEW)]
    expect(written).toBeGreaterThanOrEqual(128)
    expect(written).toBeLessThan(all)

    local.model.embedded.length = 0
    local.model.failing = true
    await fail('the same command goes on behind them', change)
    local.model.failing = false

    const left = all - (await vectorsOf(NEW))
    await addGoldenOfOldModel()
    const refused = await run([...change, '--json'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('Found until now, and not any more:')
    expect(refused.stderr).toMatch(/zzquux\?: expected "oyster-tags", found nothing/)
    expect(refused.stderr).toContain(`goes on answering with ${OLD}`)
    expect(refused.json).toMatchObject({ isChanged: false, embedded: left + 1, removed: 0 })
    const texts = embeddedWith(NEW)
    expect([texts.length, new Set(texts).size]).toEqual([left + 1, left + 1])
    expect(await models()).toEqual({ now: OLD, next: NEW })
    expect(await vectorsOf(NEW)).toBe(all)
    await deleteGoldenQuestions()
  })

  it('removes the new vectors with --cancel', async () => {
    const all = await vectorsOf(OLD)
    const { json } = await succeed(['embed', '--cancel', '--json'])
    expect(json).toEqual({ cancelled: NEW, model: OLD, removed: all })
    expect(await models()).toEqual({ now: OLD, next: null })
    expect([await vectorsOf(OLD), await vectorsOf(NEW)]).toEqual([all, 0])
    expect((await succeed(['embed', '--cancel'])).stderr).toContain('no change was under way')
  })

  it('removes the old vectors, and imports and the next start use the new model', async () => {
    const all = await vectorsOf(OLD)
    const change = ['embed', '--model', NEW, '--json']
    const ran = await succeed(change)
    const text = `answers with ${NEW} from now on; ${all} old vectors were removed`
    expect(ran.stderr).toContain(text)
    expect(ran.json).toMatchObject({ isChanged: true, embedded: all, removed: all })
    expect(await models()).toEqual({ now: NEW, next: null })
    expect([await vectorsOf(OLD), await vectorsOf(NEW)]).toEqual([0, all])

    local.model.embedded.length = 0
    expect((await succeed(change)).json).toMatchObject({ isChanged: true, embedded: 0 })
    await writeFiles(local.folder, {
      'ice.md':
        '# Ice\n\nThe scoop is kept in the holder that hangs beside the machine, and it is washed with hot water.\n'
    })
    const imported = await succeed(['import', 'ice.md', '--publish'])
    expect(imported.stderr).toContain('Published 1 sections.')
    expect([embeddedWith(OLD), embeddedWith(NEW).length]).toEqual([[], 1])

    local.model.embedded.length = 0
    await local.restart()
    expect(local.model.embedded).toEqual([])
    expect([await vectorsOf(OLD), await vectorsOf(NEW)]).toEqual([0, all + 1])
  })
})

/** Adds a golden question that only the old model's vector finds: its words are in no section. */
const addGoldenOfOldModel = () =>
  query(
    `insert into public.golden_questions
        (organisation_id, group_id, language, question, section_slug, embedding, embedding_model)
      select p.organisation_id, p.group_id, 'en', 'zzquux?', s.slug, e.embedding, e.model
      from public.manual_sections s
      join public.manual_passages p on p.section_id = s.id
      join public.manual_embeddings e on e.passage_id = p.id and e.model = $1
      where s.slug = 'oyster-tags'`,
    [OLD]
  )
