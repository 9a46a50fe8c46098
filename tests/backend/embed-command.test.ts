// `npm run handbook -- embed` as a brand's manager runs it, on the real Postgres: vectors for what has none, and the
// change to another model, killed, refused, cancelled and finished.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Backend, type BackendOptions, startBackend } from '../../dev/supabase/backend.ts'
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

const OLD = 'text-embedding-3-small'
const NEW = 'text-embedding-3-large'
/** More than three requests' worth. */
const SECTIONS = 220

let folder: string
let model: ModelEndpoints
let backend: Backend
let command: HandbookCommand
let options: BackendOptions

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeFiles(`${folder}/handbook`, SMALL_HANDBOOK)
  await writeFiles(folder, {
    'functions/none': '',
    'stations.md': Array.from(
      { length: SECTIONS },
      (_, at) => `# Station ${at}\n\nThe drawer of station ${at} is kept at ${30 + at} °F.\n`
    ).join('\n')
  })
  model = await startModelEndpoints()
  options = {
    dataDir: `${folder}/data`,
    port: 0,
    openaiUrl: model.url,
    openaiKey: 'sk-test',
    handbookFolder: `${folder}/handbook`,
    functionsFolder: `${folder}/functions`,
    log: () => {}
  }
  await provisionMigratedDatabase(options.dataDir)
  backend = await startBackend(options)
  command = handbookCommand(backend, { modelUrl: model.url, folder })
  expect((await command.run(['import', 'stations.md', '--publish'])).code).toBe(0)
})
afterAll(async () => {
  await backend.close()
  await model.close()
  await removeFolder(folder)
})
beforeEach(() => {
  model.embedded.length = 0
})
afterEach(() => command.killAll())

/** The texts that were embedded since the test began, of one model. */
const embeddedWith = (name: string): string[] =>
  model.embedded.filter((text) => text.startsWith(`${name} `))

const vectorsOf = async (name: string): Promise<number> => {
  const [row] = await backend.database.query<{ count: number }>(
    `select count(*)::integer as count from public.manual_embeddings e
      join public.organisations o on o.id = e.organisation_id
      where o.slug = 'harbor-and-rye' and e.model = $1`,
    [name]
  )
  return row?.count ?? -1
}
const answering = async () => {
  const [row] = await backend.database.query<{ now: string; next: string | null }>(
    `select embedding_model as now, next_embedding_model as next
      from public.organisations where slug = 'harbor-and-rye'`
  )
  return row
}

describe('embed', () => {
  it('that is not understood, or names a model of other vectors, changes nothing', async () => {
    const unreachable = { HEARD_SUPABASE_URL: 'http://127.0.0.1:9' }
    for (const [args, said] of [
      [
        ['--model', 'text-embedding-ada-002'],
        `"text-embedding-ada-002" is none of the models with vectors of 1536 numbers: ${OLD}, ${NEW}.`
      ],
      [['--model', NEW, '--cancel'], '--model and --cancel exclude each other'],
      [['--model', NEW, '--group', 'harbor-and-rye'], 'A model is changed for the brand'],
      [['now'], 'embed takes no more words']
    ] as const) {
      const ran = await command.run(['embed', ...args], unreachable)
      expect([ran.code, ran.stderr]).toEqual([64, expect.stringContaining(said)])
    }
    const keyless = await command.run(['embed', '--model', NEW], { OPENAI_API_KEY: '' })
    expect([keyless.code, keyless.stderr]).toEqual([
      64,
      expect.stringContaining('Vectors need OPENAI_API_KEY.')
    ])
    expect(await answering()).toEqual({ now: OLD, next: null })
  })

  it('makes what is lacking for the model that answers, a golden question’s too', async () => {
    const { groupId } = accountOf(backend, 'manager')
    const [golden] = await backend.database.query<{ id: string }>(
      `insert into public.golden_questions (organisation_id, group_id, language, question, section_slug)
        select organisation_id, id, 'en', 'Where is the drawer of station 7?', 'station-7'
        from public.groups where id = $1 returning id`,
      [groupId]
    )
    const before = await vectorsOf(OLD)
    await backend.database.query(
      `delete from public.manual_embeddings e using public.manual_passages p
        where p.id = e.passage_id and p.content like '%station 21_ %'`
    )
    const ran = await command.run(['embed', '--json'])
    expect([ran.code, ran.json]).toEqual([0, { model: OLD, embedded: 11 }])
    expect(embeddedWith(OLD)).toHaveLength(11)
    expect(embeddedWith(OLD)).toContain(`${OLD} Where is the drawer of station 7?`)
    expect(await vectorsOf(OLD)).toBe(before)
    const again = await command.run(['embed'])
    expect([again.code, again.stderr]).toEqual([
      0,
      expect.stringContaining(`nothing lacks a vector of ${OLD}`)
    ])
    await backend.database.query('delete from public.golden_questions where id = $1', [golden?.id])
  })
})

