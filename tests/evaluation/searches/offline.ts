// The copy of the handbook on the kiosk: words only, in main, as it answers when the backend does not.
import type { Database } from '../../../local/backend/database.ts'
import type { Handbook } from '../../../local/backend/handbook-files.ts'
import { buildOfflineIndex } from '../../../src/main/handbook/offline-search.ts'
import type { OfflineSection, OfflineTerm } from '../../../src/main/handbook/offline-section.ts'
import type { Search } from '../answer.ts'

type Section = Handbook['groups'][number]['sections'][number]

const sectionOf = ({ slug, category, texts: { en, es } }: Section): OfflineSection => ({
  slug,
  category,
  updatedAt: '',
  en: en === undefined ? null : { title: en.title, content: en.content },
  es: es === undefined ? null : { title: es.title, content: es.content }
})

export const offlineSearch = async (handbook: Handbook, database: Database): Promise<Search> => {
  const indexes = new Map<string, Awaited<ReturnType<typeof buildOfflineIndex>>>()
  for (const { slug, sections } of handbook.groups) {
    const terms = await database.query<OfflineTerm>(
      `select t.concept, t.language, t.term
       from public.handbook_terms t join public.groups g using (organisation_id) where g.slug = $1 order by t.id`,
      [slug]
    )
    indexes.set(slug, await buildOfflineIndex(sections.map(sectionOf), terms))
  }
  return {
    name: 'offline copy',
    about:
      'the copy on the kiosk that answers when nobody else does: words only, in the memory of the kiosk',
    ask: async ({ group, text, language }) => {
      const answer = indexes.get(group)?.search(text, language)
      const passages = (answer?.passages ?? []).map((passage) => ({
        group,
        slug: passage.slug,
        language: passage.language,
        text: passage.text,
        // Its passages are not the backend's.
        anchor: null
      }))
      return {
        decision: passages.length === 0 ? 'not_found' : 'answer',
        passages,
        given: passages.length
      }
    }
  }
}
