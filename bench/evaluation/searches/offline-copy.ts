// Searches the offline copy with the kiosk's own code.
import type { Database } from '../../../dev/supabase/database.ts'
import type { HandbookGroup, HandbookSection } from '../../../dev/supabase/handbook-files.ts'
import type { OfflineSection, OfflineTerm } from '../../../src/main/handbook/offline-handbook.ts'
import { buildOfflineIndex } from '../../../src/main/handbook/offline-search.ts'
import type { Search } from '../search-result.ts'

const sectionOf = ({ slug, category, texts: { en, es } }: HandbookSection): OfflineSection => ({
  slug,
  category,
  updatedAt: '',
  en: en === undefined ? null : { title: en.title, content: en.content },
  es: es === undefined ? null : { title: es.title, content: es.content }
})

export const offlineSearch = async (
  groups: readonly HandbookGroup[],
  database: Database
): Promise<Search> => {
  const indexes = new Map<string, Awaited<ReturnType<typeof buildOfflineIndex>>>()
  for (const { slug, sections } of groups) {
    const terms = await database.query<OfflineTerm>(
      `select t.concept, t.language, t.term
       from public.handbook_terms t join public.groups g using (organisation_id) where g.slug = $1 order by t.id`,
      [slug]
    )
    indexes.set(slug, await buildOfflineIndex(sections.map(sectionOf), terms))
  }
  return {
    name: 'offline copy',
    about: "the kiosk's own copy, by its own rules: words only, and it says no when it has too few",
    ask: async ({ question: { group, text, language: own } }) => {
      const answer = indexes.get(group)?.search(text, own)
      return {
        given: (answer?.passages ?? []).map(({ slug, language, heading, text: passage }) => ({
          group,
          slug,
          language,
          heading,
          text: passage
        })),
        nearest: (answer?.nearest ?? []).map(({ slug }) => ({ group, slug }))
      }
    }
  }
}
