// `npm run handbook` as a manager runs it, on the real Postgres: what it shows, what it writes and what it leaves alone.
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fromProject } from '../../dev/paths.ts'
import { type Backend, startBackend } from '../../dev/supabase/backend.ts'
import { createEmbedTexts } from '../../dev/supabase/seed-embeddings.ts'
import { EMBEDDING_MODEL } from '../../supabase/functions/_shared/embedding.ts'
import { planImport } from '../../tools/handbook/import-plan.ts'
import type { Project } from '../../tools/handbook/project.ts'
import { readFiles } from '../../tools/handbook/read-files.ts'
import { saveDrafts } from '../../tools/handbook/save-drafts.ts'
import { readStoredSections } from '../../tools/handbook/stored-sections.ts'
import {
  accountOf,
  addAccount,
  type CommandResult,
  type HandbookCommand,
  handbookCommand
} from './support/handbook-command.ts'
import { provisionMigratedDatabase } from './support/migrated-database.ts'
import {
  type ModelEndpoints,
  removeFolder,
  SMALL_HANDBOOK,
  startModelEndpoints,
  temporaryFolder,
  writeFiles
} from './support/stack-fixture.ts'

const fixture = (name: string): string => fromProject('tests/fixtures/handbook', name)

let folder: string
let model: ModelEndpoints
let backend: Backend
let command: HandbookCommand

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeFiles(`${folder}/handbook`, SMALL_HANDBOOK)
  await writeFiles(folder, { 'functions/none': '' })
  model = await startModelEndpoints()
  await provisionMigratedDatabase(`${folder}/data`)
  backend = await startBackend({
    dataDir: `${folder}/data`,
    port: 0,
    openaiUrl: model.url,
    openaiKey: 'sk-test',
    handbookFolder: `${folder}/handbook`,
    functionsFolder: `${folder}/functions`,
    log: () => {}
  })
  command = handbookCommand(backend, { modelUrl: model.url, folder })
})
afterAll(async () => {
  await backend.close()
  await model.close()
  await removeFolder(folder)
})
beforeEach(() => {
  model.embeddingRequests.length = 0
})

afterEach(() => command.killAll())

const run = (...words: Parameters<HandbookCommand['run']>): Promise<CommandResult> =>
  command.run(...words)

const count = async (what: 'published' | 'draft'): Promise<number> => {
  const [row] = await backend.database.query<{ count: number }>(
    `select count(*)::int as count from public.manual_section_versions v
      join public.groups g on g.id = v.group_id where g.slug = 'harbor-and-rye' and v.status = $1`,
    [what]
  )
  return row?.count ?? -1
}
const embeddedTexts = (): number => model.embeddingRequests.reduce((sum, texts) => sum + texts, 0)
const withoutVector = async (): Promise<number> => {
  const [row] = await backend.database.query<{ count: number }>(
    `select count(*)::int as count from public.manual_passages p
      where not exists (select from public.manual_embeddings e where e.passage_id = p.id)`
  )
  return row?.count ?? -1
}

