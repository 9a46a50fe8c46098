// Cuts a section's texts into the passages that `save_draft` takes, for the seeding and import (Node) and the function
// (Deno).
import { type Language, languageSchema } from './language.ts'
import { splitIntoPassages } from './passages.ts'

/** A language has both title and content, or neither. */
export type SectionTexts = {
  title_en: string | null
  title_es: string | null
  content_en: string | null
  content_es: string | null
  questions_en: string[]
  questions_es: string[]
}

/** A passage without its vector. */
export type TextPassage = {
  language: Language
  ordinal: number
  heading: string
  anchor: string
  content: string
}

export const passagesOf = (texts: Pick<SectionTexts, 'content_en' | 'content_es'>): TextPassage[] =>
  languageSchema.options.flatMap((language) =>
    splitIntoPassages(texts[`content_${language}`] ?? '').map(
      ({ heading, text, ordinal, anchor }) => ({
        language,
        ordinal,
        heading,
        anchor,
        content: text
      })
    )
  )
