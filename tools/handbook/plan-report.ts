// Formats an import plan for the terminal.
import type { VersionText } from '../../dev/section-versions.ts'
import { LANGUAGES, type Language } from '../../src/shared/language.ts'
import type { ImportPlan, PlannedSection } from './import-plan.ts'
import { LANGUAGE_NAMES } from './language-names.ts'
import { diffLines } from './line-diff.ts'

const CONTEXT_LINES = 1
const MOST_NAMES = 12

const STATE_WORDS: Readonly<Record<PlannedSection['state'], string>> = {
  added: 'added',
  changed: 'changed',
  drafted: 'waits as a draft',
  unchanged: 'unchanged'
}

const linesOf = (text: VersionText | null): string[] =>
  text === null
    ? []
    : [
        ...(text.category === '' ? [] : [`category: ${text.category}`]),
        `order: ${text.sort_order}`,
        ...LANGUAGES.flatMap((language) => {
          const content = text[`content_${language}`]
          return content === null
            ? []
            : [
                `${LANGUAGE_NAMES[language]}: ${text[`title_${language}`] ?? ''}`,
                ...text[`questions_${language}`].map((question) => `question: ${question}`),
                ...content.split('\n').filter((line) => line.trim() !== '')
              ]
        })
      ]

const titleOf = ({ title_en: english, title_es: spanish }: VersionText): string =>
  english ?? spanish ?? ''

/** Languages whose text is the same while another language's has changed: the translation may be out of date. */
const staleTranslations = ({ text, published }: PlannedSection): Language[] => {
  if (published === null) return []
  const isSame = (language: Language): boolean =>
    text[`content_${language}`] === published[`content_${language}`]
  const hasChanged = LANGUAGES.some(
    (language) => published[`content_${language}`] !== null && !isSame(language)
  )
  return hasChanged
    ? LANGUAGES.filter((language) => published[`content_${language}`] !== null && isSame(language))
    : []
}

const about = (section: PlannedSection): string => {
  const missing = section.missing.map((language) => LANGUAGE_NAMES[language])
  const note = missing.length === 0 ? '' : `, no ${missing.join(', ')} translation`
  const draft = section.leavesDraft ? ', its draft is given up' : ''
  const stale = staleTranslations(section).map((language) => LANGUAGE_NAMES[language])
  const stays =
    stale.length === 0
      ? ''
      : `; its ${stale.join(', ')} text stays: see that it still says the same`
  return `${section.slug} (${titleOf(section.text)}): ${STATE_WORDS[section.state]}${note}${draft}${stays}`
}

/** Each section with its difference from the published version. */
export const planLines = ({ sections, kept }: ImportPlan): string[] => [
  ...sections.flatMap((section) => {
    const { state, published, text } = section
    const isShown = state !== 'unchanged' && !(state === 'drafted' && published === null)
    const diff = isShown ? diffLines(linesOf(published), linesOf(text), CONTEXT_LINES) : []
    return [about(section), ...diff.map((line) => `    ${line}`)]
  }),
  ...keptLines(kept)
]

const keptLines = (kept: readonly string[]): string[] => {
  if (kept.length === 0) return []
  const names = kept.length > MOST_NAMES ? `${kept.length} sections` : kept.join(', ')
  return [`Kept, though no file has them: ${names}`]
}

export const planCounts = ({ sections }: ImportPlan) => {
  const count = (state: PlannedSection['state']): number =>
    sections.filter((section) => section.state === state).length
  return {
    added: count('added'),
    changed: count('changed'),
    drafted: count('drafted'),
    unchanged: count('unchanged'),
    missingTranslation: sections.filter(({ missing }) => missing.length > 0).length
  }
}

export const countsLine = (counts: ReturnType<typeof planCounts>): string =>
  `${counts.added} added, ${counts.changed} changed, ${counts.drafted} waiting as drafts, ` +
  `${counts.unchanged} unchanged; ${counts.missingTranslation} without a translation`
