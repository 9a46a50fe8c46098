// A section's version as a project has it in its tables, and when a text that is at hand says the same.
import { z } from 'zod'
import type { SectionTexts, TextPassage } from '../supabase/functions/_shared/section-passages.ts'

export const sectionRow = z.object({ id: z.uuid(), slug: z.string() })

export const versionRow = z.object({
  id: z.uuid(),
  section_id: z.uuid(),
  category: z.string(),
  sort_order: z.number(),
  title_en: z.string().nullable(),
  title_es: z.string().nullable(),
  content_en: z.string().nullable(),
  content_es: z.string().nullable(),
  questions_en: z.array(z.string()),
  questions_es: z.array(z.string())
})
/** What {@link versionRow} reads. */
export const VERSION_COLUMNS = Object.keys(versionRow.shape).join()

export type VersionText = SectionTexts & { category: string; sort_order: number }

const sameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((part, at) => part === other[at])

/** All of a passage that a search or a reader gets, to be compared. */
export const passageLine = ({ language, ordinal, heading, anchor, content }: TextPassage): string =>
  JSON.stringify([language, ordinal, heading, anchor, content])

/** Whether a text, cut into these passages, is what is stored (null: nothing is); then there is nothing to write. */
export const isSameVersion = (
  text: VersionText,
  passages: readonly TextPassage[],
  stored: (VersionText & { passages: readonly TextPassage[] }) | null
): boolean =>
  stored !== null &&
  text.category === stored.category &&
  text.sort_order === stored.sort_order &&
  text.title_en === stored.title_en &&
  text.title_es === stored.title_es &&
  text.content_en === stored.content_en &&
  text.content_es === stored.content_es &&
  sameList(text.questions_en, stored.questions_en) &&
  sameList(text.questions_es, stored.questions_es) &&
  sameList(passages.map(passageLine).sort(), stored.passages.map(passageLine).sort())
