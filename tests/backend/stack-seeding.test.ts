// Starts the backend again and again while its handbook, accounts and migrations change.
import { appendFile, cp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { startBackend } from '../../dev/supabase/backend.ts'
import { MIGRATIONS_FOLDER } from '../../dev/supabase/database.ts'
import { handbookQuestions, readHandbookFolder } from '../../dev/supabase/handbook-files.ts'
import { setUpBackend } from './support/local-backend.ts'
import { SMALL_HANDBOOK } from './support/small-handbook.ts'
import { removeFolder, temporaryFolder, writeFiles } from './support/temporary-folder.ts'

describe('a start of the backend', () => {
  const local = setUpBackend({ functions: 'none', seeds: true })
  /** Starts again, with empty lists of log lines and requests. */
  const restart = async (): Promise<void> => {
    local.logged.length = 0
    local.model.embeddingRequests.length = 0
    await local.restart()
  }
  const write = (files: Readonly<Record<string, string>>): Promise<void> =>
    writeFiles(`${local.folder}/handbook`, files)
  const log = (): string => local.logged.join('\n')
  type PassageState = { slug: string; language: string; content: string; model: string | null }
  const passages = (slug: string): Promise<PassageState[]> =>
    local.backend.database.query<PassageState>(
      `select s.slug, p.language, p.content, e.model
        from public.manual_passages p
        join public.manual_sections s on s.id = p.section_id
        left join public.manual_embeddings e on e.passage_id = p.id
        where p.is_published and s.slug = $1 order by p.language, p.ordinal`,
      [slug]
    )

  it('embeds with one request per restaurant', async () => {
    expect(local.model.embeddingRequests).toEqual([3, 2])
    const chicken = await passages('chicken')
    expect(chicken).toMatchObject([{ language: 'en' }, { language: 'es' }])
    expect(chicken.every(({ model }) => model !== null)).toBe(true)
  })

  it('loads sections without vectors when the model fails, and reports a bad file with its line', async () => {
    const front = (title: string, order: string) =>
      `---\ntitle: ${title}\ncategory: food\norder: ${order}\nquestions: []\n---\n\n`
    await write({
      'harbor-and-rye/en/eggs.md': `${front('Eggs', 'first')}Hot.\n`,
      'harbor-and-rye/en/fish.md': `${front('Fish', '3')}Cold.\n`
    })
    local.model.failing = true
    await restart()
    local.model.failing = false
    expect(await passages('fish')).toMatchObject([{ language: 'en', model: null }])
    expect(await passages('eggs')).toEqual([])
    expect(log()).toMatch(/No vectors this time .*refused with 500/)
    expect(log()).toMatch(/Handbook: harbor-and-rye\/en\/eggs\.md:4: order: /)
    await rm(`${local.folder}/handbook/harbor-and-rye/en/eggs.md`)
  })

  it('embeds what an earlier start could not', async () => {
    await restart()
    expect(local.model.embeddingRequests).toEqual([1])
    expect((await passages('fish'))[0]?.model).not.toBeNull()
    expect(local.backend.found).toMatchObject({ isNew: false, closedCleanly: true, sections: 4 })
    expect(log()).toMatch(/^Found a data folder with \d+ migrations, 4 sections and 3 accounts/)
  })

  it('writes and embeds nothing when nothing has changed, and keeps the passwords', async () => {
    const { accounts } = local.backend
    await restart()
    expect(local.model.embeddingRequests).toEqual([])
    expect(log()).toContain('Harbor and Rye: 3 sections (0 written), 4 passages (0 written')
    expect(local.backend.accounts).toEqual(accounts)
    expect((await stat(`${local.folder}/data/accounts.json`)).mode & 0o777).toBe(0o600)
  })

  const CHICKEN = 'harbor-and-rye/en/chicken.md'
  const PARKING = 'harbor-and-rye/en/parking.md'
  const HANDS = 'sol-y-sal/en/hands.md'

  it('embeds changed passages, new passages and passages under a new title', async () => {
    await write({
      [CHICKEN]: SMALL_HANDBOOK[CHICKEN].replace('165 °F (74 °C)', '170 °F (77 °C)'),
      [PARKING]: SMALL_HANDBOOK[PARKING].replace('title: Parking', 'title: Parking and bikes'),
      [HANDS]: `${SMALL_HANDBOOK[HANDS]}\n## When\n\nWash after every break.\n`
    })
    await restart()
    expect(local.model.embeddingRequests).toEqual([2, 1])
    const [chicken] = await passages('chicken')
    expect(chicken?.content).toContain('170 °F')
    expect(chicken?.model).not.toBeNull()
    expect(await passages('hands')).toHaveLength(3)
  })

  it('removes passages that a section has lost, and keeps a section without a file', async () => {
    await write({ [HANDS]: SMALL_HANDBOOK[HANDS] })
    await rm(`${local.folder}/handbook/harbor-and-rye/en/fish.md`)
    await restart()
    expect(await passages('hands')).toHaveLength(2)
    expect(await passages('fish')).toHaveLength(1)
    expect(log()).toContain('kept 1 sections that no file has: fish')
  })

  it('continues from the drafts of a start that could not publish, and embeds nothing twice', async () => {
    const before = await readFile(`${local.folder}/handbook/${PARKING}`, 'utf8')
    const after = before.replace(', never in front of the loading dock', '')
    await local.backend.database.query(
      `insert into public.golden_questions (organisation_id, language, question, section_slug)
       values ($1, 'en', 'loading dock', 'parking')`,
      [local.place.organisationId]
    )
    await write({ [PARKING]: after })
    await expect(restart()).rejects.toThrow(
      /publishing the sections: golden_regression \(HR409\) .*loading dock/
    )
    expect(local.model.embeddingRequests).toEqual([1])
    await write({ [PARKING]: before })
    await restart()
    expect((await passages('parking'))[0]?.content).toContain('dock')
    await local.backend.database.query('delete from public.golden_questions')
    await write({ [PARKING]: after })
    await restart()
    expect(local.model.embeddingRequests).toEqual([])
    const [parking] = await passages('parking')
    expect(parking?.content).toBe('Park behind the building.')
    expect(parking?.model).not.toBeNull()
  })

  it('gives the accounts new passwords when the accounts file is gone', async () => {
    await rm(`${local.folder}/data/accounts.json`)
    await restart()
    await local.signIn(local.account('crew'))
  })

  it('applies nothing when a migration was edited or is bad, and names its file', async () => {
    await local.backend.close()
    const migrations = await temporaryFolder()
    const start = () => startBackend({ ...local.options, migrationsFolder: migrations })
    await writeFiles(migrations, {
      '20990101000000_bad.sql': 'create table public.half (id int); select nonsense;'
    })
    await expect(start()).rejects.toThrow(/20990101000000_bad\.sql failed: .*nonsense/)
    await cp(MIGRATIONS_FOLDER, migrations, { recursive: true })
    const [first = ''] = (await readdir(migrations)).sort()
    await appendFile(`${migrations}/${first}`, '\ncreate table public.later (id int);\n')
    await expect(start()).rejects.toThrow(`${first} has changed since it was applied`)
    await removeFolder(migrations)
    await restart()
    expect(local.backend.found.closedCleanly).toBe(true)
    const tables = await local.backend.database.query(
      `select to_regclass('public.later') as later, to_regclass('public.half') as half`
    )
    expect(tables).toEqual([{ later: null, half: null }])
  })
})

describe('readHandbookFolder', () => {
  const problemsOf = async (path: string, text: string): Promise<string> => {
    const root = await temporaryFolder()
    await writeFiles(root, { [path]: text })
    const { problems } = await readHandbookFolder(root)
    await removeFolder(root)
    return problems.map(({ file, line, message }) => `${file}:${line} ${message}`).join('\n')
  }
  const front = (yaml: string): string => `---\n${yaml}\n---\n\n`
  const WHOLE = 'title: A\ncategory: b\norder: 1\nquestions: []'
  const long = `${'A sentence of the usual length is not short. '.repeat(34)}\n\n`.repeat(102)

  it.each<[problem: RegExp, text: string, path?: string]>([
    [/^group\/en\/section\.md:1 begins with ---/, '# No front matter'],
    [/:1 the front matter has no closing/, '---\ntitle: A'],
    [/:2 order: /, `${front('title: A\ncategory: b')}Text.`],
    [/:6 questions\.0: /, `${front('title: A\ncategory: b\norder: 1\nquestions:\n  - ""')}Text.`],
    [/section\.md:\d+ /, `${front('title: "A\ncategory: b')}Text.`],
    [/extra/, `${front(`${WHOLE}\nextra: 1`)}Text.`],
    [/:7 has no text/, front(WHOLE)],
    [/:7 has headings only/, `${front(WHOLE)}## Only\n\n### Headings\n`],
    [/more text under one heading/, `${front(WHOLE)}## All\n\n${long}`],
    [/a file name is/, `${front('')}Text.`, 'group/en/Not A Slug.md'],
    [/not a language/, `${front('')}Text.`, 'group/fr/section.md'],
    [/a group's folder is/, `${front('')}Text.`, 'Bad Group/en/section.md'],
    [/unanswered\.yaml:1 es: /, 'en: []', 'unanswered.yaml']
  ])('reports %s', async (problem, text, path = 'group/en/section.md') => {
    expect(await problemsOf(path, text)).toMatch(problem)
  })
})

describe('handbookQuestions', () => {
  it('returns the questions of all groups and the unanswered ones, each once per language', async () => {
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
