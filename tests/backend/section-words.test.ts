// Tests that private.section_words always equals the words of the published passages.
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  HARBOR,
  HARBOR_BRAND,
  PIER,
  SERVICE,
  SOL_BRAND,
  setUpRestaurants
} from './support/restaurants.ts'
import {
  addSection,
  english,
  publishVersions,
  retireSections,
  saveDraft
} from './support/sections.ts'

const restaurants = setUpRestaurants()
beforeAll(async () => {
  await addSection(
    restaurants.database,
    { brand: HARBOR_BRAND },
    'whole-brand',
    english('Brand', 'Of all restaurants.')
  )
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

/** Rows that differ between private.section_words and the words of the published passages. */
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
     stored as (
       select w.section_id, w.language, w.organisation_id, w.group_id, w.passages, w.is_only_language,
         array(select unnest(tsvector_to_array(w.words)) order by 1) as words
       from private.section_words w
     )
     (table published except table stored) union all (table stored except table published)`
  )
afterEach(async () => {
  expect(await differences()).toEqual([])
})

describe('the words of a section', () => {
  it('come from passages, titles and example questions in both languages', async () => {
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

  it('follow publishing, retiring and deleting, without drafts', async () => {
    const { database } = restaurants
    const section = await addSection(database, HARBOR, 'aprons', {
      en: { title: 'Aprons', passages: ['Blue in the kitchen.', 'White at the counter.'] },
      es: { title: 'Delantales', passages: ['Azul.'] }
    })
    const draft = await saveDraft(restaurants, SERVICE, HARBOR, 'aprons', { en: 'Turquoise.' })
    expect(await wordsOf(section)).not.toContain('nturquois')
    await database.query(
      'delete from public.manual_passages where section_id = $1 and ordinal = 1 and is_published',
      [section]
    )
    expect(await wordsOf(section)).not.toContain('ncounter')
    expect(await differences()).toEqual([])

    // The new version is in English only.
    await publishVersions(restaurants, SERVICE, [draft])
    expect(await wordsOf(section)).toContain('nturquois')
    expect(await wordsOf(section)).not.toContain('nblue')
    expect((await wordsOf(section)).filter((word) => word.startsWith('s'))).toEqual([])
    expect(await differences()).toEqual([])

    await retireSections(restaurants, SERVICE, [section])
    expect(await wordsOf(section)).toEqual([])
    await database.query('delete from public.manual_sections where id = $1', [section])
  })

  it('follow a restaurant to another brand', async () => {
    const { database } = restaurants
    await addSection(database, PIER, 'moving', english('Moving', 'Boxes.'))
    const move = 'update public.groups set organisation_id = $1 where id = $2'
    await database.query(move, [SOL_BRAND, PIER])
    expect(await differences()).toEqual([])
    await database.query(move, [HARBOR_BRAND, PIER])
  })

  it('omit words over 200 bytes', async () => {
    const section = await addSection(
      restaurants.database,
      HARBOR,
      'paste',
      english('Paste', `Pasted text ${'x'.repeat(2_040)} here.`)
    )
    const words = await wordsOf(section)
    expect(words).toContain('npast')
    expect(words.every((word) => word.length <= 201)).toBe(true)
  })
})

it('stores the words of a long passage in its row', async () => {
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
