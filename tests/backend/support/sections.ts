// Writes sections of a handbook: published ones with SQL, drafts and publishing as a writer does.
import { randomUUID } from 'node:crypto'
import type { Database, Viewer } from '../../../dev/supabase/database.ts'
import { BRAND_OF, HARBOR, type Person, type Restaurants } from './restaurants.ts'

export type HeadedPassage = { heading: string; anchor: string; content: string }
export type SectionText = {
  title: string
  /** A string has no heading. */
  passages: readonly (string | HeadedPassage)[]
  /** Example questions. */
  questions?: readonly string[]
}
export type SectionTexts = { en?: SectionText; es?: SectionText }

/** A section in English with one passage. */
export const english = (title: string, content: string): SectionTexts => ({
  en: { title, passages: [content] }
})

const withHeading = (passage: string | HeadedPassage): HeadedPassage =>
  typeof passage === 'string' ? { heading: '', anchor: '', content: passage } : passage

const contentOf = (text: SectionText | undefined): string | null =>
  text?.passages
    .map(withHeading)
    .map(({ heading, content }) => (heading === '' ? content : `## ${heading}\n\n${content}`))
    .join('\n\n') ?? null

/** A restaurant, or a brand for all of its restaurants. */
export type Place = string | { brand: string }

/** The brand's id, then the restaurant's or null: the first parameters of most functions for writers. */
export const ownerOf = (place: Place): [brandId: string, groupId: string | null] => {
  if (typeof place !== 'string') return [place.brand, null]
  const brandId = BRAND_OF[place]
  if (brandId === undefined) throw new Error(`${place} is not one of these restaurants`)
  return [brandId, place]
}

/** Adds a published section, with or without vectors. Returns its id. @param vectors `of` takes a passage's content */
export const addSection = async (
  database: Database,
  place: Place,
  slug: string,
  { en, es }: SectionTexts,
  vectors?: { model: string; of: (text: string) => number[] }
): Promise<string> => {
  const [version] = await database.query<{ id: string; section_id: string }>(
    `with section as (
       insert into public.manual_sections (organisation_id, group_id, slug) values ($1, $2, $3) returning id
     )
     insert into public.manual_section_versions
       (section_id, number, status, published_at, title_en, content_en, questions_en, title_es, content_es, questions_es)
     select id, 1, 'published', now(), $4, $5, $6, $7, $8, $9 from section returning id, section_id`,
    [
      ...ownerOf(place),
      slug,
      ...[en, es].flatMap((text) => [text?.title ?? null, contentOf(text), text?.questions ?? []])
    ]
  )
  if (version === undefined) throw new Error('no section came back')
  for (const [language, text] of Object.entries({ en, es })) {
    for (const [ordinal, written] of (text?.passages ?? []).entries()) {
      const { heading, anchor, content } = withHeading(written)
      await database.query(
        `with passage as (
           insert into public.manual_passages (version_id, language, ordinal, heading, anchor, content)
           values ($1, $2, $3, $4, $5, $6) returning id
         )
         insert into public.manual_embeddings (passage_id, model, embedding)
         select id, $7, $8::text::extensions.vector from passage where $8::text is not null`,
        [
          ...[version.id, language, ordinal, heading, anchor, content],
          ...[vectors?.model, vectors === undefined ? null : JSON.stringify(vectors.of(content))]
        ]
      )
    }
  }
  return version.section_id
}

export type DraftTexts = { en?: string; es?: string }
/** Makes the vectors of passages. Null: the passage comes without one. */
export type Vectors = { model: string | null; of: (text: string) => number[] | null }
const NO_VECTORS: Vectors = { model: null, of: () => null }

/** The parameters of {@link SAVE_DRAFT} for a section of one passage per language. */
export const draftOf = (
  place: Place,
  slug: string,
  texts: DraftTexts,
  { model, of }: Vectors = NO_VECTORS
): unknown[] => {
  const written = Object.entries(texts)
  return [
    ...ownerOf(place),
    slug,
    'food',
    10,
    JSON.stringify(
      Object.fromEntries(
        written.flatMap(([language, text]) => [
          [`title_${language}`, `About ${slug}`],
          [`content_${language}`, text],
          [`questions_${language}`, []]
        ])
      )
    ),
    JSON.stringify(
      written.map(([language, content]) => ({
        language,
        ordinal: 0,
        heading: '',
        anchor: '',
        content,
        embedding: of(content)
      }))
    ),
    model
  ]
}
export const SAVE_DRAFT = 'select public.save_draft($1, $2, $3, $4, $5, $6, $7, $8) as id'

/** Saves a draft. Returns its id, or null when the published version has the same text. */
export const saveDraft = async (
  { as }: Restaurants,
  viewer: Viewer,
  ...draft: Parameters<typeof draftOf>
): Promise<string | null> => {
  const [saved] = await as<{ id: string | null }>(viewer, SAVE_DRAFT, draftOf(...draft))
  return saved?.id ?? null
}

type GoldenChange = { golden_id: string; question: string; expected: string; got: string | null }
export type GoldenCheck = {
  total: number
  kept: number
  newly_found: GoldenChange[]
  regressions: GoldenChange[]
  warnings: GoldenChange[]
}
type Ids = readonly (string | null | undefined)[]

const changeAll = async <Result>(
  { as }: Restaurants,
  viewer: Viewer,
  call: string,
  ids: Ids,
  isDryRun: boolean | undefined
): Promise<Result & { golden: GoldenCheck }> => {
  const [row] = await as<{ result: Result & { golden: GoldenCheck } }>(
    viewer,
    `select public.${call}($1::uuid[], $2) as result`,
    [ids, isDryRun ?? false]
  )
  if (row === undefined) throw new Error('no result came back')
  return row.result
}

export const publishVersions = (
  restaurants: Restaurants,
  viewer: Viewer,
  ids: Ids,
  options: { isDryRun?: boolean } = {}
) =>
  changeAll<{ published: { version_id: string; slug: string; number: number }[] }>(
    restaurants,
    viewer,
    'publish_versions',
    ids,
    options.isDryRun
  )

export const retireSections = (
  restaurants: Restaurants,
  viewer: Viewer,
  ids: Ids,
  options: { isDryRun?: boolean } = {}
) =>
  changeAll<{ retired: { slug: string }[] }>(
    restaurants,
    viewer,
    'retire_sections',
    ids,
    options.isDryRun
  )

export const uniqueSlug = (): string => `s-${randomUUID()}`

/** Drafts and publishes as Harbor's manager, or as the manager of its brand. */
export const writersOf = (restaurants: Restaurants) => {
  const writerOf = (place: Place): Person =>
    place === HARBOR ? restaurants.manager : restaurants.brandManager
  const save = (...[place, ...draft]: Parameters<typeof draftOf>): Promise<string | null> =>
    saveDraft(restaurants, writerOf(place), place, ...draft)
  const publish = (...[person, ids, isDryRun = false]: [Person, (string | null)[], boolean?]) =>
    publishVersions(restaurants, person, ids, { isDryRun })
  return {
    save,
    publish,
    publishText: async (...draft: Parameters<typeof draftOf>) =>
      publish(writerOf(draft[0]), [await save(...draft)]),
    versionsOf: (slug: string) =>
      restaurants.database.query<{ number: number; status: string; content: string }>(
        `select v.number, v.status, v.content_en as content
         from public.manual_section_versions v join public.manual_sections s on s.id = v.section_id
         where s.slug = $1 order by v.number`,
        [slug]
      )
  }
}