describe('the command', () => {
  it('that is not understood says how it is called, and asks no project', async () => {
    const unreachable = { HEARD_SUPABASE_URL: 'http://127.0.0.1:9' }
    const wrong: [string[], string][] = [
      [[], 'Which command?'],
      [['paint'], 'There is no command "paint"'],
      [['import'], 'import needs the files'],
      [['import', fixture('sample.md'), '--language', 'fr'], '--language is en or es'],
      [['import', fixture('sample.md'), '--dry-run', '--publish'], 'exclude each other'],
      [
        ['import', fixture('sample.md'), '--split-at', '0'],
        '--split-at is a whole number from 1 to 6'
      ],
      [['publish', '--force'], "Unknown option '--force'"],
      [['retire'], 'retire needs the names of the sections'],
      [['retire', 'fish', '--dry-run', '--yes'], '--dry-run and --yes exclude each other'],
      [['gaps', 'answer', 'a1'], 'gaps answer needs --section'],
      ...['0', '731', '1.5', 'ever'].map((days): [string[], string] => [
        ['retention', days],
        `DAYS is a whole number from 1 to 730, not "${days}"`
      ]),
      [['retention', '7', '8'], 'retention takes one number of days'],
      [['retention', '7', '--group', 'harbor-and-rye'], 'Days are set for the brand'],
      [['golden', 'add', 'Why?'], 'golden add needs --section SLUG'],
      [['caution', 'burns'], 'caution needs --add or --remove'],
      [['caution', '--add'], 'caution needs the names of the topics'],
      [['caution', 'burns', '--add', '--remove'], '--add and --remove exclude each other'],
      [['caution', 'Hot oil', '--add'], 'lower-case words joined by hyphens, not "Hot oil"'],
      [
        ['caution', 'burns', '--add', '--group', 'harbor-and-rye'],
        'Caution topics are set for the brand'
      ]
    ]
    await Promise.all(
      wrong.map(async ([args, said]) => {
        const ran = await run(args, unreachable)
        expect([ran.code, args]).toEqual([64, args])
        expect(ran.stderr).toContain(said)
        expect(ran.stderr).toContain('npm run handbook -- COMMAND')
      })
    )
    const help = await run(['--help'], unreachable)
    expect([help.code, help.stdout]).toEqual([
      0,
      expect.stringContaining('npm run handbook -- COMMAND')
    ])
  })

  it('names the variable that is missing, and never prints a key or a password', async () => {
    const missing = await run(['publish'], { HEARD_SIGN_IN_EMAIL: '' })
    expect([missing.code, missing.stderr]).toEqual([
      64,
      expect.stringContaining('HEARD_SIGN_IN_EMAIL is not set')
    ])
    const secret = await run(['publish'], { HEARD_SUPABASE_PUBLISHABLE_KEY: backend.secretKey })
    expect(secret.code).toBe(64)
    expect(secret.stderr).toContain('holds a secret key')
    const wrong = await run(['publish'], { HEARD_SIGN_IN_PASSWORD: 'not-the-password' })
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toMatch(/Signing in as manager@.* failed/)
    for (const { stdout, stderr } of [missing, secret, wrong]) {
      for (const held of [backend.secretKey, 'not-the-password', 'sk-test']) {
        expect(stdout + stderr).not.toContain(held)
      }
    }
  })

  it('is for managers: a crew account manages no restaurant, and a manager no other one', async () => {
    const { email, password } = accountOf(backend, 'crew')
    const asCrew = { HEARD_SIGN_IN_EMAIL: email, HEARD_SIGN_IN_PASSWORD: password }
    const crew = await run(['publish'], asCrew)
    expect([crew.code, crew.stderr]).toEqual([
      1,
      expect.stringContaining('This account manages no restaurant.')
    ])
    const other = await run(['publish', '--group', 'sol-y-sal'])
    expect([other.code, other.stderr]).toEqual([
      1,
      expect.stringContaining('manages no restaurant "sol-y-sal"; it manages harbor-and-rye')
    ])
    const brand = await run(['publish', '--brand'], asCrew)
    expect([brand.code, brand.stderr]).toEqual([
      1,
      expect.stringContaining('This account manages no brand.')
    ])
    const otherBrand = await run(['publish', '--brand', '--organisation', 'sol-y-sal'])
    expect([otherBrand.code, otherBrand.stderr]).toEqual([
      1,
      expect.stringContaining('manages no brand "sol-y-sal"; it manages harbor-and-rye')
    ])
  })
})

