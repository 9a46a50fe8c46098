// Tests private.nearest_passages: the binary-quantised HNSW index and the exact comparison find the same passages.
import { beforeAll, describe, expect, it } from 'vitest'
import { denseVector } from '../../bench/search/dense-vector.ts'
import { loadOwners } from '../../bench/search/load-handbooks.ts'
import { createHandbook } from '../../bench/search/synthetic-handbook.ts'
import {
  HARBOR,
  HARBOR_BRAND,
  PIER,
  SOL,
  SOL_BRAND,
  setUpRestaurants
} from './support/restaurants.ts'
import { DIMENSIONS, MODEL, SEARCH, searchArguments } from './support/search.ts'

/** Of the brand, of the restaurant, of its sister and of another brand each: about 270 passages. */
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

type Near = { passage_id: string; section_id: string; similarity: number; slug: string }

const restaurants = setUpRestaurants({ explains: true })
beforeAll(async () => {
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

const vectorText = (question: string): string => JSON.stringify([...denseVector(question)])

const NEAREST = 'private.nearest_passages($1, $2, $3, $4, $5, $6, $7)'
/** The values of `_exact_up_to`: all vectors are compared, or the index gives the candidates. */
const WAYS = { exactly: 1_000_000, 'through the index': 0 } as const
type Way = keyof typeof WAYS
const EVERY_WAY: Way[] = ['exactly', 'through the index']

/** For Harbor. */
const nearest = async (
  way: Way,
  vector: string,
  { shadowed = [], model = MODEL }: { shadowed?: readonly string[]; model?: string } = {}
): Promise<Near[]> =>
  restaurants.database.query<Near>(
    `select n.passage_id, n.section_id, n.similarity, s.slug
     from ${NEAREST} with ordinality n (passage_id, section_id, similarity, place)
     join public.manual_sections s on s.id = n.section_id order by n.place`,
    [HARBOR_BRAND, HARBOR, shadowed, vector, model, LIMIT, WAYS[way]]
  )

const similarities = (found: readonly Near[]): number[] => found.map(({ similarity }) => similarity)

/** Slugs that Harbor sees. */
const HARBORS = /^(brand|own|new)-/

/** A section with one passage and its vector. Returns the id of its version, a draft. */
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

/** Gives Harbor's own passages vectors of another model, made by an SQL expression on `e.embedding`. */
const addModel = (model: string, embedding: string): Promise<unknown> =>
  restaurants.database.query(
    `insert into public.manual_embeddings (passage_id, model, embedding)
     select e.passage_id, $1, ${embedding} from public.manual_embeddings e
     where e.group_id = $2 and e.model = $3`,
    [model, HARBOR, MODEL]
  )
const removeModels = (models: readonly string[]): Promise<unknown> =>
  restaurants.database.query('delete from public.manual_embeddings where model = any ($1)', [
    models
  ])

/** Plans of a statement and of those in the functions that it calls, as Postgres executed them. */
const plansOf = async (statement: string, parameters: unknown[]): Promise<string[]> => {
  const plans: string[] = []
  const { database } = restaurants
  await database.execute(`
    load 'auto_explain';
    set auto_explain.log_min_duration = 0;
    set auto_explain.log_nested_statements = on;
    set auto_explain.log_level = notice;
    -- The plan that is made when rank_passages, which turns index scans off, calls first.
    discard plans;
    set enable_indexscan = off;`)
  await database.transaction((sql) =>
    sql.query(statement, parameters, { onNotice: ({ message }) => plans.push(message ?? '') })
  )
  await database.execute('reset enable_indexscan')
  await database.execute('set auto_explain.log_min_duration = -1')
  return plans
}

describe('the nearest passages', () => {
  it('have the greatest cosines, greatest first, when all are compared', async () => {
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
      expect(similarities(await nearest('exactly', vector))).toEqual(
        all.map(({ similarity }) => similarity)
      )
    }
  })

  it('come from the index in a large handbook only, which misses at most one of the first ten', async () => {
    let missed = 0
    for (const question of QUESTIONS) {
      const vector = vectorText(question)
      const exact = (await nearest('exactly', vector)).slice(0, 10)
      const found = await nearest('through the index', vector)
      expect(found).toHaveLength(LIMIT)
      expect(similarities(found)).toEqual(similarities(found).toSorted((a, b) => b - a))
      const ids = new Set(found.map(({ passage_id: id }) => id))
      missed += exact.filter(({ passage_id: id }) => !ids.has(id)).length
    }
    expect(missed).toBeLessThanOrEqual(1)
    for (const [way, times] of [
      ['exactly', 0],
      ['through the index', 1]
    ] as const) {
      const plans = await plansOf(`select * from ${NEAREST}`, [
        HARBOR_BRAND,
        HARBOR,
        [],
        vectorText('how hot'),
        MODEL,
        LIMIT,
        WAYS[way]
      ])
      const ofIndex = plans.filter((plan) => plan.includes('using manual_embeddings_binary_hnsw'))
      // The function's own plan has the scan of the index; the plan of the calling statement has not.
      expect(ofIndex, way).toHaveLength(times)
    }
  })

  it('are found behind many nearer passages of others, even when the index scan ends early', async () => {
    const { database } = restaurants
    const vector = vectorText('how hot does the soup have to be')
    const models = ['one more', 'two more', 'three more']
    // The question's own vector with a tenth of another: hardly any passage of Harbor is nearer.
    await database.query(
      `insert into public.manual_embeddings (passage_id, model, embedding)
       select e.passage_id, m.model,
         $1::vector + e.embedding * array_fill(m.share, array[1536])::vector
       from public.manual_embeddings e, unnest($2::text[], '{0.1, 0.2, 0.3}'::real[]) m (model, share)
       where e.group_id = $3 and e.model = $4`,
      [vector, models, SOL, MODEL]
    )
    const exact = await nearest('exactly', vector)
    const found = await nearest('through the index', vector)
    expect(found).toHaveLength(LIMIT)
    expect(found.slice(0, 5)).toEqual(exact.slice(0, 5))
    await database.execute('set hnsw.max_scan_tuples = 1')
    expect(await nearest('through the index', vector)).toEqual(exact)
    await database.execute('reset hnsw.max_scan_tuples')
    await removeModels(models)
  })

  it.each(EVERY_WAY)('%s, are not from a sister restaurant or another brand', async (way) => {
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

  it.each(EVERY_WAY)('%s, omit overridden sections', async (way) => {
    const vector = vectorText('how hot does the chicken have to be')
    const shadowed = (await nearest(way, vector)).slice(0, 5).map(({ section_id: id }) => id)
    const found = await nearest(way, vector, { shadowed })
    expect(found).toHaveLength(LIMIT)
    expect(found.filter(({ section_id: id }) => shadowed.includes(id))).toEqual([])
  })

  it.each(EVERY_WAY)('%s, include a section from its publishing to its retiring', async (way) => {
    const { database } = restaurants
    const slug = `new-${EVERY_WAY.indexOf(way)}`
    const vector = vectorText(`a section that is new ${way}`)
    const draft = await addDraft(slug, vector)
    const has = async (): Promise<boolean> =>
      (await nearest(way, vector)).some((near) => near.slug === slug)
    expect(await has()).toBe(false)
    const set = `update public.manual_section_versions set`
    await database.query(`${set} status = 'published', published_at = now() where id = $1`, [draft])
    expect(await has()).toBe(true)
    await database.query(`${set} status = 'retired', retired_at = now() where id = $1`, [draft])
    expect(await has()).toBe(false)
  })

  it.each(EVERY_WAY)('%s, have vectors of one model', async (way) => {
    const model = `another for ${way}`
    await addModel(model, 'e.embedding')
    const found = await nearest(way, vectorText('how hot'), { model })
    expect(found).toHaveLength(LIMIT)
    expect(found.every(({ slug }) => slug.startsWith('own-'))).toBe(true)
    expect(await nearest(way, vectorText('how hot'), { model: 'none of these' })).toEqual([])
    await removeModels([model])
  })

  it.each(EVERY_WAY)('%s, are none for a vector of zeros', async (way) => {
    const zeros = JSON.stringify(new Array(DIMENSIONS).fill(0))
    expect(await nearest(way, zeros)).toEqual([])
  })

  it.each(EVERY_WAY)('%s, are compared exactly for a width without an index', async (way) => {
    const model = `a wide one ${way}`
    await addModel(model, '(e.embedding || e.embedding)')
    const narrow = denseVector('how hot')
    const vector = JSON.stringify([...narrow, ...narrow])
    expect(await nearest(way, vector, { model })).toHaveLength(LIMIT)
    await removeModels([model])
  })
})

describe('search_handbook', () => {
  /** Rows of a table that this session has read. */
  const READ = `
    select (seq_tup_read + coalesce(idx_tup_fetch, 0))::integer as rows
    from pg_stat_xact_user_tables where relname = 'manual_passages'`
  const SEEN = `
    select count(*)::integer as rows from public.manual_passages
    where is_published and organisation_id = $1 and (group_id = $2 or group_id is null)`

  it.each(QUESTIONS)('reads fewer passages than the restaurant has: %s', async (question) => {
    const { database, kiosk } = restaurants
    const seen = await restaurants.value<number>(SEEN, [HARBOR_BRAND, HARBOR])
    const read = await database.transaction(async (sql) => {
      // In a small table the planner prefers one scan over 60 index lookups.
      await sql.query('set local enable_seqscan = off')
      const earlier = await sql.query<{ rows: number }>(READ)
      await sql.query(
        SEARCH,
        searchArguments({
          question,
          language: question.startsWith('¿') ? 'es' : 'en',
          vector: [...denseVector(question)]
        })
      )
      const later = await sql.query<{ rows: number }>(READ)
      return (later.rows[0]?.rows ?? 0) - (earlier.rows[0]?.rows ?? 0)
    }, kiosk)
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThan(seen ?? 0)
  })
})

describe('a vector', () => {
  const misplaced = async (): Promise<number | undefined> => {
    return restaurants.value<number>(
      `select count(*)::integer as count
       from public.manual_embeddings e
       join public.manual_passages p on p.id = e.passage_id
       where (e.organisation_id, e.group_id, e.section_id, e.ordinal, e.is_published)
         is distinct from (p.organisation_id, p.group_id, p.section_id, p.ordinal, p.is_published)`
    )
  }

  it('has the owner and status of its passage after any write', async () => {
    const { database } = restaurants
    await database.query(
      `update public.manual_embeddings set organisation_id = $1, group_id = null, is_published = true, ordinal = 7
       where group_id = $2`,
      [HARBOR_BRAND, SOL]
    )
    expect(await misplaced()).toBe(0)
  })

  it('follows a restaurant to another brand', async () => {
    const { database } = restaurants
    await database.query('update public.groups set organisation_id = $1 where id = $2', [
      SOL_BRAND,
      PIER
    ])
    expect(await misplaced()).toBe(0)
    const moved = await restaurants.value<number>(
      'select count(*)::integer as count from public.manual_embeddings where organisation_id = $1 and group_id = $2',
      [SOL_BRAND, PIER]
    )
    expect(moved).toBeGreaterThan(0)
  })

  it('is stored in its row, not in the TOAST table', async () => {
    const { database } = restaurants
    const toast = await restaurants.value<string>(
      `select reltoastrelid::regclass::text as name from pg_class
       where oid = 'public.manual_embeddings'::regclass`
    )
    const pieces = await database.query(`select chunk_id from ${toast}`)
    expect(pieces).toEqual([])
  })
})
