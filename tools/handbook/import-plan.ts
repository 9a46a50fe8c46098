// Plans an import: compares each section of the files with its published version and its draft. Pure: the dry run and the
// import use the same plan.
import { isSameVersion, type VersionText } from '../../dev/section-versions.ts'
import { LANGUAGES, type Language } from '../../src/shared/language.ts'
import { passagesOf, type TextPassage } from '../../supabase/functions/_shared/section-passages.ts'
import type { ImportedSection } from './read-files.ts'
import type { StoredSection, StoredVersion } from './stored-sections.ts'

/** Leaves room for later sections. */
const ORDER_STEP = 10

export type PlannedSection = {
  slug: string
  /**
   * `added` and `changed` need a new draft. `drafted` equals the draft, for example after a stopped import. `unchanged`
   * equals the published version.
   */
  state: 'added' | 'changed' | 'drafted' | 'unchanged'
  text: VersionText
  passages: TextPassage[]
  published: StoredVersion | null
  /** The version that was compared; null for a new section. */
  basedOn: string | null
  /** The equal draft; null where there is none. */
  draftId: string | null
  /** The files equal the published version, and the draft differs. */
  leavesDraft: boolean
  /** Languages without a translation. */
  missing: Language[]
  source: Record<string, unknown>
}

export type ImportPlan = {
  sections: PlannedSection[]
  /** Published sections that no file contains. */
  kept: string[]
}

/** Fields that the files leave out keep their current value. */
const wantedText = (
  { category, order, texts }: ImportedSection,
  current: StoredVersion | null,
  nextOrder: () => number
): VersionText => ({
  category: category ?? current?.category ?? '',
  sort_order: order ?? current?.sort_order ?? nextOrder(),
  title_en: texts.en?.title ?? current?.title_en ?? null,
  title_es: texts.es?.title ?? current?.title_es ?? null,
  content_en: texts.en?.content ?? current?.content_en ?? null,
  content_es: texts.es?.content ?? current?.content_es ?? null,
  questions_en: texts.en?.questions ?? current?.questions_en ?? [],
  questions_es: texts.es?.questions ?? current?.questions_es ?? []
})

const sourceOf = ({ texts }: ImportedSection): Record<string, unknown> => {
  const places = LANGUAGES.flatMap((language) => {
    const text = texts[language]
    if (text === undefined) return []
    const file = text.file.split(/[\\/]/).pop() ?? text.file
    return [text.page === null ? { file } : { file, page: text.page }]
  })
  const [first, ...others] = places
  return others.length === 0 ? { ...first } : { ...first, files: places }
}

export const planImport = (
  sections: readonly ImportedSection[],
  stored: ReadonlyMap<string, StoredSection>
): ImportPlan => {
  const orders = [...stored.values()].flatMap(({ published, draft }) =>
    [published, draft].flatMap((version) => (version === null ? [] : [version.sort_order]))
  )
  let lastOrder = Math.max(0, ...orders, ...sections.flatMap(({ order }) => order ?? []))
  const nextOrder = (): number => {
    lastOrder += ORDER_STEP
    return lastOrder
  }
  const planned = sections.map((section): PlannedSection => {
    const known = stored.get(section.slug)
    const published = known?.published ?? null
    const draft = known?.draft ?? null
    const current = draft ?? published
    const text = wantedText(section, current, nextOrder)
    const passages = passagesOf(text)
    const isPublished = isSameVersion(text, passages, published)
    const isDrafted = isSameVersion(text, passages, draft)
    const state = isDrafted
      ? 'drafted'
      : isPublished
        ? 'unchanged'
        : published === null
          ? 'added'
          : 'changed'
    return {
      slug: section.slug,
      state,
      text,
      passages,
      published,
      basedOn: current?.id ?? null,
      draftId: isDrafted ? (draft?.id ?? null) : null,
      leavesDraft: isPublished && !isDrafted && draft !== null,
      missing: LANGUAGES.filter((language) => text[`content_${language}`] === null),
      source: sourceOf(section)
    }
  })
  const named = new Set(sections.map(({ slug }) => slug))
  const kept = [...stored.values()]
    .filter(({ slug, published }) => published !== null && !named.has(slug))
    .map(({ slug }) => slug)
    .sort()
  return { sections: planned, kept }
}
