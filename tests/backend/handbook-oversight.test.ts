// Runs `npm run handbook` for golden questions, retiring, retention, caution topics and gaps against the local backend.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addAccount, type CommandResult, handbookCommand } from './support/handbook-command.ts'
import { setUpBackend } from './support/local-backend.ts'
import { writeFiles } from './support/temporary-folder.ts'

const local = setUpBackend({ functions: 'none' })
const { run, succeed, fail } = handbookCommand(local)

const ICE = 'How much ice does the fish need?'
const writeFish = (text: string): Promise<void> =>
  writeFiles(local.folder, { 'fish.md': `# Fish\n\n${text}\n` })

beforeAll(async () => {
  await writeFish('Keep the fish on ice at 34 °F until it is cooked.')
  await succeed(['import', 'fish.md', '--publish'])
})
beforeEach(() => {
  local.model.embeddingRequests.length = 0
})

type Section = { slug: string; status: string; content_en: string }
const sections = (): Promise<Section[]> =>
  local.backend.database.query<Section>(
    `select s.slug, v.status, v.content_en from public.manual_section_versions v
      join public.manual_sections s on s.id = v.section_id
      where s.group_id = $1 and v.status <> 'retired' order by v.status, s.slug`,
    [local.place.groupId]
  )
/** A column of the first restaurant's brand. */
const ofBrand = async (column: string): Promise<unknown> => {
  const [brand] = await local.backend.database.query<{ value: unknown }>(
    `select ${column} as value from public.organisations where id = $1`,
    [local.place.organisationId]
  )
  return brand?.value
}

describe('golden', () => {
  it('adds a question with its vector, asks it and lists it', async () => {
    await succeed(['golden', 'add', ICE, '--section', 'fish', '--json'])
    expect(local.model.embeddingRequests).toEqual([1])
    const chicken = 'How hot does the chicken have to be?'
    await succeed(['golden', 'add', chicken, '--section', 'chicken'])
    const asked = await succeed(['golden', 'run'])
    expect(asked.stdout).toContain('2 of 2 golden questions are kept.')
    const listed = await succeed(['golden', 'list', '--json'])
    expect(listed.json).toMatchObject({ questions: [{ is_kept: true }, { is_kept: true }] })
    const unknown = ['golden', 'add', 'What?', '--section', 'no-such-section']
    await fail('it is not there (any more)', unknown)
  })

  it('names the figure that a change would lose', async () => {
    const add = (figure: string) =>
      ['golden', 'add', ICE, '--section', 'fish'].concat(
        ...[figure, 'on ice'].map((words) => ['--must-say', words])
      )
    await fail('(the section does not say 43)', add('43'))
    await succeed(add('34'))
    expect((await run(['golden', 'list'])).stdout).toContain('→ fish, saying "34", "on ice"')
    await writeFish('Keep the fish on ice at 43 °F until it is cooked.')
    const ran = await run(['import', 'fish.md', '--publish', '--json'])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(
      `${ICE} (as harbor-and-rye asks it): "fish" was found, and the passages given from it do not say "34"`
    )
    expect(ran.json).toMatchObject({
      published: {
        isPublished: false,
        golden: { regressions: [{ expected: 'fish', got: 'fish', missing: ['34'] }] }
      }
    })
    expect((await run(['golden', 'run'])).stdout).toContain('2 of 2 golden questions are kept.')
  })
})

describe('golden set-aside', () => {
  it('is the brand’s, says who set a question aside and why, and is undone by restore', async () => {
    const { json } = await run(['golden', 'list', '--json'])
    const [first] = (json as { questions: { golden_id: string; question: string }[] }).questions
    const id = first?.golden_id ?? ''
    const why = ['--why', 'The brand has a new rule.']
    for (const [more, text] of [
      [[], 'golden set-aside needs --why REASON.'],
      [[...why, '--group', 'harbor-and-rye'], 'is set aside by the brand']
    ] as const) {
      const ran = await run(['golden', 'set-aside', id, ...more])
      expect([ran.code, ran.stderr]).toEqual([64, expect.stringContaining(text)])
    }
    await succeed(['golden', 'set-aside', id, ...why])
    expect((await run(['golden', 'list'])).stdout).toMatch(
      /, set aside on 20\d\d-\d\d-\d\d by \S+@\S+: The brand has a new rule\./
    )
    expect((await succeed(['golden', 'run'])).stdout).toContain('1 of 1 golden questions are kept.')
    await succeed(['golden', 'restore', id])
    expect((await succeed(['golden', 'run'])).stdout).toContain('2 of 2 golden questions are kept.')
  })
})

