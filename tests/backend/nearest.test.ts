// The vector half of the search: the exact scan and the index over signs find the same, and neither finds what is
// another's, in a real Postgres with the real index.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { denseVector } from '../bench/search/dense-vector.ts'
import { loadOwners } from '../bench/search/load.ts'
import { createHandbook } from '../bench/search/made-handbook.ts'
import {
  HARBOR,
  HARBOR_BRAND,
  openRestaurants,
  PIER,
  type Restaurants,
  SOL,
  SOL_BRAND
} from './support/restaurants.ts'

const MODEL = 'text-embedding-3-small'
/** Of the brand, of the restaurant, of its sister and of a stranger each: about 270 passages. */
const SECTIONS = 40
const LIMIT = 60
const QUESTIONS = [
  'how hot does the chicken have to be',
  '¿cuánto tiempo me lavo las manos?',
  'who do I call when I am sick',
  '¿dónde se guardan los trapos?',
  'what do I do with a broken glass',
  'how long do we keep the oyster tags'
]

type Near = {
  passage_id: string
  section_id: string
  ordinal: number
  similarity: number
  slug: string
}

let restaurants: Restaurants
beforeAll(async () => {
  restaurants = await openRestaurants({ explains: true })
  const make = await createHandbook(1)
  await loadOwners(
    restaurants.database,
    [
      { organisationId: HARBOR_BRAND, groupId: null, slugPrefix: 'brand-', sections: SECTIONS },
      { organisationId: HARBOR_BRAND, groupId: HARBOR, slugPrefix: 'own-', sections: SECTIONS },
      { organisationId: HARBOR_BRAND, groupId: PIER, slugPrefix: 'sister-', sections: SECTIONS },
      { organisationId: SOL_BRAND, groupId: SOL, slugPrefix: 'stranger-', sections: SECTIONS }
    ],
    make,
    () => {}
  )
})
afterAll(() => restaurants.database.close())

const vectorText = (question: string): string => JSON.stringify([...denseVector(question)])

/** Every vector compared; through the index; and as the search asks, with and without enough passages for the index. */
const WAYS = {
  exactly: 'private.nearest_exactly($1, $2, $3, $4, $5, $6)',
  'by signs': 'private.nearest_by_signs($1, $2, $3, $4, $5, $6)',
  'as few are searched': 'private.nearest_passages($1, $2, $3, $4, $5, $6)',
  'as many are searched': 'private.nearest_passages($1, $2, $3, $4, $5, $6, 10)'
} as const
type Way = keyof typeof WAYS
const EVERY_WAY: Way[] = ['exactly', 'by signs', 'as few are searched', 'as many are searched']

/** For Harbor. */
const nearest = async (
  way: Way,
  vector: string,
  { shadowed = [], model = MODEL }: { shadowed?: readonly string[]; model?: string } = {}
): Promise<Near[]> =>
  restaurants.database.query<Near>(
    `select n.*, s.slug from ${WAYS[way]} with ordinality n (passage_id, section_id, ordinal, similarity, place)
     join public.manual_sections s on s.id = n.section_id order by n.place`,
    [HARBOR_BRAND, HARBOR, shadowed, vector, model, LIMIT]
  )

const HARBORS = /^(brand|own|new)-/

/** Passages of one section with their vectors; a draft until it is published. */
const addDraft = async (slug: string, vector: string): Promise<string> => {
  const { database } = restaurants
  const [draft] = await database.query<{ id: string }>(
    `with section as (
       insert into public.manual_sections (organisation_id, group_id, slug) values ($1, $2, $3) returning id
     )
     insert into public.manual_section_versions (section_id, number, title_en, content_en)
     select id, 1, 'New', 'New text' from section returning id`,
    [HARBOR_BRAND, HARBOR, slug]
  )
  if (draft === undefined) throw new Error('no draft came back')
  await database.query(
    `with passage as (
       insert into public.manual_passages (version_id, language, ordinal, content)
       values ($1, 'en', 0, 'New text') returning id
     )
     insert into public.manual_embeddings (passage_id, model, embedding) select id, $2, $3 from passage`,
    [draft.id, MODEL, vector]
  )
  return draft.id
}

