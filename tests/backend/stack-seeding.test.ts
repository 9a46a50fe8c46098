// What a start does with the handbook's files: loads what is new or changed, embeds in batches, tries
// again what failed, and removes nothing that a file does not account for.
import { appendFile, cp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Backend, startBackend } from '../../dev/supabase/backend.ts'
import { MIGRATIONS_FOLDER } from '../../dev/supabase/database.ts'
import { handbookQuestions, readHandbookFolder } from '../../dev/supabase/handbook-files.ts'
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
let lines: string[]
let running: Backend | null = null

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeFiles(`${folder}/handbook`, SMALL_HANDBOOK)
  await writeFiles(folder, { 'migrations/readme.txt': 'none of our own', 'functions/none': '' })
  model = await startModelEndpoints()
})
afterEach(async () => {
  await running?.close()
  running = null
})
afterAll(async () => {
  await model.close()
  await removeFolder(folder)
})

/** Starts the backend on the same data folder; it is closed after each test. */
const start = async (): Promise<Backend> => {
  lines = []
  model.embeddingRequests.length = 0
  running = await startBackend({
    dataDir: `${folder}/data`,
    port: 0,
    openaiUrl: model.url,
    openaiKey: 'sk-test',
    handbookFolder: `${folder}/handbook`,
    functionsFolder: `${folder}/functions`,
    log: (line) => lines.push(line)
  })
  return running
}

type PassageState = { slug: string; language: string; content: string; model: string | null }
const passages = async (backend: Backend): Promise<PassageState[]> =>
  backend.database.query<PassageState>(
    `select s.slug, p.language, p.content, e.model
      from public.manual_passages p
      join public.manual_sections s on s.id = p.section_id
      left join public.manual_embeddings e on e.passage_id = p.id
      where p.is_published
      order by s.slug, p.language, p.ordinal`
  )