describe('import', () => {
  it('as a dry run shows each section and what cannot be read, and writes nothing', async () => {
    const before = [await count('published'), await count('draft')]
    const ran = await run([
      'import',
      fixture('sample.docx'),
      fixture('encrypted.pdf'),
      '--dry-run',
      '--json'
    ])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/CANNOT BE READ {2}.*encrypted\.pdf: has a password/)
    expect(ran.stderr).toContain(
      '13 added, 0 changed, 0 waiting as drafts, 0 unchanged; 13 without a translation'
    )
    expect(ran.stdout).toContain('coffee (Coffee): added, no Spanish translation')
    expect(ran.stdout).toContain('    + | Left, back | 325 °F (163 °C) | Eggs |')
    expect(ran.stdout).toContain('Kept, though no file has them: chicken, parking')
    expect(ran.json).toMatchObject({ counts: { added: 13 }, saved: null, published: null })
    expect([await count('published'), await count('draft')]).toEqual(before)
    expect(model.embeddingRequests).toEqual([])
  })

  it('with a file that cannot be read writes nothing of the others either', async () => {
    const ran = await run(['import', fixture('sample.md'), fixture('encrypted.pdf')])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(
      'Nothing was written. Mend what could not be read, or leave it out.'
    )
    expect([await count('draft'), model.embeddingRequests]).toEqual([0, []])
  })

  it('drafts the sections with their vectors and their source, and publishes none', async () => {
    const ran = await run(['import', fixture('sample.pdf'), '--category', 'diner', '--json'])
    expect([ran.code, ran.stderr]).toEqual([
      0,
      expect.stringContaining('13 drafts wait for: npm run handbook -- publish')
    ])
    expect([await count('published'), await count('draft')]).toEqual([2, 13])
    const drafts = await backend.database.query<{
      slug: string
      source: unknown
      category: string
    }>(
      `select s.slug, v.source, v.category from public.manual_section_versions v
        join public.manual_sections s on s.id = v.section_id
        where v.status = 'draft' and s.slug in ('welcome', 'phone-list') order by s.slug`
    )
    expect(drafts).toEqual([
      { slug: 'phone-list', source: { file: 'sample.pdf', page: 3 }, category: 'diner' },
      { slug: 'welcome', source: { file: 'sample.pdf', page: 1 }, category: 'diner' }
    ])
    expect(ran.json).toMatchObject({ saved: { drafts: 13, written: 13, withoutVector: 0 } })
    expect([embeddedTexts(), await withoutVector()]).toEqual([expect.any(Number), 0])
  })

  it('of the same again writes and embeds nothing, and its drafts still wait', async () => {
    const ran = await run(['import', fixture('sample.pdf'), '--category', 'diner', '--json'])
    expect(ran.json).toMatchObject({
      counts: { added: 0, changed: 0, drafted: 13 },
      saved: { drafts: 13, written: 0, embedded: 0 }
    })
    expect(model.embeddingRequests).toEqual([])
  })

  it('--publish shows the golden questions and publishes, and publish finds nothing left', async () => {
    const ran = await run(['import', fixture('sample.pdf'), '--category', 'diner', '--publish'])
    expect([ran.code, ran.stderr]).toEqual([
      0,
      expect.stringContaining('Golden questions: 0 of 0 are kept.')
    ])
    expect(ran.stderr).toContain('Published 13 sections.')
    expect([await count('published'), await count('draft')]).toEqual([15, 0])
    const again = await run(['publish'])
    expect([again.code, again.stderr]).toEqual([
      0,
      expect.stringContaining('There is nothing to publish.')
    ])
  })

  it('of a change shows its lines and embeds what changed alone', async () => {
    const { sections } = await readFiles([fixture('sample.pdf')])
    const text = sections
      .map(
        ({ texts }) => `# ${(texts.en ?? texts.es)?.title}\n\n${(texts.en ?? texts.es)?.content}\n`
      )
      .join('\n')
      .replace('165 °F (74 °C)', '170 °F (77 °C)')
    await writeFiles(folder, { 'edited.md': text })
    const dry = await run(['import', 'edited.md', '--dry-run'])
    expect(dry.stdout).toContain('cooking-temperatures (Cooking temperatures): changed')
    expect(dry.stdout).toContain(
      '    - - Chicken fried chicken: 165 °F (74 °C)\n    + - Chicken fried chicken: 170 °F (77 °C)'
    )
    expect(dry.stdout).toContain('milk-and-cream (Milk and cream): unchanged')
    expect(dry.stderr).toContain('0 added, 1 changed, 0 waiting as drafts, 12 unchanged')
    await writeFiles(folder, {
      'one.md': '# Milk and cream\n\nMilk goes in the top drawer at 39 °F or below.\n'
    })
    const ran = await run(['import', 'one.md', '--json'])
    expect(ran.json).toMatchObject({ saved: { drafts: 1, written: 1, embedded: 1 } })
    expect(model.embeddingRequests).toEqual([1])
    // What is published is what the file says again: the draft is given up.
    const back = await run(['import', fixture('sample.pdf'), '--category', 'diner', '--json'])
    expect(back.json).toMatchObject({ counts: { unchanged: 13 }, saved: { drafts: 0 } })
    expect(await count('draft')).toBe(0)
  })

  it('of one language leaves the other as it is, and says so', async () => {
    await writeFiles(folder, {
      'chicken.md': '---\ntitle: Cooking chicken\n---\n\nCook the chicken to 170 °F and check it.\n'
    })
    const dry = await run(['import', 'chicken.md', '--dry-run'])
    expect(dry.stdout).toContain(
      'chicken (Cooking chicken): changed; its Spanish text stays: see that it still says the same'
    )
  })

  it('without a key drafts without vectors, and the next one with a key adds them', async () => {
    await writeFiles(folder, {
      'fish.md': '# Fish\n\nKeep the fish on ice at 38 °F until it is cooked.\n'
    })
    const without = await run(['import', 'fish.md', '--publish'], { OPENAI_API_KEY: '' })
    expect([without.code, without.stderr]).toEqual([
      0,
      expect.stringContaining('The project has no function for it: passages get no vectors')
    ])
    expect(await withoutVector()).toBe(1)
    model.failing = true
    const failing = await run(['import', 'fish.md'])
    model.failing = false
    expect([failing.code, failing.stderr]).toEqual([
      0,
      expect.stringMatching(/No more vectors this time .*500/)
    ])
    const later = await run(['import', 'fish.md', '--json'])
    expect(later.json).toMatchObject({
      counts: { unchanged: 1 },
      saved: { drafts: 0, embedded: 1 }
    })
    expect(await withoutVector()).toBe(0)
  })

  it('where somebody else has written meanwhile stops, and overwrites nothing', async () => {
    const { email, password, groupId } = accountOf(backend, 'manager')
    const client = createClient(backend.url, backend.publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false }
    })
    await client.auth.signInWithPassword({ email, password })
    const [group] = await backend.database.query<{ organisation_id: string }>(
      'select organisation_id from public.groups where id = $1',
      [groupId]
    )
    const project: Project = {
      client,
      scope: { organisationId: group?.organisation_id ?? '', groupId },
      name: 'Harbor',
      embeddingModel: EMBEDDING_MODEL,
      embed: createEmbedTexts(model.url, 'sk-test', EMBEDDING_MODEL),
      embedWith: null
    }
    await writeFiles(folder, {
      'fish.md': '# Fish\n\nKeep the fish on ice at 36 °F until it is cooked.\n'
    })
    const { sections } = await readFiles([join(folder, 'fish.md')])
    const plan = planImport(sections, await readStoredSections(client, project.scope))
    await writeFiles(folder, {
      'fish.md': '# Fish\n\nKeep the fish on ice at 34 °F until it is cooked.\n'
    })
    expect((await run(['import', 'fish.md'])).code).toBe(0)
    await expect(saveDrafts(project, plan.sections, () => {})).rejects.toThrow(
      /Drafting the section fish: another account has written there meanwhile/
    )
    const [draft] = await backend.database.query<{ content_en: string }>(
      "select content_en from public.manual_section_versions where status = 'draft'"
    )
    expect(draft?.content_en).toContain('34 °F')
    expect((await run(['publish', 'fish'])).code).toBe(0)
  })
})