describe('the nearest passages', () => {
  it('are those with the greatest cosines, in their order, when all are compared', async () => {
    for (const question of QUESTIONS) {
      const vector = vectorText(question)
      const all = await restaurants.database.query<{ similarity: number }>(
        `select (1 - (e.embedding <=> $1::vector))::real as similarity
         from public.manual_embeddings e
         join public.manual_passages p on p.id = e.passage_id
         where p.is_published and p.organisation_id = $2 and (p.group_id = $3 or p.group_id is null)
         order by 1 desc limit $4`,
        [vector, HARBOR_BRAND, HARBOR, LIMIT]
      )
      const found = await nearest('exactly', vector)
      expect(found.map(({ similarity }) => similarity)).toEqual(
        all.map(({ similarity }) => similarity)
      )
      expect(await nearest('as few are searched', vector)).toEqual(found)
    }
  })

  it('are found through the index as well: of the exact first ten, hardly one is missed', async () => {
    let missed = 0
    for (const question of QUESTIONS) {
      const vector = vectorText(question)
      const exact = (await nearest('exactly', vector)).slice(0, 10)
      const found = await nearest('by signs', vector)
      expect(found).toHaveLength(LIMIT)
      expect(found.map(({ similarity }) => similarity)).toEqual(
        found.map(({ similarity }) => similarity).toSorted((a, b) => b - a)
      )
      const ids = new Set(found.map(({ passage_id: id }) => id))
      missed += exact.filter(({ passage_id: id }) => !ids.has(id)).length
    }
    expect(missed).toBeLessThanOrEqual(1)
  })

  it('come from the index when there are many', async () => {
    const plans: string[] = []
    const { database } = restaurants
    await database.execute(`
      load 'auto_explain';
      set auto_explain.log_min_duration = 0;
      set auto_explain.log_nested_statements = on;
      set auto_explain.log_level = notice;`)
    await database.transaction((sql) =>
      sql.query(
        `select * from ${WAYS['as many are searched']}`,
        [HARBOR_BRAND, HARBOR, [], vectorText('how hot'), MODEL, LIMIT],
        { onNotice: ({ message }) => plans.push(message ?? '') }
      )
    )
    await database.execute('set auto_explain.log_min_duration = -1')
    expect(plans.filter((plan) => plan.includes('using manual_embeddings_signs'))).not.toHaveLength(
      0
    )
  })

  it('are found behind any number of strangers, and where the index gives up among them', async () => {
    const { database } = restaurants
    const vector = vectorText('how hot does the soup have to be')
    const models = ['one more', 'two more', 'three more']
    // A tenth of each is its own: hardly anything can be nearer to the question.
    await database.query(
      `insert into public.manual_embeddings (passage_id, model, embedding)
       select e.passage_id, m.model,
         $1::vector + e.embedding * array_fill(m.share, array[1536])::vector
       from public.manual_embeddings e, unnest($2::text[], '{0.1, 0.2, 0.3}'::real[]) m (model, share)
       where e.group_id = $3 and e.model = $4`,
      [vector, models, SOL, MODEL]
    )
    const exact = await nearest('exactly', vector)
    const found = await nearest('by signs', vector)
    expect(found).toHaveLength(LIMIT)
    expect(found.slice(0, 5)).toEqual(exact.slice(0, 5))
    await database.execute('set hnsw.max_scan_tuples = 1')
    expect((await nearest('by signs', vector)).length).toBeLessThan(LIMIT)
    expect(await nearest('as many are searched', vector)).toEqual(exact)
    await database.execute('reset hnsw.max_scan_tuples')
    await database.query('delete from public.manual_embeddings where model = any ($1)', [models])
  })

  it.each(EVERY_WAY)('%s, are never a stranger’s or a sister’s', async (way) => {
    const others = await restaurants.database.query<{ embedding: string }>(
      `select e.embedding::text as embedding from public.manual_embeddings e
       where e.group_id in ($1, $2) order by e.passage_id limit 20`,
      [PIER, SOL]
    )
    expect(others).toHaveLength(20)
    for (const { embedding } of others) {
      const found = await nearest(way, embedding)
      expect(found).toHaveLength(LIMIT)
      expect(found.filter(({ slug }) => !HARBORS.test(slug))).toEqual([])
    }
  })

  it.each(EVERY_WAY)(
    '%s, leave out the brand’s sections that have the restaurant’s in their place',
    async (way) => {
      const vector = vectorText('how hot does the chicken have to be')
      const shadowed = (await nearest(way, vector)).slice(0, 5).map(({ section_id: id }) => id)
      const found = await nearest(way, vector, { shadowed })
      expect(found).toHaveLength(LIMIT)
      expect(found.filter(({ section_id: id }) => shadowed.includes(id))).toEqual([])
    }
  )

  it.each(EVERY_WAY)(
    '%s, have a section once it is published, and until it is retired',
    async (way) => {
      const { database } = restaurants
      const slug = `new-${EVERY_WAY.indexOf(way)}`
      const vector = vectorText(`a section that is new ${way}`)
      const draft = await addDraft(slug, vector)
      const has = async (): Promise<boolean> =>
        (await nearest(way, vector)).some((near) => near.slug === slug)
      expect(await has()).toBe(false)
      const set = `update public.manual_section_versions set`
      await database.query(`${set} status = 'published', published_at = now() where id = $1`, [
        draft
      ])
      expect(await has()).toBe(true)
      await database.query(`${set} status = 'retired', retired_at = now() where id = $1`, [draft])
      expect(await has()).toBe(false)
    }
  )

  it.each(EVERY_WAY)('%s, are of one model', async (way) => {
    const { database } = restaurants
    const model = `another for ${way}`
    await database.query(
      `insert into public.manual_embeddings (passage_id, model, embedding)
       select e.passage_id, $1, e.embedding from public.manual_embeddings e
       where e.group_id = $2 and e.model = $3 limit $4`,
      [model, HARBOR, MODEL, LIMIT + 10]
    )
    const found = await nearest(way, vectorText('how hot'), { model })
    expect(found).toHaveLength(LIMIT)
    expect(found.every(({ slug }) => slug.startsWith('own-'))).toBe(true)
    expect(await nearest(way, vectorText('how hot'), { model: 'none of these' })).toEqual([])
    await database.query('delete from public.manual_embeddings where model = $1', [model])
  })

  it.each(EVERY_WAY)('%s, have a direction', async (way) => {
    const zeros = JSON.stringify(new Array(1_536).fill(0))
    expect(await nearest(way, zeros)).toEqual([])
  })

  it('of a width that has no index are compared one by one', async () => {
    const { database } = restaurants
    const model = 'a wide one'
    await database.query(
      `insert into public.manual_embeddings (passage_id, model, embedding)
       select e.passage_id, $1, (e.embedding || e.embedding) from public.manual_embeddings e
       where e.group_id = $2 and e.model = $3`,
      [model, HARBOR, MODEL]
    )
    const narrow = denseVector('how hot')
    const vector = JSON.stringify([...narrow, ...narrow])
    const found = await nearest('as many are searched', vector, { model })
    expect(found).toHaveLength(LIMIT)
    await database.query('delete from public.manual_embeddings where model = $1', [model])
  })
})