describe('a start', () => {
  it('without embeddings loads everything without vectors, and says so', async () => {
    model.failing = true
    const backend = await start()
    model.failing = false
    const loaded = await passages(backend)
    expect(loaded.map(({ slug, language }) => `${slug} ${language}`)).toEqual([
      'chicken en',
      'chicken es',
      'hands en',
      'hands es',
      'parking en'
    ])
    expect(loaded.every((passage) => passage.model === null)).toBe(true)
    expect(lines.join('\n')).toMatch(/No vectors this time .*refused with 500/)
    expect(backend.found).toMatchObject({ isNew: true, closedCleanly: null })
  })

  it('embeds what the last one could not, in one request per restaurant', async () => {
    const backend = await start()
    const loaded = await passages(backend)
    expect(loaded.every((passage) => passage.model !== null)).toBe(true)
    expect(model.embeddingRequests).toEqual([3, 2])
    expect(backend.found).toMatchObject({ isNew: false, closedCleanly: true, sections: 3 })
    expect(lines[0]).toMatch(/Found a data folder with \d+ migrations, 3 sections and 3 accounts/)
  })

  it('with nothing changed writes and embeds nothing', async () => {
    await start()
    expect(model.embeddingRequests).toEqual([])
    expect(lines.join('\n')).toContain(
      'Harbor and Rye: 2 sections (0 written), 3 passages (0 written'
    )
  })

  it('after an edit writes that section and embeds that passage', async () => {
    const path = 'harbor-and-rye/en/chicken.md'
    await writeFiles(`${folder}/handbook`, {
      [path]: SMALL_HANDBOOK[path].replace('165 °F (74 °C)', '170 °F (77 °C)')
    })
    const backend = await start()
    expect(model.embeddingRequests).toEqual([1])
    const [chicken] = await passages(backend)
    expect(chicken?.content).toContain('170 °F')
    expect(chicken?.model).not.toBeNull()
  })

  it('after a new title embeds the passage again: the title is part of it', async () => {
    const path = 'harbor-and-rye/en/parking.md'
    await writeFiles(`${folder}/handbook`, {
      [path]: SMALL_HANDBOOK[path].replace('title: Parking', 'title: Parking and bikes')
    })
    await start()
    expect(model.embeddingRequests).toEqual([1])
  })

  it('that was ended before it could publish goes on from its drafts, and embeds nothing twice', async () => {
    const path = 'harbor-and-rye/en/parking.md'
    const handbook = `${folder}/handbook`
    const before = await readFile(`${handbook}/${path}`, 'utf8')
    const after = before.replace(', never in front of the loading dock', '')
    const { database } = await start()
    await database.query(
      `insert into public.golden_questions (organisation_id, language, question, section_slug)
       select organisation_id, 'en', 'loading dock', 'parking' from public.groups where slug = 'harbor-and-rye'`
    )
    await running?.close()
    await writeFiles(handbook, { [path]: after })
    await expect(start()).rejects.toThrow(
      /publishing the sections: golden_regression \(HR409\) .*loading dock/
    )
    expect(model.embeddingRequests).toEqual([1])
    await writeFiles(handbook, { [path]: before })
    const again = await start()
    expect((await passages(again)).find(({ slug }) => slug === 'parking')?.content).toContain(
      'dock'
    )
    await again.database.query('delete from public.golden_questions')
    await running?.close()
    await writeFiles(handbook, { [path]: after })
    const parking = (await passages(await start())).find(({ slug }) => slug === 'parking')
    expect(model.embeddingRequests).toEqual([])
    expect(parking?.content).toBe('Park behind the building.')
    expect(parking?.model).not.toBeNull()
  })

  it('removes the passages that a shortened section no longer has', async () => {
    const path = 'sol-y-sal/en/hands.md'
    const longer = `${SMALL_HANDBOOK[path]}\n## When\n\nWash after every break.\n`
    await writeFiles(`${folder}/handbook`, { [path]: longer })
    const before = await passages(await start())
    expect(
      before.filter(({ slug, language }) => slug === 'hands' && language === 'en').length
    ).toBe(2)
    await running?.close()
    await writeFiles(`${folder}/handbook`, { [path]: SMALL_HANDBOOK[path] })
    const after = await passages(await start())
    expect(after.filter(({ slug, language }) => slug === 'hands' && language === 'en').length).toBe(
      1
    )
  })

  it('keeps a section whose file is gone, and names it', async () => {
    await rm(`${folder}/handbook/harbor-and-rye/en/parking.md`)
    const backend = await start()
    expect((await passages(backend)).some(({ slug }) => slug === 'parking')).toBe(true)
    expect(lines.join('\n')).toContain('kept 1 sections that no file has: parking')
  })

  it('reports a bad file with its line, and loads the others', async () => {
    await writeFiles(`${folder}/handbook`, {
      'harbor-and-rye/en/eggs.md':
        '---\ntitle: Eggs\ncategory: food\norder: first\nquestions: []\n---\n\nHot.\n',
      'harbor-and-rye/en/fish.md':
        '---\ntitle: Fish\ncategory: food\norder: 3\nquestions: []\n---\n\nCold.\n'
    })
    const backend = await start()
    expect(lines.join('\n')).toMatch(/Handbook: harbor-and-rye\/en\/eggs\.md:4: order: /)
    const slugs = (await passages(backend)).map(({ slug }) => slug)
    expect(slugs).toContain('fish')
    expect(slugs).not.toContain('eggs')
  })

  it('keeps its accounts and passwords, in a file that only the owner reads', async () => {
    const first = (await start()).accounts
    await running?.close()
    expect((await start()).accounts).toEqual(first)
    expect((await stat(`${folder}/data/accounts.json`)).mode & 0o777).toBe(0o600)
  })

  it('after the accounts file was deleted gives the same accounts new passwords that work', async () => {
    await rm(`${folder}/data/accounts.json`)
    const backend = await start()
    const [kiosk] = backend.accounts
    const response = await fetch(`${backend.url}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      headers: { apikey: backend.publishableKey, 'content-type': 'application/json' },
      body: JSON.stringify({ email: kiosk?.email, password: kiosk?.password })
    })
    expect(response.status).toBe(200)
  })

  it('with a migration that was edited after it was applied says so and applies nothing', async () => {
    const migrations = await temporaryFolder()
    await cp(MIGRATIONS_FOLDER, migrations, { recursive: true })
    const [first = ''] = (await readdir(migrations)).sort()
    await appendFile(`${migrations}/${first}`, '\ncreate table public.later (id int);\n')
    const failing = startBackend({
      dataDir: `${folder}/data`,
      port: 0,
      openaiUrl: model.url,
      openaiKey: 'sk-test',
      handbookFolder: null,
      migrationsFolder: migrations,
      functionsFolder: `${folder}/functions`,
      log: () => {}
    })
    await expect(failing).rejects.toThrow(`${first} has changed since it was applied`)
    await removeFolder(migrations)
    const backend = await start()
    const later = await backend.database.query(`select to_regclass('public.later') as later`)
    expect(later).toEqual([{ later: null }])
  })

  it('with a bad migration names its file and leaves the database as it was', async () => {
    await writeFiles(folder, {
      'migrations/20990101000000_bad.sql': 'create table public.half (id int); select nonsense;'
    })
    const failing = startBackend({
      dataDir: `${folder}/data`,
      port: 0,
      openaiUrl: model.url,
      openaiKey: 'sk-test',
      handbookFolder: null,
      migrationsFolder: `${folder}/migrations`,
      functionsFolder: `${folder}/functions`,
      log: () => {}
    })
    await expect(failing).rejects.toThrow(/20990101000000_bad\.sql failed: .*nonsense/)
    const backend = await start()
    expect(backend.found.closedCleanly).toBe(true)
    const half = await backend.database.query(`select to_regclass('public.half') as half`)
    expect(half).toEqual([{ half: null }])
  })
})

describe('the handbook folder', () => {
  const bad = (text: string): Promise<string> => problemOf('group/en/section.md', text)
  const problemOf = async (path: string, text: string): Promise<string> => {
    const root = await temporaryFolder()
    await writeFiles(root, { [path]: text })
    const { problems } = await readHandbookFolder(root)
    await removeFolder(root)
    return problems.map(({ file, line, message }) => `${file}:${line} ${message}`).join('\n')
  }
  const front = (yaml: string): string => `---\n${yaml}\n---\n\nText.\n`

  it('says of each bad file what is wrong and in which line', async () => {
    expect(await bad('# No front matter')).toMatch(/^group\/en\/section\.md:1 begins with ---/)
    expect(await bad('---\ntitle: A')).toMatch(/:1 the front matter has no closing/)
    expect(await bad(front('title: A\ncategory: b'))).toMatch(/:2 order: /)
    expect(await bad(front('title: A\ncategory: b\norder: 1\nquestions:\n  - ""'))).toMatch(
      /:6 questions\.0: /
    )
    expect(await bad(front('title: "A\ncategory: b'))).toMatch(/section\.md:\d+ /)
    expect(await bad(front('title: A\ncategory: b\norder: 1\nquestions: []\nextra: 1'))).toMatch(
      /extra/
    )
    expect(await bad('---\ntitle: A\ncategory: b\norder: 1\nquestions: []\n---\n\n')).toMatch(
      /:7 has no text/
    )
    const opening = '---\ntitle: A\ncategory: b\norder: 1\nquestions: []\n---\n\n'
    expect(await bad(`${opening}## Only\n\n### Headings\n`)).toMatch(/:7 has headings only/)
    const long = `${'A sentence of the usual length is not short. '.repeat(34)}\n\n`.repeat(102)
    expect(await bad(`${opening}## All\n\n${long}`)).toMatch(/more text under one heading/)
    expect(await problemOf('group/en/Not A Slug.md', front(''))).toMatch(/a file name is/)
    expect(await problemOf('group/fr/section.md', front(''))).toMatch(/not a language/)
    expect(await problemOf('Bad Group/en/section.md', front(''))).toMatch(/a group's folder is/)
    expect(await problemOf('unanswered.yaml', 'en: []')).toMatch(/unanswered\.yaml:1 es: /)
  })

  it('gives the questions of all groups and the unanswered ones, each once per language', async () => {
    const root = await temporaryFolder()
    await writeFiles(root, SMALL_HANDBOOK)
    expect(await handbookQuestions(root)).toEqual({
      en: [
        'How hot does chicken have to be?',
        'Where do I park?',
        'How long do I wash my hands?',
        'What is the internet password?'
      ],
      es: [
        '¿A qué temperatura se cocina el pollo?',
        '¿Cuánto tiempo me lavo las manos?',
        '¿Cuál es la contraseña?'
      ]
    })
    await removeFolder(root)
  })
})