describe('export', () => {
  it('writes what imports again unchanged, and what it wrote is what it writes again', async () => {
    const exported = await run(['export', 'out', '--json'])
    expect([exported.code, exported.json]).toEqual([0, expect.objectContaining({ sections: 16 })])
    const again = await run(['import', 'out', '--dry-run', '--json'])
    expect(again.code).toBe(0)
    expect(again.json).toMatchObject({
      counts: { added: 0, changed: 0, drafted: 0, unchanged: 16 },
      refused: [],
      remarks: []
    })
    await run(['export', 'out-2'])
    for (const language of ['en', 'es']) {
      const names = await readdir(join(folder, 'out', language))
      expect(await readdir(join(folder, 'out-2', language))).toEqual(names)
      for (const name of names) {
        const text = await readFile(join(folder, 'out', language, name), 'utf8')
        expect(await readFile(join(folder, 'out-2', language, name), 'utf8')).toBe(text)
      }
    }
  })

  it('writes into no folder that has something in it, unless it is told to', async () => {
    const refused = await run(['export', 'out'])
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('out is not empty')])
    expect((await run(['export', 'out', '--overwrite'])).code).toBe(0)
    for (const path of ['one.md', 'one.md/out']) {
      const file = await run(['export', path])
      expect([file.code, file.stderr]).toEqual([1, expect.stringContaining(`${path} is a file`)])
    }
  })
})

describe('an export that cannot be written', () => {
  /** Names of everything in the test's folder that an export could have left. */
  const inFolder = async () => (await readdir(folder, { recursive: true })).filter(isOurs)
  const isOurs = (name: string) => !name.startsWith('data')

  it('for a full disk says so, and leaves nothing of it', async () => {
    const before = await inFolder()
    // Larger files than 512 bytes are refused; some sections are smaller, and are written before.
    const small = ['sh', '-c', 'ulimit -f 1; exec "$@"', 'sh']
    for (const path of ['full', 'full/deeper']) {
      const ran = await run(['export', path], {}, small)
      expect([ran.code, ran.stderr]).toEqual([
        1,
        expect.stringMatching(
          new RegExp(`\\n${path} does not fit: .*name another folder\\. Nothing was written\\.\\n$`)
        )
      ])
    }
    const kept = await readFile(join(folder, 'out/en/fish.md'), 'utf8')
    expect((await run(['export', 'out', '--overwrite'], {}, small)).code).toBe(1)
    expect(await readFile(join(folder, 'out/en/fish.md'), 'utf8')).toBe(kept)
    expect(await inFolder()).toEqual(before)
  })

  it('for a folder that may only be read, or none that can be, says whose it is to change', async () => {
    await mkdir(join(folder, 'locked'))
    await chmod(join(folder, 'locked'), 0o555)
    // The superuser may write anywhere, unless that right is taken away.
    const bound = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override'] : []
    for (const path of ['locked', 'locked/out']) {
      const ran = await run(['export', path], {}, bound)
      expect([ran.code, ran.stderr]).toEqual([
        1,
        expect.stringContaining(
          `\n${path} may not be written by this account; give it the right to`
        )
      ])
    }
    expect(await readdir(join(folder, 'locked'))).toEqual([])
    if (process.platform !== 'linux') return
    const nowhere = await run(['export', '/proc/heard'])
    expect([nowhere.code, nowhere.stderr]).toEqual([
      1,
      expect.stringContaining('/proc/heard cannot be made there; name another folder')
    ])
  })
})