describe('on the local stack, without a variable', () => {
  it('the sample manager makes the vectors of the brand, and changes its model and back', async () => {
    // As `npm start` leaves it for the other commands, which attach to the stack that is up.
    const dataDir = `${folder}/heard`
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
    const local = {
      HEARD_DATA_DIR: dataDir,
      HEARD_SUPABASE_URL: '',
      HEARD_SUPABASE_PUBLISHABLE_KEY: '',
      HEARD_SIGN_IN_EMAIL: '',
      HEARD_SIGN_IN_PASSWORD: '',
      OPENAI_API_KEY: '',
      OPENAI_BASE_URL: ''
    }
    const all = await vectorsOf(OLD)
    const filled = await command.run(['embed', '--brand', '--json'], local)
    expect([filled.code, filled.json]).toEqual([0, { model: OLD, embedded: 0 }])
    for (const name of [NEW, OLD]) {
      const ran = await command.run(['embed', '--model', name, '--json'], local)
      expect([ran.code, ran.json]).toMatchObject([0, { model: name, embedded: all, removed: all }])
      expect(await answering()).toEqual({ now: name, next: null })
    }
  })
})

describe('a change of the model', () => {
  it('goes on after a kill behind what was written, and the old one answers meanwhile', async () => {
    const killed = command.start(['embed', '--model', NEW])
    const lines: string[] = []
    await new Promise<void>((resolve, reject) => {
      if (killed.stderr === null) return
      createInterface({ input: killed.stderr }).on('line', (line) => {
        lines.push(line)
        if (/\d+ vectors made, \d+ to go/.test(line)) resolve()
      })
      killed.once('close', () =>
        reject(new Error(`ended before it was killed: ${lines.join('\n')}`))
      )
    })
    const closed = once(killed, 'close')
    killed.kill('SIGKILL')
    await closed
    expect(await answering()).toEqual({ now: OLD, next: NEW })
    const [all, written] = [await vectorsOf(OLD), await vectorsOf(NEW)]
    expect(written).toBeGreaterThanOrEqual(128)
    expect(written).toBeLessThan(all)

    model.embedded.length = 0
    // The service fails on the way: what was written stays, and the command says so.
    model.failing = true
    const failed = await command.run(['embed', '--model', NEW])
    model.failing = false
    expect([failed.code, failed.stderr]).toEqual([
      1,
      expect.stringContaining('the same command goes on behind them')
    ])

    const left = all - (await vectorsOf(NEW))
    const golden = await lostGolden()
    const refused = await command.run(['embed', '--model', NEW, '--json'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('Found until now, and not any more:')
    expect(refused.stderr).toMatch(/zzquux\? \(as harbor-and-rye asks it\): expected "station-7"/)
    expect(refused.stderr).toContain(`goes on answering with ${OLD}`)
    expect(refused.json).toMatchObject({ isChanged: false, embedded: left + 1, removed: 0 })
    const texts = embeddedWith(NEW)
    expect([texts.length, new Set(texts).size]).toEqual([left + 1, left + 1])
    expect(await answering()).toEqual({ now: OLD, next: NEW })
    expect(await vectorsOf(NEW)).toBe(all)
    await backend.database.query('delete from public.golden_questions where id = $1', [golden])
  })

  it('that is cancelled takes its vectors with it', async () => {
    const all = await vectorsOf(OLD)
    const ran = await command.run(['embed', '--cancel', '--json'])
    expect([ran.code, ran.json]).toEqual([0, { cancelled: NEW, model: OLD, removed: all }])
    expect(await answering()).toEqual({ now: OLD, next: null })
    expect([await vectorsOf(OLD), await vectorsOf(NEW)]).toEqual([all, 0])
    const again = await command.run(['embed', '--cancel'])
    expect([again.code, again.stderr]).toEqual([
      0,
      expect.stringContaining('no change was under way')
    ])
  })

  it('that is finished answers with the new vectors alone, and so do imports and the next start', async () => {
    const all = await vectorsOf(OLD)
    const ran = await command.run(['embed', '--model', NEW, '--json'])
    expect([ran.code, ran.stderr]).toEqual([
      0,
      expect.stringContaining(`answers with ${NEW} from now on; ${all} old vectors were removed`)
    ])
    expect(ran.json).toMatchObject({ isChanged: true, embedded: all, removed: all })
    expect(await answering()).toEqual({ now: NEW, next: null })
    expect([await vectorsOf(OLD), await vectorsOf(NEW)]).toEqual([0, all])

    model.embedded.length = 0
    const again = await command.run(['embed', '--model', NEW, '--json'])
    expect([again.code, again.json]).toMatchObject([0, { isChanged: true, embedded: 0 }])
    await writeFiles(folder, {
      'ice.md':
        '# Ice\n\nThe scoop is kept in the holder that hangs beside the machine, and it is washed with hot water.\n'
    })
    const imported = await command.run(['import', 'ice.md', '--publish'])
    expect([imported.code, imported.stderr]).toEqual([
      0,
      expect.stringContaining('Published 1 sections.')
    ])
    expect([embeddedWith(OLD), embeddedWith(NEW).length]).toEqual([[], 1])

    await backend.close()
    model.embedded.length = 0
    backend = await startBackend(options)
    expect(model.embedded).toEqual([])
    expect([await vectorsOf(OLD), await vectorsOf(NEW)]).toEqual([0, all + 1])
  })
})

/** A golden question that only the old model's vector finds: its words are in no section. */
const lostGolden = async (): Promise<string | undefined> => {
  const [golden] = await backend.database.query<{ id: string }>(
    `insert into public.golden_questions
        (organisation_id, group_id, language, question, section_slug, embedding, embedding_model)
      select p.organisation_id, p.group_id, 'en', 'zzquux?', s.slug, e.embedding, e.model
      from public.manual_sections s
      join public.manual_passages p on p.section_id = s.id
      join public.manual_embeddings e on e.passage_id = p.id and e.model = $1
      where s.slug = 'station-7'
      returning id`,
    [OLD]
  )
  return golden?.id
}
