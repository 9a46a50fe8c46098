// The words by which a search opens a section: they are those of what is published, whoever changes it and however.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addSection,
  HARBOR,
  HARBOR_BRAND,
  openRestaurants,
  type Restaurants
} from './support/restaurants.ts'

let restaurants: Restaurants
beforeAll(async () => {
  restaurants = await openRestaurants()
})
afterAll(() => restaurants.database.close())

/** Lexemes with their language's last letter, without whose they are. */
const wordsOf = async (sectionId: string): Promise<string[]> => {
  const [row] = await restaurants.database.query<{ words: string[] }>(
    `select array(select substr(l, 9) from unnest(tsvector_to_array(words)) l order by 1) as words
     from private.section_words where section_id = $1`,
    [sectionId]
  )
  return row?.words ?? []
}

/** Sections whose words are not those of their published passages and questions, reckoned anew. */
const strays = () =>
  restaurants.database.query<{ section_id: string }>(
    `with anew as (
       select t.section_id, array_agg(distinct mark || l order by mark || l) as words
       from (
         select section_id, right(coalesce(group_id, organisation_id)::text, 8) || right(language, 1) as mark, fts
         from public.manual_passages where is_published
         union all
         select section_id, right(coalesce(group_id, organisation_id)::text, 8) || right(language, 1), fts
         from private.section_questions where is_published
       ) t
       cross join lateral unnest(tsvector_to_array(t.fts)) l
       where octet_length(l) <= 200
       group by t.section_id
     )
     select coalesce(a.section_id, w.section_id) as section_id
     from anew a full join private.section_words w on w.section_id = a.section_id
     where a.words is distinct from array(select l from unnest(tsvector_to_array(w.words)) l order by 1)`
  )

const search = async (question: string): Promise<string[]> => {
  const rows = await restaurants.as<{ slug: string; found: boolean }>(
    restaurants.kiosk,
    `select * from public.search_handbook($1, $2, $3, 'en')`,
    [HARBOR, randomUUID(), question]
  )
  return rows.filter(({ found }) => found).map(({ slug }) => slug)
}

describe('the words that open a section', () => {
  it('are of its passages in both languages and of its questions', async () => {
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
    expect(await search('mittens')).toContain('gloves')
    expect(await strays()).toEqual([])
  })

  it('stay in the row of a passage, however long it is', async () => {
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

  it('are of what is published: not of a draft, and gone with what is retired or deleted', async () => {
    const { database } = restaurants
    const section = await addSection(database, HARBOR, 'aprons', {
      en: { title: 'Aprons', passages: ['Blue in the kitchen.', 'White at the counter.'] }
    })
    await database.query(
      `insert into public.manual_section_versions (section_id, number, title_en, content_en, questions_en)
       values ($1, 2, 'Aprons', 'Turquoise.', array['Which smock?'])`,
      [section]
    )
    const [draft] = await database.query<{ id: string }>(
      `select id from public.manual_section_versions where section_id = $1 and status = 'draft'`,
      [section]
    )
    await database.query(
      `insert into public.manual_passages (version_id, language, ordinal, content) values ($1, 'en', 0, 'Turquoise.')`,
      [draft?.id]
    )
    expect(await wordsOf(section)).not.toContain('nturquois')
    expect(await wordsOf(section)).not.toContain('nsmock')

    await database.query(
      'delete from public.manual_passages where section_id = $1 and ordinal = 1 and is_published',
      [section]
    )
    expect(await wordsOf(section)).not.toContain('ncounter')

    await database.query(
      `update public.manual_section_versions set status = 'retired', retired_at = now()
       where section_id = $1 and status = 'published'`,
      [section]
    )
    expect(await wordsOf(section)).toEqual([])
    await database.query(
      `update public.manual_section_versions set status = 'published', published_at = now() where id = $1`,
      [draft?.id]
    )
    expect(await wordsOf(section)).toEqual(expect.arrayContaining(['nsmock', 'nturquois']))
    expect(await wordsOf(section)).not.toContain('nblue')
    expect(await strays()).toEqual([])

    await database.query('delete from public.manual_sections where id = $1', [section])
    expect(await wordsOf(section)).toEqual([])
    expect(await strays()).toEqual([])
  })

  it('leave out what nobody says, which is published all the same', async () => {
    const { database } = restaurants
    const section = await addSection(database, HARBOR, 'paste', {
      en: { title: 'Paste', passages: [`Somebody pasted ${'x'.repeat(2_040)} here.`] }
    })
    expect(await wordsOf(section)).toContain('npast')
    expect((await wordsOf(section)).every((word) => word.length <= 201)).toBe(true)
    expect(await strays()).toEqual([])
  })

  it('are whose the section is: two brands with the same words share none', async () => {
    const owners = await restaurants.database.query<{ organisation_id: string; marks: string[] }>(
      `select w.organisation_id, array_agg(distinct left(l, 8)) as marks
       from private.section_words w cross join lateral unnest(tsvector_to_array(w.words)) l
       group by 1`
    )
    const harbor = owners.find(({ organisation_id }) => organisation_id === HARBOR_BRAND)
    expect(harbor?.marks).not.toEqual([])
    for (const other of owners) {
      if (other === harbor) continue
      expect(other.marks.filter((mark) => harbor?.marks.includes(mark))).toEqual([])
    }
  })
})