describe('the brand', () => {
  it('has sections of its own, drafted, published and exported apart from the restaurant’s', async () => {
    await writeFiles(folder, {
      'brand.md': '# Gift cards\n\nA gift card is sold at the host stand and has no end date.\n'
    })
    const before = await count('published')
    const ran = await run(['import', 'brand.md', '--brand', '--publish', '--json'])
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('Published 1 sections.')])
    expect(ran.json).toMatchObject({ kept: [], saved: { embedded: 1, withoutVector: 0 } })
    expect(await count('published')).toBe(before)
    const again = await run(['import', 'brand.md', '--brand', '--json'])
    expect(again.json).toMatchObject({
      counts: { unchanged: 1 },
      saved: { written: 0, embedded: 0 }
    })
    const exported = await run(['export', 'brand-out', '--brand', '--json'])
    expect(exported.json).toMatchObject({
      sections: 1,
      files: [join('brand-out', 'en', 'gift-cards.md')]
    })
    const golden = await run([
      'golden',
      'add',
      'Where are gift cards sold?',
      '--section',
      'gift-cards',
      '--brand'
    ])
    expect(golden.code).toBe(0)
    const asked = await run(['golden', 'run', '--brand'])
    expect(asked.stdout).toMatch(/[01] of 1 golden questions are kept\./)
    await backend.database.query('delete from public.golden_questions')
  })
})

describe('golden questions', () => {
  it('are added with their vector, asked, listed and forgotten', async () => {
    const added = await run([
      'golden',
      'add',
      'How much ice does the fish need?',
      '--section',
      'fish',
      '--json'
    ])
    expect(added.code).toBe(0)
    expect(model.embeddingRequests).toEqual([1])
    const chicken = 'How hot does the chicken have to be?'
    expect((await run(['golden', 'add', chicken, '--section', 'chicken'])).code).toBe(0)
    const asked = await run(['golden', 'run'])
    expect([asked.code, asked.stdout]).toEqual([
      0,
      expect.stringContaining('2 of 2 golden questions are kept.')
    ])
    const listed = await run(['golden', 'list', '--json'])
    expect(listed.json).toMatchObject({ questions: [{ is_kept: true }, { is_kept: true }] })
    const unknown = await run(['golden', 'add', 'What?', '--section', 'no-such-section'])
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringContaining('it is not there (any more)')
    ])
  })

  it('name the figure that a change would lose', async () => {
    const add = (figure: string) =>
      run([
        'golden',
        'add',
        'How much ice does the fish need?',
        '--section',
        'fish',
        '--must-say',
        figure,
        '--must-say',
        'on ice'
      ])
    const never = await add('43')
    expect([never.code, never.stderr]).toEqual([
      1,
      expect.stringContaining('(the section does not say 43)')
    ])
    expect((await add('34')).code).toBe(0)
    expect((await run(['golden', 'list'])).stdout).toContain('→ fish, saying "34", "on ice"')
    await writeFiles(folder, {
      'fish.md': '# Fish\n\nKeep the fish on ice at 43 °F until it is cooked.\n'
    })
    const ran = await run(['import', 'fish.md', '--publish', '--json'])
    expect([ran.code, ran.stderr]).toEqual([
      1,
      expect.stringContaining(
        'How much ice does the fish need? (as harbor-and-rye asks it): "fish" was found, and the passages given from it do not say "34"'
      )
    ])
    expect(ran.json).toMatchObject({
      published: {
        isPublished: false,
        golden: { regressions: [{ expected: 'fish', got: 'fish', missing: ['34'] }] }
      }
    })
    const asked = await run(['golden', 'run'])
    expect(asked.stdout).toContain('2 of 2 golden questions are kept.')
  })

  it('that would be lost keep their section in the handbook, by name', async () => {
    const before = await count('published')
    const nobody = await run(['retire', 'fish', 'no-such-section'])
    expect([nobody.code, nobody.stderr]).toEqual([
      1,
      expect.stringContaining('Harbor and Rye has no section no-such-section of its own.')
    ])
    for (const args of [['fish'], ['fish', 'parking', '--yes']]) {
      const ran = await run(['retire', ...args, '--json'])
      expect([ran.code, ran.stdout]).toEqual([
        1,
        expect.stringMatching(
          /not any more:\n {2}en {2}How much ice does the fish need\?.*\nNothing was taken out\.\n.*golden forget ID/
        )
      ])
      expect(ran.json).toMatchObject({
        isRetired: false,
        golden: { regressions: [{ expected: 'fish' }] }
      })
    }
    expect(await count('published')).toBe(before)
  })

  it('that nothing is taken from let a section go, once it is meant', async () => {
    const before = await count('published')
    const dry = await run(['retire', 'parking'])
    expect([dry.code, dry.stdout]).toEqual([
      0,
      expect.stringContaining('Would take out: parking. --yes does it.')
    ])
    expect(dry.stdout).toContain('Golden questions: 2 of 2 are kept.')
    expect(await count('published')).toBe(before)
    const done = await run(['retire', 'parking', '--yes', '--json'])
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('Taken out: parking.')])
    expect(done.json).toMatchObject({ isRetired: true, slugs: ['parking'] })
    expect(await count('published')).toBe(before - 1)
    const again = await run(['retire', 'parking', '--yes'])
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('no section parking')])
  })

  it('that would be lost keep everything as it was, by name', async () => {
    await writeFiles(folder, {
      'fish.md': '# Ask the owner {#fish}\n\nThe owner decides on every shift anew.\n'
    })
    const before = await count('published')
    const ran = await run(['import', 'fish.md', '--publish', '--json'])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(
      /How much ice does the fish need\? \(as harbor-and-rye asks it\): (expected )?"fish"/
    )
    expect(ran.stderr).toContain('Nothing was published.')
    expect(ran.json).toMatchObject({
      published: { isPublished: false, golden: { regressions: [{ expected: 'fish' }] } }
    })
    const dry = await run(['publish', '--dry-run'])
    expect([dry.code, dry.stdout]).toEqual([
      1,
      expect.stringContaining('Found until now, and not any more:')
    ])
    expect(dry.stdout).toContain('Golden questions: 1 of 2 are kept.')
    expect((await run(['publish', 'fish'])).code).toBe(1)
    expect([await count('published'), await count('draft')]).toEqual([before, 1])
    const [fish] = await backend.database.query<{ content_en: string }>(
      `select content_en from public.manual_section_versions v join public.manual_sections s on s.id = v.section_id
        where v.status = 'published' and s.slug = 'fish'`
    )
    expect(fish?.content_en).toContain('34 °F')
    const { json } = await run(['golden', 'list', '--json'])
    for (const { golden_id: id } of (json as { questions: { golden_id: string }[] }).questions) {
      expect((await run(['golden', 'forget', id])).code).toBe(0)
    }
    expect((await run(['golden', 'list'])).stdout).toBe('There are no golden questions yet.\n')
  })
})

