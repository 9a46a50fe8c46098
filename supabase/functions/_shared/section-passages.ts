// The texts of a section as the database takes them, and the passages that they are cut into: the same for the seeding
// and the import in Node and for the function in Deno.
import { type Language, languageSchema } from './language.ts'
import { splitIntoPassages } from './passages.ts'

/** A language comes whole, title and content, or not at all. */
export type SectionTexts = {
  title_en: string | null
  title_es: string | null
  content_en: string | null
  content_es: string | null
  questions_en: string[]
  questions_es: string[]
}

/** A passage as `save_draft` takes it, without its vector. */
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
