// Plain searches for comparison, on the same database, passages and vectors. They get the question alone.
import { z } from 'zod'
import type { Database } from '../../../dev/supabase/database.ts'
import { EMBEDDING_BATCH } from '../../../dev/supabase/seed-embeddings.ts'
import { languageSchema } from '../../../src/shared/language.ts'
import { vectorsOf } from '../embedding-source.ts'
import type { HandbookDatabase } from '../handbook-database.ts'
import { type Answer, firstOf, MOST_PASSAGES, type Search } from '../search-result.ts'
import type { Vectors } from './product-search.ts'

/** The plan gives two whole sections and cuts them. */
const PLAN_GIVEN = 2
const PLAN_CHARACTERS = 2_500

const rowSchema = z.object({
  group: z.string(),
  slug: z.string(),
  language: languageSchema,
  heading: z.string(),
  text: z.string()
})

const toSearchResult = (rows: unknown): Answer => ({
  given: firstOf(z.array(rowSchema).parse(rows)),
  nearest: []
})

const CONFIGURATION = { en: 'private.english', es: 'private.spanish' } as const

/** Full text as in Postgres' manual. */
export const fullTextSearch = ({ database, askerOf }: HandbookDatabase): Search => ({
  name: 'full text',
  about:
    'websearch_to_tsquery and ts_rank over the passages in the asker’s language, stemmed, without accents',
  ask: async ({ question }) =>
    toSearchResult(
      await database.query(
        `select g.slug as "group", s.slug, p.language, p.heading, p.content as text
         from public.manual_passages p
         join public.manual_sections s on s.id = p.section_id
         join public.groups g on g.id = p.group_id
         cross join lateral (
           select websearch_to_tsquery($3::regconfig, $1) as words,
             to_tsvector($3::regconfig, p.heading || ' ' || p.content) as text) t
         where p.is_published and p.group_id = $2 and p.language = $4 and t.text @@ t.words
         order by ts_rank(t.text, t.words) desc, p.id
         limit $5`,
        [
          question.text,
          askerOf(question.group).groupId,
          CONFIGURATION[question.language],
          question.language,
          MOST_PASSAGES
        ]
      )
    )
})

export const vectorSearch = (
  { database, askerOf, embed }: HandbookDatabase,
  vectors: Vectors
): Search => ({
  name: 'vectors',
  about: 'cosine over the passages of both languages, exact',
  ask: async ({ question }) =>
    toSearchResult(
      await database.query(
        `select g.slug as "group", s.slug, p.language, p.heading, p.content as text
         from public.manual_passages p
         join public.manual_embeddings e on e.passage_id = p.id and e.model = $3
         join public.manual_sections s on s.id = p.section_id
         join public.groups g on g.id = p.group_id
         where p.is_published and p.group_id = $2
         order by e.embedding operator(extensions.<=>) $1::extensions.vector, p.id
         limit $4`,
        [
          JSON.stringify(vectors.get(question.text)),
          askerOf(question.group).groupId,
          embed.model,
          MOST_PASSAGES
        ]
      )
    )
})

/**
 * The search of the product's first plan: `hybrid_search_manual(search_query, query_embedding, search_language,
 * result_limit: 2)` over whole sections of all restaurants, as in Supabase's guide (websearch AND, reciprocal ranks with
 * k = 50). It reads the sections again by `in (slugs)`, which loses their order, and cuts each at 2,500 characters.
 */
export const firstPlanSearch = async (
  { database, embed }: HandbookDatabase,
  vectors: Vectors
): Promise<Search> => {
  await preparePlan(database, embed)
  return {
    name: 'plan',
    about:
      'the plan’s hybrid search over whole sections of all restaurants: two results, their order lost, cut at 2,500 characters',
    ask: async ({ question }) =>
      toSearchResult(
        await database.query(
          `with words as (
             select d.id, row_number() over (order by ts_rank(d.fts, q) desc, d.id) as place
             from evaluation.plan d, websearch_to_tsquery($3::regconfig, $1) q
             where d.language = $4 and d.fts @@ q
             limit 20
           ),
           near as (
             select d.id,
               row_number() over (order by d.embedding operator(extensions.<=>) $2::extensions.vector, d.id) as place
             from evaluation.plan d
             where d.language = $4
             order by place
             limit 20
           ),
           best as (
             select d.slug
             from words w full join near n using (id)
             join evaluation.plan d using (id)
             order by coalesce(1.0 / (50 + w.place), 0) + coalesce(1.0 / (50 + n.place), 0) desc, d.id
             limit ${PLAN_GIVEN}
           )
           select d."group", d.slug, d.language, '' as heading, left(d.text, ${PLAN_CHARACTERS}) as text
           from evaluation.plan d
           where d.language = $4 and d.slug in (select b.slug from best b)
           order by d.id`,
          [
            question.text,
            JSON.stringify(vectors.get(question.text)),
            question.language === 'es' ? 'pg_catalog.spanish' : 'pg_catalog.english',
            question.language
          ]
        )
      )
  }
}

/** Whole sections with one vector each. As in the plan, English fills a missing language. */
const preparePlan = async (database: Database, embed: HandbookDatabase['embed']): Promise<void> => {
  await database.query(
    `create table evaluation.plan as
     select row_number() over (order by s.slug, g.slug, l.language) as id, g.slug as "group", s.slug, l.language,
       case when l.language = 'es' and v.content_es is not null then v.title_es || ' ' || v.content_es
         else coalesce(v.title_en || ' ' || v.content_en, '') end as text,
       null::extensions.vector as embedding, null::tsvector as fts
     from public.manual_section_versions v
     join public.manual_sections s on s.id = v.section_id
     join public.groups g on g.id = s.group_id
     cross join (values ('en'), ('es')) l (language)
     where v.status = 'published'`
  )
  await database.query(`delete from evaluation.plan where text = ''`)
  await database.query(
    `update evaluation.plan set fts = case language when 'es' then to_tsvector('pg_catalog.spanish', text)
       else to_tsvector('pg_catalog.english', text) end`
  )
  const rows = await database.query<{ id: number; text: string }>(
    'select id, text from evaluation.plan'
  )
  const texts = rows.map(({ text }) => text)
  const vectors = await vectorsOf(embed, texts, EMBEDDING_BATCH)
  for (const { id, text } of rows) {
    await database.query('update evaluation.plan set embedding = $2 where id = $1', [
      id,
      JSON.stringify(vectors.get(text))
    ])
  }
}