describe('how long questions are kept', () => {
  it('is shown to who manages a restaurant or its brand, and changed by the brand’s alone', async () => {
    const days = async () => {
      const [brand] = await backend.database.query<{ days: number }>(
        "select retention_days as days from public.organisations where slug = 'harbor-and-rye'"
      )
      return brand?.days
    }
    const NOT_OF_BRAND = 'This account manages no brand.'
    const NOWHERE = 'This account manages no restaurant.'
    const people = {
      crew: { roles: { groupRole: 'crew' }, show: NOWHERE, set: NOT_OF_BRAND },
      shift_lead: { roles: { groupRole: 'shift_lead' }, show: NOWHERE, set: NOT_OF_BRAND },
      manager: { roles: { groupRole: 'manager' }, show: null, set: NOT_OF_BRAND },
      owner: { roles: { groupRole: 'owner' }, show: null, set: NOT_OF_BRAND },
      brand_manager: { roles: { brandRole: 'manager' }, show: null, set: null },
      brand_owner: { roles: { brandRole: 'owner' }, show: null, set: null }
    }
    let set = 90
    for (const [name, may] of Object.entries(people)) {
      const account = await addAccount(backend, name, may.roles)
      const brand = 'brandRole' in may.roles ? ['--brand'] : []
      const shown = await run(['retention', ...brand, '--json'], account)
      expect([name, shown.code]).toEqual([name, may.show === null ? 0 : 1])
      if (may.show === null) expect(shown.json).toEqual({ brand: 'Harbor and Rye', days: set })
      else expect(shown.stderr).toContain(may.show)

      const changed = await run(['retention', String(set - 1)], account)
      expect([name, changed.code]).toEqual([name, may.set === null ? 0 : 1])
      if (may.set === null) set -= 1
      else expect(changed.stderr).toContain(may.set)
      expect([name, await days()]).toEqual([name, set])
    }
    const line = (kept: string) => `Harbor and Rye keeps what was asked for ${kept}.`
    const less = await run(['retention', '1'])
    expect(less.stdout).toBe(
      `${line('1 day')} What is older goes with the next question, or at night.\n`
    )
    expect((await run(['retention', '730'])).stdout).toBe(`${line('730 days')}\n`)
    await run(['retention', '90'])
    expect(await days()).toBe(90)
  })
})