describe('retire', () => {
  it('keeps a section that a golden question needs, and names the question', async () => {
    const before = await sections()
    const text = 'Harbor and Rye has no section no-such-section of its own.'
    await fail(text, ['retire', 'fish', 'no-such-section'])
    for (const args of [['fish'], ['fish', 'parking', '--yes']]) {
      const ran = await run(['retire', ...args, '--json'])
      expect([ran.code, ran.stdout]).toEqual([
        1,
        expect.stringMatching(
          /not any more:\n {2}\S{36} {2}en {2}How much ice does the fish need\?.*\nNothing was taken out\.\n.*golden forget ID/
        )
      ])
      expect(ran.json).toMatchObject({
        isRetired: false,
        golden: { regressions: [{ expected: 'fish' }] }
      })
    }
    expect(await sections()).toEqual(before)
  })

  it('retires a section only with --yes', async () => {
    const before = await sections()
    const dry = await succeed(['retire', 'parking'])
    expect(dry.stdout).toContain('Would take out: parking. --yes does it.')
    expect(dry.stdout).toContain('Golden questions: 2 of 2 are kept.')
    expect(await sections()).toEqual(before)
    const done = await succeed(['retire', 'parking', '--yes', '--json'])
    expect(done.stdout).toContain('Taken out: parking.')
    expect(done.json).toMatchObject({ isRetired: true, slugs: ['parking'] })
    expect(await sections()).toEqual(before.filter(({ slug }) => slug !== 'parking'))
    await fail('no section parking', ['retire', 'parking', '--yes'])
  })
})

describe('publish', () => {
  it('publishes nothing when a golden question would be lost, and names it', async () => {
    await writeFiles(local.folder, {
      'fish.md': '# Ask the owner {#fish}\n\nThe owner decides on every shift anew.\n'
    })
    const published = async () => (await sections()).filter(({ status }) => status === 'published')
    const before = await published()
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
    expect(dry.code).toBe(1)
    expect(dry.stdout).toContain('Found until now, and not any more:')
    expect(dry.stdout).toContain('Golden questions: 1 of 2 are kept.')
    expect((await run(['publish', 'fish'])).code).toBe(1)
    expect(await published()).toEqual(before)
    expect(before.find(({ slug }) => slug === 'fish')?.content_en).toContain('34 °F')
    const { json } = await run(['golden', 'list', '--json'])
    for (const { golden_id: id } of (json as { questions: { golden_id: string }[] }).questions) {
      await succeed(['golden', 'forget', id])
    }
    expect((await run(['golden', 'list'])).stdout).toBe('There are no golden questions yet.\n')
  })
})

describe('usage', () => {
  it('lists questions, calls and money by day, the limits, and models without a price', async () => {
    const { groupId } = local.place
    await local.backend.database.query(
      `insert into public.group_usage_days (group_id, day, questions, turns, keys, calls, call_seconds, cost)
       select id, (now() at time zone time_zone)::date, 40, 42, 6, 5, 5400, 1.236 from public.groups where id = $1`,
      [groupId]
    )
    await local.backend.database.query(
      `insert into public.turn_costs
       select user_id, group_id, gen_random_uuid(), now(), 'a-new-model', 1, 0, 0, 0, 0, 0, 'gpt-transcribe', 0, 0
       from public.group_memberships where group_id = $1 limit 1`,
      [groupId]
    )
    const { stdout } = await succeed(['usage'])
    expect(stdout).toMatch(/^day +restaurant +questions +turns +keys +calls +minutes +dollars$/m)
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\d +\S+ +40 +42 +6 +5 +90 +1\.24$/m)
    expect(stdout).toMatch(/: 1\.24 of 100 dollars this day$/m)
    expect(stdout).toContain('a-new-model has no price and counts with the dearest one.')
    const { json } = await succeed(['usage', '--days', '1', '--json'])
    expect(json).toMatchObject({ currency: 'USD', days: [{ questions: 40, cost: 1.236 }] })
  })
})

describe('retention and caution', () => {
  it('show a restaurant’s manager the settings of the brand, and let the brand’s manager set them', async () => {
    const manager = await addAccount(local, 'manager-only', { groupRole: 'manager' })
    const brandManager = await addAccount(local, 'brand-only', { brandRole: 'manager' })
    for (const [account, ...brand] of [[manager], [brandManager, '--brand']] as const) {
      const shown = await succeed(['retention', ...brand, '--json'], account)
      expect(shown.json).toEqual({ brand: 'Harbor and Rye', days: 90 })
      await succeed(['caution', ...brand], account)
    }
    await fail('This account manages no brand.', ['retention', '89'], manager)
    await fail('This account manages no brand.', ['caution', 'hot-oil', '--add'], manager)
    await succeed(['retention', '89'], brandManager)
    await succeed(['caution', 'allergens', '--add'], brandManager)
    expect(await ofBrand('retention_days')).toBe(89)
  })
})

describe('retention', () => {
  it('prints when older questions are deleted', async () => {
    await succeed(['retention', '90'])
    const line = (days: string) => `Harbor and Rye keeps what was asked for ${days}.`
    expect((await run(['retention', '1'])).stdout).toBe(
      `${line('1 day')} What is older goes with the next question, or at night.\n`
    )
    expect((await run(['retention', '730'])).stdout).toBe(`${line('730 days')}\n`)
    expect(await ofBrand('retention_days')).toBe(730)
  })
})

