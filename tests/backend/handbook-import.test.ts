// Runs `npm run handbook` for imports, exports and publishing against the local backend.
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { fromProject } from '../../dev/paths.ts'
import { createEmbedTexts } from '../../dev/supabase/seed-embeddings.ts'
import { EMBEDDING_MODEL } from '../../supabase/functions/_shared/embedding.ts'
import { planImport } from '../../tools/handbook/import-plan.ts'
import type { Project } from '../../tools/handbook/project.ts'
import { readFiles } from '../../tools/handbook/read-files.ts'
import { saveDrafts } from '../../tools/handbook/save-drafts.ts'
import { readStoredSections } from '../../tools/handbook/stored-sections.ts'
import { passwordFile } from '../password-file.ts'
import { handbookCommand } from './support/handbook-command.ts'
import { setUpBackend } from './support/local-backend.ts'
import { writeFiles } from './support/temporary-folder.ts'

const fixture = (name: string): string => fromProject('tests/fixtures/handbook', name)

const local = setUpBackend({ functions: 'none' })
const { run, runApart, succeed, fail, killAt } = handbookCommand(local)
beforeEach(() => {
  local.model.embeddingRequests.length = 0
})

const countRows = async (query: string, parameters: unknown[] = []): Promise<number> => {
  const [row] = await local.backend.database.query<{ count: number }>(
    `select count(*)::int as count from ${query}`,
    parameters
  )
  return row?.count ?? -1
}
const count = (status: 'published' | 'draft'): Promise<number> =>
  countRows('public.manual_section_versions v where v.group_id = $1 and v.status = $2', [
    local.place.groupId,
    status
  ])
const withoutVector = (): Promise<number> =>
  countRows(`public.manual_passages p
    where not exists (select from public.manual_embeddings e where e.passage_id = p.id)`)
const embeddedTexts = (): number =>
  local.model.embeddingRequests.reduce((sum, texts) => sum + texts, 0)

const fishAt = (degrees: number): Promise<void> =>
  writeFiles(local.folder, {
    'fish.md': `# Fish\n\nKeep the fish on ice at ${degrees} °F until it is cooked.\n`
  })

describe('the command', () => {
  const sample = fixture('sample.md')
  const WRONG: [args: string[], text: string][] = [
    [[], 'Which command?'],
    [['paint'], 'There is no command "paint"'],
    [['import'], 'import needs the files'],
    [['import', sample, '--language', 'fr'], '--language is en or es'],
    [['import', sample, '--dry-run', '--publish'], 'exclude each other'],
    [['import', sample, '--split-at', '0'], '--split-at is a whole number from 1 to 6'],
    [['publish', '--force'], "Unknown option '--force'"],
    [['retire'], 'retire needs the names of the sections'],
    [['retire', 'fish', '--dry-run', '--yes'], '--dry-run and --yes exclude each other'],
    [['gaps', 'answer', 'a1'], 'gaps answer needs --section'],
    [['retention', '731'], 'DAYS is a whole number from 1 to 730, not "731"'],
    [['retention', '1.5'], 'DAYS is a whole number from 1 to 730, not "1.5"'],
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

  it('shows its usage for a wrong command and sends no request', async () => {
    const unreachable = { HEARD_SUPABASE_URL: 'http://127.0.0.1:9' }
    for (const [args, text] of WRONG) {
      const ran = await run(args, unreachable)
      expect([ran.code, args]).toEqual([64, args])
      expect(ran.stderr).toContain(text)
      expect(ran.stderr).toContain('npm run handbook -- COMMAND')
    }
    const { code, stdout } = await runApart(['--help'], unreachable)
    expect([code, stdout]).toEqual([0, expect.stringContaining('npm run handbook -- COMMAND')])
    expect(await runApart(['paint'], unreachable)).toMatchObject({ code: 64, stdout: '' })
  })

  it('names a missing variable and prints no key and no password', async () => {
    const missing = await run(['publish'], { HEARD_SIGN_IN_EMAIL: '' })
    expect([missing.code, missing.stderr]).toEqual([
      64,
      expect.stringContaining('HEARD_SIGN_IN_EMAIL is not set')
    ])
    const secretKey = local.backend.secretKey
    const secret = await run(['publish'], { HEARD_SUPABASE_PUBLISHABLE_KEY: secretKey })
    expect([secret.code, secret.stderr]).toEqual([
      64,
      expect.stringContaining('holds a secret key')
    ])
    const wrong = await run(['publish'], {
      HEARD_SIGN_IN_PASSWORD_FILE: passwordFile('not-the-password')
    })
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      expect.stringMatching(/Signing in as manager@.* failed/)
    ])
    for (const { stdout, stderr } of [missing, secret, wrong]) {
      for (const key of [secretKey, 'not-the-password', 'sk-test']) {
        expect(stdout + stderr).not.toContain(key)
      }
    }
  })

  it('refuses crew, and a manager of another restaurant or brand', async () => {
    const { email, password } = local.account('crew')
    const asCrew = {
      HEARD_SIGN_IN_EMAIL: email,
      HEARD_SIGN_IN_PASSWORD_FILE: passwordFile(password)
    }
    await fail('This account manages no restaurant.', ['publish'], asCrew)
    const other = ['publish', '--group', 'sol-y-sal']
    await fail('manages no restaurant "sol-y-sal"; it manages harbor-and-rye', other)
    await fail('This account manages no brand.', ['publish', '--brand'], asCrew)
    const otherBrand = ['publish', '--brand', '--organisation', 'sol-y-sal']
    await fail('manages no brand "sol-y-sal"; it manages harbor-and-rye', otherBrand)
  })
})

