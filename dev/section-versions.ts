// Reads a section's version from a project's tables and compares it with a text.
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
export const VERSION_COLUMNS = Object.keys(versionRow.shape).join()

export type VersionText = SectionTexts & { category: string; sort_order: number }

const sameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((part, at) => part === other[at])

/** The parts of a passage that a search or a reader gets, for comparison. */
export const passageLine = ({ language, ordinal, heading, anchor, content }: TextPassage): string =>
  JSON.stringify([language, ordinal, heading, anchor, content])

/** True when a text with these passages is stored already. */
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
