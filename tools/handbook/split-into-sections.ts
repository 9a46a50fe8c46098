// Cuts a document into sections at its headings: at the chapters, or at the headings below the one title of it all.

import type { Block } from './document-blocks.ts'
import { withoutHeadingMarks } from './heading-text.ts'
import { namedHeading } from './slug.ts'

export type FileSection = {
  slug: string
  title: string
  /** Markdown, its own headings from the second level on. */
  content: string
  page: number | null
}

export type CutDocument = {
  sections: FileSection[]
  /** Headings that nothing stands under. */
  empty: { title: string; page: number | null }[]
  /** Whether there was no heading, and the file's name had to do. */
  isUntitled: boolean
}

type Part = { title: string; slug: string; page: number | null; blocks: Block[] }

const headingsOf = (blocks: readonly Block[]) => blocks.filter((block) => block.kind === 'heading')

/**
 * The level of heading that begins a section: the highest that there are several of; a title above is one. Null where
 * there is no heading.
 */
export const sectionLevel = (blocks: readonly Block[]): number | null => {
  const headings = headingsOf(blocks)
  const [first] = headings
  if (first === undefined) return null
  const levels = [...new Set(headings.map(({ level }) => level))].sort((one, other) => one - other)
  const highest = levels[0] ?? first.level
  const isTitle =
    first.level === highest && headings.filter(({ level }) => level === highest).length === 1
  return isTitle ? (levels[1] ?? highest) : highest
}

const markdownOf = (blocks: readonly Block[], level: number): string =>
  blocks
    .map((block) =>
      block.kind === 'text'
        ? block.markdown
        : `${'#'.repeat(Math.min(6, Math.max(2, block.level - level + 1)))} ${block.text}`
    )
    .join('\n\n')
    .trim()

/**
 * @param fallbackTitle for a document without headings
 * @param atLevel in place of {@link sectionLevel}
 */
export const splitIntoSections = (
  blocks: readonly Block[],
  fallbackTitle: string,
  atLevel?: number
): CutDocument => {
  const found = sectionLevel(blocks)
  const level = atLevel ?? found ?? 1
  const page = blocks[0]?.page ?? null
  const parts: Part[] = [{ ...namedHeading(fallbackTitle), page, blocks: [] }]
  let isFirstPartNamed = false
  const empty: CutDocument['empty'] = []
  for (const block of blocks) {
    const last = parts.at(-1)
    if (block.kind === 'heading' && block.level <= level) {
      const named = namedHeading(withoutHeadingMarks(block.text))
      // The title of the whole names what comes before the first section.
      if (parts.length === 1 && last?.blocks.length === 0 && !isFirstPartNamed) parts.pop()
      isFirstPartNamed = true
      parts.push({ ...named, page: block.page, blocks: [] })
    } else {
      last?.blocks.push(block)
    }
  }
  const sections = parts.flatMap((part, at): FileSection[] => {
    const { title, slug, blocks: own } = part
    if (!own.some(({ kind }) => kind === 'text')) {
      // A title above sections is no empty section.
      const isTitle = at === 0 && parts.length > 1
      if (!isTitle) empty.push({ title, page: part.page })
      return []
    }
    return [{ slug, title, content: markdownOf(own, level), page: part.page }]
  })
  return { sections, empty, isUntitled: found === null }
}