describe('import', () => {
  it('shows in a dry run each section and each unreadable file, and writes nothing', async () => {
    const before = [await count('published'), await count('draft')]
    const files = [fixture('sample.docx'), fixture('encrypted.pdf')]
    const ran = await run(['import', ...files, '--dry-run', '--json'])
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
    expect(local.model.embeddingRequests).toEqual([])
  })

  it('writes nothing when one of its files is unreadable', async () => {
    const text = 'Nothing was written. Mend what could not be read, or leave it out.'
    await fail(text, ['import', fixture('sample.md'), fixture('encrypted.pdf')])
    expect([await count('draft'), local.model.embeddingRequests]).toEqual([0, []])
  })

  const SAMPLE = ['import', fixture('sample.pdf'), '--category', 'diner']

  it('drafts the sections with their vectors and their source, and publishes none', async () => {
    const ran = await succeed([...SAMPLE, '--json'])
    expect(ran.stderr).toContain('13 drafts wait for: npm run handbook -- publish')
    expect([await count('published'), await count('draft')]).toEqual([2, 13])
    const drafts = await local.backend.database.query(
      `select s.slug, v.source, v.category from public.manual_section_versions v
        join public.manual_sections s on s.id = v.section_id
        where v.status = 'draft' and s.slug in ('welcome', 'phone-list') order by s.slug`
    )
    expect(drafts).toEqual([
      { slug: 'phone-list', source: { file: 'sample.pdf', page: 3 }, category: 'diner' },
      { slug: 'welcome', source: { file: 'sample.pdf', page: 1 }, category: 'diner' }
    ])
    expect(ran.json).toMatchObject({ saved: { drafts: 13, written: 13, withoutVector: 0 } })
    expect(await withoutVector()).toBe(0)
  })

  it('writes and embeds nothing for the same files again', async () => {
    const ran = await succeed([...SAMPLE, '--json'])
    expect(ran.json).toMatchObject({
      counts: { added: 0, changed: 0, drafted: 13 },
      saved: { drafts: 13, written: 0, embedded: 0 }
    })
    expect(local.model.embeddingRequests).toEqual([])
  })

  it('asks the golden questions and publishes with --publish', async () => {
    const { stderr } = await succeed([...SAMPLE, '--publish'])
    expect(stderr).toContain('Golden questions: 0 of 0 are kept.')
    expect(stderr).toContain('Published 13 sections.')
    expect([await count('published'), await count('draft')]).toEqual([15, 0])
    expect((await succeed(['publish'])).stderr).toContain('There is nothing to publish.')
  })

  it('shows the changed lines and embeds the changed sections only', async () => {
    const { sections } = await readFiles([fixture('sample.pdf')])
    const text = sections
      .map(({ texts }) => texts.en ?? texts.es)
      .map((written) => `# ${written?.title}\n\n${written?.content}\n`)
      .join('\n')
      .replace('165 °F (74 °C)', '170 °F (77 °C)')
    await writeFiles(local.folder, {
      'edited.md': text,
      'one.md': '# Milk and cream\n\nMilk goes in the top drawer at 39 °F or below.\n'
    })
    const dry = await succeed(['import', 'edited.md', '--dry-run'])
    expect(dry.stdout).toContain('cooking-temperatures (Cooking temperatures): changed')
    expect(dry.stdout).toContain(
      '    - - Chicken fried chicken: 165 °F (74 °C)\n    + - Chicken fried chicken: 170 °F (77 °C)'
    )
    expect(dry.stdout).toContain('milk-and-cream (Milk and cream): unchanged')
    expect(dry.stderr).toContain('0 added, 1 changed, 0 waiting as drafts, 12 unchanged')
    const { json } = await succeed(['import', 'one.md', '--json'])
    expect(json).toMatchObject({ saved: { drafts: 1, written: 1, embedded: 1 } })
    expect(local.model.embeddingRequests).toEqual([1])
    // The file has the published text again, so the draft goes.
    const back = await succeed([...SAMPLE, '--json'])
    expect(back.json).toMatchObject({ counts: { unchanged: 13 }, saved: { drafts: 0 } })
    expect(await count('draft')).toBe(0)
  })

  it('leaves the other language unchanged and warns about it', async () => {
    await writeFiles(local.folder, {
      'chicken.md': '---\ntitle: Cooking chicken\n---\n\nCook the chicken to 170 °F and check it.\n'
    })
    const dry = await succeed(['import', 'chicken.md', '--dry-run'])
    expect(dry.stdout).toContain(
      'chicken (Cooking chicken): changed; its Spanish text stays: see that it still says the same'
    )
  })

  it('drafts without vectors when there is no key, and adds them at the next import', async () => {
    await fishAt(38)
    const without = await succeed(['import', 'fish.md', '--publish'], { OPENAI_API_KEY: '' })
    expect(without.stderr).toContain('The project has no function for it: passages get no vectors')
    expect(await withoutVector()).toBe(1)
    local.model.failing = true
    const failing = await succeed(['import', 'fish.md'])
    local.model.failing = false
    expect(failing.stderr).toMatch(/No more vectors this time .*500/)
    const later = await succeed(['import', 'fish.md', '--json'])
    expect(later.json).toMatchObject({
      counts: { unchanged: 1 },
      saved: { drafts: 0, embedded: 1 }
    })
    expect(await withoutVector()).toBe(0)
  })

  it('overwrites nothing when another writer has changed the section', async () => {
    const { backend, folder, model, place } = local
    const client = await local.signIn(local.account('manager'))
    const project: Project = {
      client,
      scope: place,
      name: 'Harbor',
      embeddingModel: EMBEDDING_MODEL,
      embed: createEmbedTexts(model.url, 'sk-test', EMBEDDING_MODEL),
      embedWith: null
    }
    await fishAt(36)
    const { sections } = await readFiles([join(folder, 'fish.md')])
    const plan = planImport(sections, await readStoredSections(client, place))
    await fishAt(34)
    await succeed(['import', 'fish.md'])
    await expect(saveDrafts(project, plan.sections, () => {})).rejects.toThrow(
      /Drafting the section fish: another account has written there meanwhile/
    )
    const [draft] = await backend.database.query<{ content_en: string }>(
      "select content_en from public.manual_section_versions where status = 'draft'"
    )
    expect(draft?.content_en).toContain('34 °F')
    await succeed(['publish', 'fish'])
  })
})