describe('caution', () => {
  const GENERAL = ['allergens', 'illness', 'injury', 'chemicals']
  const OWN = ['burns', 'choking', 'cuts-and-bandages', 'slips-and-falls', 'vomit-cleanup']
  const SAMPLE = [...GENERAL, ...OWN]

  it('lists the general topics and those of the sample brand', async () => {
    const shown = await succeed(['caution', '--json'])
    expect(shown.json).toEqual({ brand: 'Harbor and Rye', topics: SAMPLE })
    expect(shown.stdout.split('\n').slice(0, 2)).toEqual([
      'Harbor and Rye: an answer about these topics also says to check with a manager.',
      '  allergens'
    ])
    const sol = await local.backend.database.query(
      `select caution_topics from public.organisations where slug = 'sol-y-sal'`
    )
    expect(sol).toEqual([{ caution_topics: [...GENERAL, 'nixtamal'] }])
  })

  it('adds and removes topics, and names a topic without a section', async () => {
    const added = await succeed(['caution', 'chicken', 'hot-oil', 'burns', '--add', '--json'])
    expect(added.json).toEqual({
      brand: 'Harbor and Rye',
      topics: [...SAMPLE, 'chicken', 'hot-oil']
    })
    expect(added.stdout).toContain('No category and no section is called hot-oil yet.')
    expect(added.stdout).not.toContain('is called chicken')
    const text = 'Harbor and Rye has no caution topic chiken. Nothing was changed.'
    await fail(text, ['caution', 'chicken', 'chiken', '--remove'])
    await succeed(['caution', 'chicken', 'hot-oil', '--remove'])
    expect(await ofBrand('caution_topics')).toEqual(SAMPLE)
    const none = await run(['caution', ...SAMPLE, '--remove'])
    expect(none.stdout).toBe('Harbor and Rye has no caution topics.\n')
  })
})

describe('gaps', () => {
  const [APRON, LOBSTER] = [
    'aaaaaaaa-0000-4000-8000-000000000001',
    'bbbbbbbb-0000-4000-8000-000000000002'
  ]
  type Gap = { gap_id: string; questions: number; status: string }
  const gapsIn = ({ json }: CommandResult) => (json as { gaps: Gap[] }).gaps

  beforeAll(async () => {
    const { organisationId, groupId } = local.place
    const insert = local.backend.database.query
    for (const [gap, question, restated, times] of [
      [APRON, 'yo where the spare apron at', 'Where is the spare apron?', 3],
      [LOBSTER, 'Who feeds the lobster?', null, 1]
    ]) {
      await insert(
        `insert into public.question_gaps (id, organisation_id, group_id, language, example)
          values ($1, $2, $3, 'en', $4)`,
        [gap, organisationId, groupId, question]
      )
      await insert(
        `insert into public.asked_questions
            (organisation_id, group_id, question_id, language, question, restated, is_found, method, gap_id)
          select $1, $2, gen_random_uuid(), 'en', $3, $4, false, 'hybrid', $5 from generate_series(1, $6)`,
        [organisationId, groupId, question, restated, gap, times]
      )
    }
    // The lobster's answer had a figure that is in no passage.
    await insert(
      `update public.asked_questions
        set is_found = true, rating = 'down', outcome = 'answered', unverified_quotes = 0, unverified_figures = 1
        where gap_id = $1`,
      [LOBSTER]
    )
  })

  it('prints a table, the most asked first, and JSON', async () => {
    const { stdout } = await succeed(['gaps'])
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/^id +asked +not found +rated down +unverified +last/)
    expect(lines[1]).toMatch(/^aaaaaaaa +3 +3 +0 +0/)
    expect(lines[2]).toBe('    not found: yo where the spare apron at')
    expect(lines[3]).toBe('      in plain words: Where is the spare apron?')
    expect(lines[4]).toMatch(/^bbbbbbbb +1 +0 +1 +1/)
    expect(lines[5]).toBe('    rated down, unverified: Who feeds the lobster?')
    const listed = gapsIn(await run(['gaps', '--json', '--days', '7']))
    expect(listed.map(({ questions }) => questions)).toEqual([3, 1])
  })

  it('answers, dismisses and reopens a gap by the beginning of its id', async () => {
    await succeed(['gaps', 'answer', 'aaaaaaaa', '--section', 'chicken'])
    await succeed(['gaps', 'dismiss', 'bbbbbbbb'])
    expect((await succeed(['gaps'])).stdout).toContain('No gaps')
    const all = gapsIn(await run(['gaps', '--status', 'all', '--json']))
    expect(all.map(({ status }) => status)).toEqual(['answered', 'dismissed'])
    await succeed(['gaps', 'reopen', 'bbbbbbbb'])
    expect(gapsIn(await run(['gaps', '--json']))).toHaveLength(1)
    await fail('There is no gap cccccccc', ['gaps', 'dismiss', 'cccccccc'])
    const nowhere = ['gaps', 'answer', 'bbbbbbbb', '--section', 'nowhere']
    await fail('There is no section nowhere', nowhere)
  })
})
