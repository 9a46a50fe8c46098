// Tests private.section_words on a real Postgres: it equals the words of the published passages, however they change.
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  HARBOR,
  HARBOR_BRAND,
  PIER,
  SERVICE,
  SOL,
  SOL_BRAND,
  setUpRestaurants
} from './support/restaurants.ts'
import { addSection, draftOf, SAVE_DRAFT } from './support/sections.ts'

const restaurants = setUpRestaurants()
beforeAll(async () => {
  await addSection(restaurants.database, { brand: HARBOR_BRAND }, 'whole-brand', {
    en: { title: 'Brand', passages: ['Of all restaurants.'] }
  })
})

/** Lexemes of a section with the last letter of their language, without their owner. */
const wordsOf = async (sectionId: string): Promise<string[]> => {
  const rows = await restaurants.database.query<{ word: string }>(
    `select substr(l, 9) as word from private.section_words w cross join unnest(tsvector_to_array(w.words)) l
     where w.section_id = $1 order by 1`,
    [sectionId]
  )
  return rows.map(({ word }) => word)
}

/** Rows that either private.section_words or the published passages, recomputed, have alone. */
const differences = () =>
  restaurants.database.query(
    `with published as (
       select p.section_id, p.language, p.organisation_id, p.group_id, count(distinct p.id)::integer as passages,
         not exists (
           select from public.manual_passages o
           where o.section_id = p.section_id and o.is_published and o.language <> p.language) as is_only_language,
         array_agg(distinct mark || l.lexeme order by mark || l.lexeme) as words
       from public.manual_passages p
       cross join lateral (select right(coalesce(p.group_id, p.organisation_id)::text, 8) || right(p.language, 1)) m (mark)
       cross join lateral unnest(tsvector_to_array(p.fts)) l (lexeme)
       where p.is_published and octet_length(l.lexeme) <= 200
       group by 1, 2, 3, 4
     ),
     kept as (
       select w.section_id, w.language, w.organisation_id, w.group_id, w.passages, w.is_only_language,
         array(select unnest(tsvector_to_array(w.words)) order by 1) as words
       from private.section_words w
     )
     (table published except table kept) union all (table kept except table published)`
  )
afterEach(async () => {
  expect(await differences()).toEqual([])
})

const saveDraft = async (slug: string, texts: { en?: string; es?: string }): Promise<string> => {
  const [draft] = await restaurants.as<{ id: string }>(
    SERVICE,
    SAVE_DRAFT,
    draftOf(HARBOR, slug, texts)
  )
  if (draft === undefined) throw new Error('no draft came back')
  return draft.id
}
const publish = (versionId: string) =>
  restaurants.as(SERVICE, 'select public.publish_versions(array[$1::uuid])', [versionId])

describe('the words of a section', () => {
  it('are those of its passages in both languages, with titles and example questions', async () => {
    const { database } = restaurants
    const section = await addSection(database, HARBOR, 'gloves', {
      en: { title: 'Gloves', passages: ['Change them.'] },
      es: { title: 'Guantes', passages: ['Cambiarlos.'] }
    })
    expect(await wordsOf(section)).toEqual(expect.arrayContaining(['nglove', 'sguant']))
    await database.query(
      `update public.manual_section_versions set questions_en = array['May I wear mittens?'] where section_id = $1`,
      [section]
    )
    expect(await wordsOf(section)).toContain('nmitten')
    await database.query(
      `update public.manual_section_versions set title_es = 'Manoplas' where section_id = $1`,
      [section]
    )
    expect(await wordsOf(section)).toContain('smanopl')
    expect(await wordsOf(section)).not.toContain('sguant')
  })

  it('lack those of a draft, and follow publishing, retiring and deleting', async () => {
    const { database } = restaurants
    const section = await addSection(database, HARBOR, 'aprons', {
      en: { title: 'Aprons', passages: ['Blue in the kitchen.', 'White at the counter.'] },
      es: { title: 'Delantales', passages: ['Azul.'] }
    })
    const draft = await saveDraft('aprons', { en: 'Turquoise.' })
    expect(await wordsOf(section)).not.toContain('nturquois')
    await database.query(
      'delete from public.manual_passages where section_id = $1 and ordinal = 1 and is_published',
      [section]
    )
    expect(await wordsOf(section)).not.toContain('ncounter')
    expect(await differences()).toEqual([])

    // The new version is in English only.
    await publish(draft)
    expect(await wordsOf(section)).toContain('nturquois')
    expect(await wordsOf(section)).not.toContain('nblue')
    expect((await wordsOf(section)).filter((word) => word.startsWith('s'))).toEqual([])
    expect(await differences()).toEqual([])

    await restaurants.as(SERVICE, 'select public.retire_sections(array[$1::uuid])', [section])
    expect(await wordsOf(section)).toEqual([])
    await database.query('delete from public.manual_sections where id = $1', [section])
  })

  it('go with a restaurant that moves to another brand', async () => {
    const { database } = restaurants
    await addSection(database, PIER, 'moving', { en: { title: 'Moving', passages: ['Boxes.'] } })
    const move = 'update public.groups set organisation_id = $1 where id = $2'
    await database.query(move, [SOL_BRAND, PIER])
    expect(await differences()).toEqual([])
    await database.query(move, [HARBOR_BRAND, PIER])
  })

  it('lack a word of more than 200 bytes, and the section is published all the same', async () => {
    const section = await addSection(restaurants.database, HARBOR, 'paste', {
      en: { title: 'Paste', passages: [`Somebody pasted ${'x'.repeat(2_040)} here.`] }
    })
    const words = await wordsOf(section)
    expect(words).toContain('npast')
    expect(words.every((word) => word.length <= 201)).toBe(true)
  })

  it('begin with the mark of their owner, so that two brands share none', async () => {
    await addSection(restaurants.database, SOL, 'whole-brand', {
      en: { title: 'Brand', passages: ['Of all restaurants.'] }
    })
    const owners = await restaurants.database.query<{ organisation_id: string; marks: string[] }>(
      `select w.organisation_id, array_agg(distinct left(l, 9)) as marks
       from private.section_words w cross join lateral unnest(tsvector_to_array(w.words)) l
       group by 1`
    )
    expect(owners).toHaveLength(2)
    const marks = owners.flatMap((owner) => owner.marks)
    expect(new Set(marks).size).toBe(marks.length)
  })
})

it('keeps the words of a long passage in its row', async () => {
  const { database } = restaurants
  // About 350 tokens of English, where a passage is cut.
  const long = Array.from({ length: 250 }, (_, n) => `w${(n * 7_919).toString(36)}ord`)
  const section = await addSection(database, HARBOR, 'long', {
    en: { title: 'Long', passages: [long.join(' ')] }
  })
  const [row] = await database.query<{ bytes: number; elsewhere: number | null }>(
    `select pg_column_size(fts) as bytes, pg_column_toast_chunk_id(fts)::integer as elsewhere
     from public.manual_passages where section_id = $1`,
    [section]
  )
  expect(row?.bytes).toBeGreaterThan(2_500)
  expect(row?.elsewhere).toBeNull()
})