describe('export', () => {
  it('writes files that import as unchanged and export as the same files', async () => {
    expect((await succeed(['export', 'out', '--json'])).json).toMatchObject({ sections: 16 })
    const again = await succeed(['import', 'out', '--dry-run', '--json'])
    expect(again.json).toMatchObject({
      counts: { added: 0, changed: 0, drafted: 0, unchanged: 16 },
      refused: [],
      remarks: []
    })
    await succeed(['export', 'out-2'])
    const written = async (name: string): Promise<[string, string][]> => {
      const folder = join(local.folder, name)
      const paths = (await readdir(folder, { recursive: true })).filter((path) => /md$/.test(path))
      return Promise.all(
        paths.sort().map(async (path) => [path, await readFile(join(folder, path), 'utf8')])
      )
    }
    const files = await written('out')
    expect(files.length).toBeGreaterThanOrEqual(16)
    expect(await written('out-2')).toEqual(files)
  })

  it('refuses a file, and a folder with files unless --overwrite is set', async () => {
    await fail('out is not empty', ['export', 'out'])
    await succeed(['export', 'out', '--overwrite'])
    for (const path of ['one.md', 'one.md/out']) {
      await fail(`${path} is a file`, ['export', path])
    }
  })

  /** Names of all files that an export could have left. */
  const inFolder = async () =>
    (await readdir(local.folder, { recursive: true })).filter((name) => !name.startsWith('data'))

  it('leaves no file and keeps the old ones when the disk is full', async () => {
    const before = await inFolder()
    // The shell refuses files over 512 bytes. Some sections are smaller and are written before.
    const small = ['sh', '-c', 'ulimit -f 1; exec "$@"', 'sh']
    for (const path of ['full', 'full/deeper']) {
      const text = `\\n${path} does not fit: .*name another folder\\. Nothing was written\\.\\n$`
      const { code, stderr } = await runApart(['export', path], {}, small)
      expect([code, stderr]).toEqual([1, expect.stringMatching(new RegExp(text))])
    }
    const fish = await readFile(join(local.folder, 'out/en/fish.md'), 'utf8')
    expect((await runApart(['export', 'out', '--overwrite'], {}, small)).code).toBe(1)
    expect(await readFile(join(local.folder, 'out/en/fish.md'), 'utf8')).toBe(fish)
    expect(await inFolder()).toEqual(before)
  })

  it('names the right that is missing for a folder, or asks for another folder', async () => {
    const locked = join(local.folder, 'locked')
    await mkdir(locked)
    await chmod(locked, 0o555)
    // The superuser may write anywhere, unless that right is taken away.
    const bound = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override'] : []
    for (const path of ['locked', 'locked/out']) {
      const text = `\n${path} may not be written by this account; give it the right to`
      const { code, stderr } = await runApart(['export', path], {}, bound)
      expect([code, stderr]).toEqual([1, expect.stringContaining(text)])
    }
    expect(await readdir(locked)).toEqual([])
    if (process.platform !== 'linux') return
    await fail('/proc/heard cannot be made there; name another folder', ['export', '/proc/heard'])
  })
})

