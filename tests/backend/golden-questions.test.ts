// Tests golden questions: saving them, asking them, and the figures that a section must state.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '../../dev/supabase/database.ts'
import { MODEL } from './support/asked-questions.ts'
import {
  codeOf,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  PIER,
  setUpRestaurants
} from './support/restaurants.ts'
import { addSection, english, publishVersions, saveDraft } from './support/sections.ts'

type Golden = {
  golden_id: string
  group_id: string | null
  question: string
  expected: string
  got: string | null
  is_kept: boolean
  has_embedding: boolean
  must_say: string[]
  missing: string[]
  set_aside_reason: string | null
  set_aside_by: string | null
}

const restaurants = setUpRestaurants()
beforeAll(async () => {
  await addSection(
    restaurants.database,
    HARBOR,
    'chicken',
    english('Chicken', 'Cook chicken to 165 °F.')
  )
})
beforeEach(() => restaurants.database.query('delete from public.golden_questions'))

describe('golden questions', () => {
  const save = async (
    question: string,
    slug: string | null,
    {
      by = restaurants.manager,
      groupId = HARBOR,
      language = 'en',
      vector,
      model,
      mustSay
    }: {
      by?: Viewer
      groupId?: string | null
      language?: string | null
      vector?: number[]
      model?: string | null
      mustSay?: (string | null)[]
    } = {}
  ): Promise<string | undefined> =>
    (
      await restaurants.as<{ id: string }>(
        by,
        `select public.save_golden($1, $2, $3, $4, $5, $6::extensions.vector, $7${mustSay === undefined ? '' : ', $8'}) as id`,
        [
          HARBOR_BRAND,
          groupId,
          language,
          question,
          slug,
          vector === undefined ? null : JSON.stringify(vector),
          model === undefined ? (vector === undefined ? null : MODEL) : model,
          ...(mustSay === undefined ? [] : [mustSay])
        ]
      )
    )[0]?.id
  const run = (groupId: string | null = HARBOR): Promise<Golden[]> =>
    restaurants.as<Golden>(
      groupId === null ? restaurants.brandManager : restaurants.manager,
      'select * from public.run_golden($1, $2)',
      [HARBOR_BRAND, groupId]
    )
  const draft = (slug: string, en: string): Promise<string | null> =>
    saveDraft(restaurants, restaurants.manager, HARBOR, slug, { en })
  const publish = (id: string | null, isDryRun = false) =>
    publishVersions(restaurants, restaurants.manager, [id], { isDryRun })
  const published = async (slug: string): Promise<string[]> =>
    (
      await restaurants.database.query<{ content: string }>(
        `select v.content_en as content from public.manual_section_versions v
         join public.manual_sections s on s.id = v.section_id
         where s.slug = $1 and v.status = 'published'`,
        [slug]
      )
    ).map((row) => row.content)

  it('return what they find, lost ones first', async () => {
    await addSection(
      restaurants.database,
      HARBOR,
      'wifi',
      english('Internet', 'The password changes every month.')
    )
    await save('How hot is chicken?', 'chicken')
    await save('quokka quokka', 'chicken')
    await save('Internet password?', 'chicken')
    expect(await run()).toMatchObject([
      { question: 'Internet password?', expected: 'chicken', got: 'wifi', is_kept: false },
      { question: 'quokka quokka', expected: 'chicken', got: null, is_kept: false },
      { question: 'How hot is chicken?', expected: 'chicken', got: 'chicken', is_kept: true }
    ])
  })

  it('replace the same question in the same language, and keep its vector', async () => {
    await publish(await draft('turkey', 'Cook turkey to 165 °F.'))
    const first = await save('  How hot?\n', 'chicken', { vector: [1, 0] })
    expect(await save('How hot?', 'turkey')).toBe(first)
    expect(await save('How hot?', 'chicken', { language: 'es' })).not.toBe(first)
    const rows = (await run()).filter((row) => row.golden_id === first)
    expect(rows).toMatchObject([{ question: 'How hot?', expected: 'turkey', has_embedding: true }])
  })

  it('of the brand run in its restaurants too', async () => {
    await addSection(
      restaurants.database,
      { brand: HARBOR_BRAND },
      'gloves',
      english('Gloves', 'Change gloves every hour.')
    )
    await save('change gloves', 'gloves', { by: restaurants.brandManager, groupId: null })
    expect(await run(null)).toMatchObject([
      { question: 'change gloves', group_id: null, is_kept: true }
    ])
    expect(await run()).toMatchObject([
      { question: 'change gloves', group_id: null, is_kept: true }
    ])
  })

  it('are neither charged nor recorded', async () => {
    await save('How hot is chicken?', 'chicken')
    await run()
    for (const table of ['asked_questions', 'usage_days', 'group_usage_days']) {
      expect(await restaurants.database.query(`select 1 from public.${table}`), table).toEqual([])
    }
  })

  it.each([
    ['nothing', '  ', 'chicken', {}, 'HR400'],
    ['too much', 'x'.repeat(1_001), 'chicken', {}, 'HR400'],
    ['another language', 'How hot?', 'chicken', { language: 'fr' }, 'HR400'],
    ['no language', 'How hot?', 'chicken', { language: null }, 'HR400'],
    ['a vector without a model', 'How hot?', 'chicken', { vector: [1], model: null }, 'HR400'],
    ['a model without a vector', 'How hot?', 'chicken', { model: MODEL }, 'HR400'],
    ['a section that is not there', 'How hot?', 'swan', {}, 'HR005'],
    ['SQL for a section', 'How hot?', "'; drop table x; --", {}, 'HR005'],
    ['a figure that the section never said', 'How hot?', 'chicken', { mustSay: ['156'] }, 'HR400'],
    ['no section', 'How hot?', null, {}, 'HR005'],
    ['a word that is none', 'How hot?', 'chicken', { mustSay: ['165', ' '] }, 'HR400'],
    ['a word that is null', 'How hot?', 'chicken', { mustSay: [null] }, 'HR400'],
    ['a page that must be said', 'How hot?', 'chicken', { mustSay: ['1'.repeat(101)] }, 'HR400'],
    ['many figures', 'How hot?', 'chicken', { mustSay: Array(21).fill('165') }, 'HR400']
  ])('are refused with %s', async (_name, question, slug, more, code) => {
    expect(await codeOf(save(question, slug, more))).toBe(code)
    expect(await run()).toEqual([])
  })

  it('cannot expect a section of a sister restaurant', async () => {
    await addSection(restaurants.database, PIER, 'diving', english('Diving', 'Off the end.'))
    expect(await codeOf(save('diving', 'diving'))).toBe('HR005')
  })

  it('refuse a changed figure, and name the section and the missing words', async () => {
    await publish(await draft('duck', 'Cook duck to 165 °F and rest it for 4 minutes.'))
    await save('What about the duck?', 'duck', { mustSay: ['165', '4 minutes', 'Duck'] })
    expect(await run()).toMatchObject([
      { is_kept: true, must_say: ['165', '4 minutes', 'Duck'], missing: [] }
    ])
    const typo = await draft('duck', 'Cook duck to 156 °F and rest it for 14 minutes.')
    const lost = {
      golden_id: expect.any(String),
      question: 'What about the duck?',
      language: 'en',
      expected: 'duck',
      got: 'duck',
      missing: ['165', '4 minutes'],
      group: 'harbor'
    }
    const dry = await publish(typo, true)
    expect(dry.golden.regressions).toEqual([lost])
    const refused = await errorOf(publish(typo))
    expect(refused).toMatchObject({ code: 'HR409', message: 'golden_regression' })
    expect(JSON.parse(refused?.detail ?? '')).toEqual([lost])
    expect(await published('duck')).toEqual(['Cook duck to 165 °F and rest it for 4 minutes.'])
    // Other words around the same figures are accepted.
    await publish(await draft('duck', 'Duck: 165 °F inside, then 4 minutes of rest.'))
    expect(await published('duck')).toEqual(['Duck: 165 °F inside, then 4 minutes of rest.'])
  })

  it('take a new figure from the draft that states it', async () => {
    await publish(await draft('goose', 'Cook goose to 165 °F.'))
    await save('What about the goose?', 'goose', { mustSay: ['165'] })
    const meant = await draft('goose', 'Cook goose to 170 °F.')
    await save('What about the goose?', 'goose', { mustSay: ['170'] })
    expect(await run()).toMatchObject([{ is_kept: false, got: 'goose', missing: ['170'] }])
    const { golden } = await publish(meant)
    expect(golden).toMatchObject({ kept: 1, regressions: [] })
    // Without figures, only the section counts.
    await save('What about the goose?', 'goose')
    expect(await run()).toMatchObject([{ is_kept: true, must_say: [], missing: [] }])
  })

  it.each([
    ['65', 'Cook to 165 °F.', false],
    ['165', 'Cook to 165°F.', true],
    ['165', 'Cook to 165F.', true],
    ['165 °F', '| Poultry | **165** °F |', true],
    ['poultry 165', '| Poultry | **165** °F |', true],
    ['5', 'Wait 1.5 hours.', false],
    ['1', 'Wait 1.5 hours.', false],
    ['1.5', 'Wait 1.5 hours.', true],
    ['1.5', 'Wait 1x5 hours.', false],
    ['165', 'Cook to 165.', true],
    ['50', 'From 50-70 ppm.', true],
    ['camara', 'La CÁMARA fría.', true],
    ['ice', 'Twice a day.', false],
    ['(ice)', 'On crushed (ice) only.', true],
    ['1.5', 'Wait 1-5 hours.', false],
    ['[a-z]+', 'Anything.', false],
    ["'; drop table x; --", 'Anything.', false],
    ['\\d', 'Cook to 165.', false],
    ['-18 °C', 'At −18 °C.', true]
  ])('that must say %j are kept by %j: %s', async (word, text, isSaid) => {
    const row = await restaurants.value<string[]>(
      'select private.missing_words(array[$1::text], $2) as missing_words',
      [word, text]
    )
    expect(row).toEqual(isSaid ? [] : [word])
  })

  describe('that are set aside', () => {
    const setAside = (
      id: string | undefined,
      reason: string | null,
      by = restaurants.brandManager
    ) => restaurants.as(by, 'select public.set_golden_aside($1, $2)', [id, reason])

    it('stop no publishing, and name who set them aside and why', async () => {
      const id = await save('How hot is chicken?', 'chicken', { mustSay: ['165'] })
      const worse = await draft('chicken', 'Ask the chef.')
      expect(await codeOf(publish(worse))).toBe('HR409')
      await setAside(id, ' The section moves to the brand.\n')
      expect(await run()).toMatchObject([
        {
          set_aside_reason: 'The section moves to the brand.',
          set_aside_by: 'brandManager@example.com'
        }
      ])
      const { golden } = await publish(worse)
      expect(golden).toMatchObject({ total: 0, regressions: [], warnings: [] })
      await publish(await draft('chicken', 'Cook chicken to 165 °F.'))
    })

    it('stay set aside when the restaurant saves them again, and cannot be deleted there', async () => {
      const id = await save('How hot is chicken?', 'chicken')
      await setAside(id, 'No figure here.')
      expect(await save('How hot is chicken?', 'chicken')).toBe(id)
      expect(await run()).toMatchObject([{ set_aside_reason: 'No figure here.' }])
      const remove = (by: Viewer) => restaurants.as(by, 'select public.delete_golden($1)', [id])
      expect(await codeOf(remove(restaurants.manager))).toBe('HR004')
      await remove(restaurants.brandManager)
      expect(await run()).toEqual([])
    })

    it('are asked again without a reason, and need one to be set aside', async () => {
      const id = await save('How hot is chicken?', 'chicken')
      await setAside(id, 'A mistake.')
      await setAside(id, null)
      expect(await run()).toMatchObject([{ set_aside_reason: null, set_aside_by: null }])
      for (const reason of [' ', 'x'.repeat(1_001)]) {
        expect(await codeOf(setAside(id, reason))).toBe('HR400')
      }
      expect(await codeOf(setAside(id, 'I manage here.', restaurants.manager))).toBe('HR004')
    })
  })

  it('are at most 200 of a restaurant', async () => {
    const { database } = restaurants
    await database.query(
      `insert into public.golden_questions (organisation_id, group_id, language, question, section_slug)
       select $1, $2, 'en', 'chicken ' || n, 'chicken' from generate_series(1, 200) n`,
      [HARBOR_BRAND, HARBOR]
    )
    expect(await codeOf(save('one more', 'chicken'))).toBe('HR400')
    // The same question replaces the older one.
    expect(await codeOf(save('chicken 200', 'chicken'))).toBeUndefined()
  })

  it('are deleted once: the second time raises HR005', async () => {
    const id = await save('How hot is chicken?', 'chicken')
    const remove = () =>
      restaurants.as(restaurants.manager, 'select public.delete_golden($1)', [id])
    await remove()
    expect(await run()).toEqual([])
    expect(await codeOf(remove())).toBe('HR005')
  })
})
