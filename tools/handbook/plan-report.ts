// What an import would change, for the person who decides whether it does.

import type { VersionText } from '../../dev/section-versions.ts'
import { LANGUAGES, type Language } from '../../src/shared/language.ts'
import type { ImportPlan, PlannedSection } from './import-plan.ts'
import { LANGUAGE_NAMES } from './language-names.ts'
import { diffLines, withContext } from './line-diff.ts'

/** Unchanged lines around a change. */
const CONTEXT_LINES = 1

/** More names than this are not read. */
const NAMED_AT_MOST = 12

const STATE_WORDS: Readonly<Record<PlannedSection['state'], string>> = {
  added: 'added',
  changed: 'changed',
  drafted: 'waits as a draft',
  unchanged: 'unchanged'
}

/** A version as lines, so that every part of it that can change shows. */
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

/** Languages whose text is as it was where another's is new: a translation that may be none any more. */
const leftBehind = ({ text, published }: PlannedSection): Language[] => {
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
  const behind = leftBehind(section).map((language) => LANGUAGE_NAMES[language])
  const stays =
    behind.length === 0
      ? ''
      : `; its ${behind.join(', ')} text stays: see that it still says the same`
  return `${section.slug} (${titleOf(section.text)}): ${STATE_WORDS[section.state]}${note}${draft}${stays}`
}

/** Each section, and what is different about it from what is published. */
export const planLines = ({ sections, kept }: ImportPlan): string[] => [
  ...sections.flatMap((section) => {
    const isSame = section.state === 'unchanged'
    const diff =
      isSame || (section.state === 'drafted' && section.published === null)
        ? []
        : section.published === null
          ? linesOf(section.text).map((line) => `+ ${line}`)
          : withContext(diffLines(linesOf(section.published), linesOf(section.text)), CONTEXT_LINES)
    return [about(section), ...diff.map((line) => `    ${line}`)]
  }),
  ...keptLines(kept)
]

const keptLines = (kept: readonly string[]): string[] => {
  if (kept.length === 0) return []
  const names = kept.length > NAMED_AT_MOST ? `${kept.length} sections` : kept.join(', ')
  return [`Kept, though no file has them: ${names}`]
}

export type PlanCounts = {
  added: number
  changed: number
  drafted: number
  unchanged: number
  missingTranslation: number
}

export const planCounts = ({ sections }: ImportPlan): PlanCounts => {
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

/** `3 added, 1 changed, 0 waiting as drafts, 12 unchanged; 2 without a translation`. */
export const countsLine = (counts: PlanCounts): string =>
  `${counts.added} added, ${counts.changed} changed, ${counts.drafted} waiting as drafts, ` +
  `${counts.unchanged} unchanged; ${counts.missingTranslation} without a translation`