describe('--brand', () => {
  it('drafts, publishes, exports and asks the sections of the brand only', async () => {
    await writeFiles(local.folder, {
      'brand.md': '# Gift cards\n\nA gift card is sold at the host stand and has no end date.\n'
    })
    const before = await count('published')
    const ran = await succeed(['import', 'brand.md', '--brand', '--publish', '--json'])
    expect(ran.stderr).toContain('Published 1 sections.')
    expect(ran.json).toMatchObject({ kept: [], saved: { embedded: 1, withoutVector: 0 } })
    expect(await count('published')).toBe(before)
    const again = await succeed(['import', 'brand.md', '--brand', '--json'])
    expect(again.json).toMatchObject({
      counts: { unchanged: 1 },
      saved: { written: 0, embedded: 0 }
    })
    const exported = await succeed(['export', 'brand-out', '--brand', '--json'])
    expect(exported.json).toMatchObject({
      sections: 1,
      files: [join('brand-out', 'en', 'gift-cards.md')]
    })
    const question = 'Where are gift cards sold?'
    await succeed(['golden', 'add', question, '--section', 'gift-cards', '--brand'])
    const asked = await run(['golden', 'run', '--brand'])
    expect(asked.stdout).toMatch(/[01] of 1 golden questions are kept\./)
    await local.backend.database.query('delete from public.golden_questions')
  })
})

describe('an import of 200 sections', () => {
  const SECTIONS = 200
  /** Before its end, and after more than one group. */
  const KILLED_AT = 100
  /** The texts of a group that was embedded and not saved yet when its process ended. */
  const LOST_AT_MOST = 64
  const DRAFTED = /(\d+) of 200 sections, (\d+) drafted, (\d+) vectors/

  it('shows progress, continues after a kill, and embeds no saved section again', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 10 }, (_, file) => [
        `many/part-${file}.md`,
        Array.from({ length: SECTIONS / 10 }, (__, at) => {
          const number = (file * SECTIONS) / 10 + at
          return `# Station ${number}\n\nThe drawer of station ${number} is kept at ${30 + (number % 12)} °F, and it is checked by ${number % 24} o'clock.\n`
        }).join('\n')
      ])
    )
    await writeFiles(local.folder, files)
    const draftsBefore = await count('draft')

    const lines = await killAt(
      (line) => Number(DRAFTED.exec(line)?.[1] ?? 0) >= KILLED_AT,
      ['import', 'many']
    )
    expect(lines.filter((line) => DRAFTED.test(line)).length).toBeGreaterThanOrEqual(2)
    // Waits for a request that was under way.
    await local.backend.database.query('select 1')
    const saved = (await count('draft')) - draftsBefore
    expect(saved).toBeGreaterThanOrEqual(KILLED_AT)
    expect(saved).toBeLessThan(SECTIONS)

    const rest = await succeed(['import', 'many', '--json'])
    expect(rest.json).toMatchObject({
      counts: { added: SECTIONS - saved, drafted: saved },
      saved: { drafts: SECTIONS, written: SECTIONS - saved, withoutVector: 0 }
    })
    expect(embeddedTexts()).toBeLessThanOrEqual(SECTIONS + LOST_AT_MOST)
    expect(local.model.embeddingRequests.length).toBeLessThanOrEqual(SECTIONS / 50 + 2)
    expect(await withoutVector()).toBe(0)

    local.model.embeddingRequests.length = 0
    const published = await succeed(['import', 'many', '--publish', '--json'])
    expect(published.json).toMatchObject({ saved: { drafts: SECTIONS, written: 0, embedded: 0 } })
    expect(local.model.embeddingRequests).toEqual([])
    expect(published.stderr).toContain(`Published ${SECTIONS} sections.`)
    expect(await count('draft')).toBe(draftsBefore)
  })
})