describe('a whole search', () => {
  /** Rows of both tables that this session has read. */
  const READ = `
    select relname as name, (seq_tup_read + coalesce(idx_tup_fetch, 0))::integer as rows
    from pg_stat_xact_user_tables where relname in ('section_questions', 'manual_passages')`
  const SEEN = `
    select 'section_questions' as name, count(*)::integer as rows from private.section_questions
    where is_published and organisation_id = $1 and (group_id = $2 or group_id is null)
    union all
    select 'manual_passages', count(*)::integer from public.manual_passages
    where is_published and organisation_id = $1 and (group_id = $2 or group_id is null)`
  type Rows = { name: string; rows: number }
  const byName = (rows: readonly Rows[]) => new Map(rows.map(({ name, rows }) => [name, rows]))

  it.each(QUESTIONS)(
    'reads what the sections have that it finds, not what all have: %s',
    async (question) => {
      const { database, kiosk } = restaurants
      const seen = byName(await database.query<Rows>(SEEN, [HARBOR_BRAND, HARBOR]))
      const [before, after] = await database.transaction(async (sql) => {
        const earlier = await sql.query<Rows>(READ)
        await sql.query('select * from public.search_handbook($1, $2, $3, $4, $5, $6)', [
          HARBOR,
          randomUUID(),
          question,
          question.startsWith('¿') ? 'es' : 'en',
          vectorText(question),
          MODEL
        ])
        const later = await sql.query<Rows>(READ)
        return [byName(earlier.rows), byName(later.rows)]
      }, kiosk)
      for (const [name, rows] of seen) {
        const read = (after.get(name) ?? 0) - (before.get(name) ?? 0)
        expect(read, name).toBeGreaterThan(0)
        expect(read, name).toBeLessThan(rows)
      }
    }
  )
})

describe('a vector', () => {
  const misplaced = async (): Promise<number | undefined> => {
    const [row] = await restaurants.database.query<{ count: number }>(
      `select count(*)::integer as count
       from public.manual_embeddings e
       join public.manual_passages p on p.id = e.passage_id
       where (e.organisation_id, e.group_id, e.section_id, e.ordinal, e.is_published)
         is distinct from (p.organisation_id, p.group_id, p.section_id, p.ordinal, p.is_published)`
    )
    return row?.count
  }

  it('is where its passage is, whatever is written', async () => {
    const { database } = restaurants
    await database.query(
      `update public.manual_embeddings set organisation_id = $1, group_id = null, is_published = true, ordinal = 7
       where group_id = $2`,
      [HARBOR_BRAND, SOL]
    )
    expect(await misplaced()).toBe(0)
  })

  it('goes with a restaurant that moves to another brand', async () => {
    const { database } = restaurants
    await database.query('update public.groups set organisation_id = $1 where id = $2', [
      SOL_BRAND,
      PIER
    ])
    expect(await misplaced()).toBe(0)
    const [moved] = await database.query<{ count: number }>(
      'select count(*)::integer as count from public.manual_embeddings where organisation_id = $1 and group_id = $2',
      [SOL_BRAND, PIER]
    )
    expect(moved?.count).toBeGreaterThan(0)
  })

  it('stands in its row, where a scan reads it', async () => {
    const { database } = restaurants
    const [toast] = await database.query<{ name: string }>(
      `select reltoastrelid::regclass::text as name from pg_class
       where oid = 'public.manual_embeddings'::regclass`
    )
    const pieces = await database.query(`select chunk_id from ${toast?.name}`)
    expect(pieces).toEqual([])
  })
})