describe('caution topics', () => {
  const GENERAL = ['allergens', 'illness', 'injury', 'chemicals']
  const SAMPLE = [
    ...GENERAL,
    'burns',
    'choking',
    'cuts-and-bandages',
    'slips-and-falls',
    'vomit-cleanup'
  ]
  const topics = async (slug = 'harbor-and-rye') => {
    const [brand] = await backend.database.query<{ topics: string[] }>(
      'select caution_topics as topics from public.organisations where slug = $1',
      [slug]
    )
    return brand?.topics
  }

  it('of a sample brand are the general ones and its own sections', async () => {
    expect(await topics()).toEqual(SAMPLE)
    expect(await topics('sol-y-sal')).toEqual([...GENERAL, 'nixtamal'])
    const shown = await run(['caution', '--json'])
    expect([shown.code, shown.json]).toEqual([0, { brand: 'Harbor and Rye', topics: SAMPLE }])
    expect(shown.stdout.split('\n').slice(0, 2)).toEqual([
      'Harbor and Rye: an answer about these topics also says to check with a manager.',
      '  allergens'
    ])
  })

  it('are added and removed, and a topic without a section is named', async () => {
    const added = await run(['caution', 'chicken', 'hot-oil', 'burns', '--add', '--json'])
    expect([added.code, added.json]).toEqual([
      0,
      { brand: 'Harbor and Rye', topics: [...SAMPLE, 'chicken', 'hot-oil'] }
    ])
    expect(added.stdout).toContain('No category and no section is called hot-oil yet.')
    expect(added.stdout).not.toContain('is called chicken')
    const unknown = await run(['caution', 'chicken', 'chiken', '--remove'])
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringContaining('Harbor and Rye has no caution topic chiken. Nothing was changed.')
    ])
    const removed = await run(['caution', 'chicken', 'hot-oil', '--remove'])
    expect(removed.code).toBe(0)
    expect(await topics()).toEqual(SAMPLE)
    expect((await run(['caution', ...SAMPLE, '--remove'])).stdout).toBe(
      'Harbor and Rye has no caution topics.\n'
    )
    expect((await run(['caution', ...SAMPLE, '--add'])).code).toBe(0)
  })

  it('are shown to managers of a restaurant or the brand, and changed by those of the brand', async () => {
    const people = {
      caution_crew: { roles: { groupRole: 'crew' }, shows: false, sets: false },
      caution_manager: { roles: { groupRole: 'manager' }, shows: true, sets: false },
      caution_brand: { roles: { brandRole: 'manager' }, shows: true, sets: true }
    }
    for (const [name, may] of Object.entries(people)) {
      const account = await addAccount(backend, name, may.roles)
      const brand = 'brandRole' in may.roles ? ['--brand'] : []
      const shown = await run(['caution', ...brand], account)
      expect([name, shown.code]).toEqual([name, may.shows ? 0 : 1])
      const changed = await run(['caution', 'hot-oil', '--add'], account)
      expect([name, changed.code]).toEqual([name, may.sets ? 0 : 1])
      expect(await topics()).toEqual(may.sets ? [...SAMPLE, 'hot-oil'] : SAMPLE)
    }
    await run(['caution', 'hot-oil', '--remove'])
  })
})

describe('gaps', () => {
  const gapsIn = (ran: CommandResult) =>
    (ran.json as { gaps: { gap_id: string; questions: number; status: string }[] }).gaps

  beforeAll(async () => {
    const { groupId } = accountOf(backend, 'manager')
    for (const [gap, question, restated, times] of [
      [
        'aaaaaaaa-0000-4000-8000-000000000001',
        'yo where the spare apron at',
        'Where is the spare apron?',
        3
      ],
      ['bbbbbbbb-0000-4000-8000-000000000002', 'Who feeds the lobster?', null, 1]
    ] as const) {
      await backend.database.query(
        `insert into public.question_gaps (id, organisation_id, group_id, language, example)
          select $1, organisation_id, id, 'en', $2 from public.groups where id = $3`,
        [gap, question, groupId]
      )
      for (let time = 0; time < times; time += 1) {
        await backend.database.query(
          `insert into public.asked_questions
              (group_id, organisation_id, question_id, language, question, restated, is_found, method, gap_id)
            select id, organisation_id, gen_random_uuid(), 'en', $1, $2, false, 'hybrid', $3
            from public.groups where id = $4`,
          [question, restated, gap, groupId]
        )
      }
    }
    // The lobster's answer had a figure that is in no passage.
    await backend.database.query(
      `update public.asked_questions
        set is_found = true, rating = 'down', outcome = 'answered', unverified_quotes = 0, unverified_figures = 1
        where gap_id = 'bbbbbbbb-0000-4000-8000-000000000002'`
    )
  })

  it('are a table, the most asked first, and JSON for programs', async () => {
    const table = await run(['gaps'])
    expect(table.code).toBe(0)
    const lines = table.stdout.split('\n')
    expect(lines[0]).toMatch(/^id +asked +not found +rated down +unverified +last/)
    expect(lines[1]).toMatch(/^aaaaaaaa +3 +3 +0 +0/)
    expect(lines[2]).toBe('    not found: yo where the spare apron at')
    expect(lines[3]).toBe('      in plain words: Where is the spare apron?')
    expect(lines[4]).toMatch(/^bbbbbbbb +1 +0 +1 +1/)
    expect(lines[5]).toBe('    rated down, unverified: Who feeds the lobster?')
    expect(
      gapsIn(await run(['gaps', '--json', '--days', '7'])).map(({ questions }) => questions)
    ).toEqual([3, 1])
  })

  it('are answered with a section, dismissed and reopened by the beginning of their id', async () => {
    expect((await run(['gaps', 'answer', 'aaaaaaaa', '--section', 'parking'])).code).toBe(0)
    expect((await run(['gaps', 'dismiss', 'bbbbbbbb'])).code).toBe(0)
    expect(gapsIn(await run(['gaps', '--json']))).toEqual([])
    expect((await run(['gaps'])).stdout).toContain('No gaps')
    const all = gapsIn(await run(['gaps', '--status', 'all', '--json']))
    expect(all.map(({ status }) => status)).toEqual(['answered', 'dismissed'])
    expect((await run(['gaps', 'reopen', 'bbbbbbbb'])).code).toBe(0)
    expect(gapsIn(await run(['gaps', '--json']))).toHaveLength(1)
    const unknown = await run(['gaps', 'dismiss', 'cccccccc'])
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringContaining('There is no gap cccccccc')
    ])
    const nowhere = await run(['gaps', 'answer', 'bbbbbbbb', '--section', 'nowhere'])
    expect([nowhere.code, nowhere.stderr]).toEqual([
      1,
      expect.stringContaining('There is no section nowhere')
    ])
  })
})

describe('a thousand sections', () => {
  const SECTIONS = 1_000
  /** The texts of a group that was embedded and not saved yet when its process ended. */
  const LOST_AT_MOST = 64
  const DRAFTED = /(\d+) of 1000 sections, (\d+) drafted, (\d+) vectors/

  it('show progress, go on after a kill, and embed nothing twice that was saved', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 10 }, (_, file) => [
        `many/part-${file}.md`,
        Array.from({ length: SECTIONS / 10 }, (__, at) => {
          const number = file * 100 + at
          return `# Station ${number}\n\nThe drawer of station ${number} is kept at ${30 + (number % 12)} °F, and it is checked by ${number % 24} o'clock.\n`
        }).join('\n')
      ])
    )
    await writeFiles(folder, files)
    const draftsBefore = await count('draft')

    const killed = command.start(['import', 'many'])
    const lines: string[] = []
    await new Promise<void>((resolve, reject) => {
      if (killed.stderr === null) return
      createInterface({ input: killed.stderr }).on('line', (line) => {
        lines.push(line)
        if (Number(DRAFTED.exec(line)?.[1] ?? 0) >= 300) resolve()
      })
      killed.once('close', () =>
        reject(new Error(`ended before it was killed: ${lines.join('\n')}`))
      )
    })
    const closed = once(killed, 'close')
    killed.kill('SIGKILL')
    await closed
    expect(lines.filter((line) => DRAFTED.test(line)).length).toBeGreaterThanOrEqual(5)
    // A request that was under way may still have been carried out.
    await backend.database.query('select 1')
    const saved = (await count('draft')) - draftsBefore
    expect(saved).toBeGreaterThanOrEqual(300)
    expect(saved).toBeLessThan(SECTIONS)

    const rest = await run(['import', 'many', '--json'])
    expect(rest.code).toBe(0)
    expect(rest.json).toMatchObject({
      counts: { added: SECTIONS - saved, drafted: saved },
      saved: { drafts: SECTIONS, written: SECTIONS - saved, withoutVector: 0 }
    })
    expect(embeddedTexts()).toBeLessThanOrEqual(SECTIONS + LOST_AT_MOST)
    expect(model.embeddingRequests.length).toBeLessThanOrEqual(SECTIONS / 50 + 2)
    expect(await withoutVector()).toBe(0)

    model.embeddingRequests.length = 0
    const again = await run(['import', 'many', '--json'])
    expect(again.json).toMatchObject({ saved: { drafts: SECTIONS, written: 0, embedded: 0 } })
    expect(model.embeddingRequests).toEqual([])
    const published = await run(['import', 'many', '--publish'])
    expect([published.code, published.stderr]).toEqual([
      0,
      expect.stringContaining(`Published ${SECTIONS} sections.`)
    ])
    expect(await count('draft')).toBe(draftsBefore)
  })
})
