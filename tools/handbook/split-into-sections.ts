// Splits a document into sections at its chapters, or at the headings below its one title.
import type { Block } from './document-blocks.ts'
import { withoutHeadingMarks } from './heading-text.ts'
import { namedHeading } from './slug.ts'

export type FileSection = {
  slug: string
  title: string
  /** Markdown. Its headings begin at the second level. */
  content: string
  page: number | null
}

type SplitDocument = {
  sections: FileSection[]
  /** Headings without text. */
  empty: { title: string; page: number | null }[]
  /** The document has no heading; the section has `fallbackTitle`. */
  isUntitled: boolean
}

type Part = { title: string; slug: string; page: number | null; blocks: Block[] }

/** The highest level of heading, below a single title at the top. Null without headings. */
const sectionLevel = (blocks: readonly Block[]): number | null => {
  const levels = blocks.flatMap((block) => (block.kind === 'heading' ? [block.level] : []))
  const [highest, next] = [...new Set(levels)].sort((one, other) => one - other)
  if (highest === undefined) return null
  const isTitle = levels[0] === highest && levels.indexOf(highest, 1) === -1
  return isTitle ? (next ?? highest) : highest
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
 * @param atLevel replaces {@link sectionLevel}
 */
export const splitIntoSections = (
  blocks: readonly Block[],
  fallbackTitle: string,
  atLevel: number | undefined
): SplitDocument => {
  const found = sectionLevel(blocks)
  const level = atLevel ?? found ?? 1
  const page = blocks[0]?.page ?? null
  const parts: Part[] = [{ ...namedHeading(fallbackTitle), page, blocks: [] }]
  let isFirstPartNamed = false
  const empty: SplitDocument['empty'] = []
  for (const block of blocks) {
    const last = parts.at(-1)
    if (block.kind === 'heading' && block.level <= level) {
      const named = namedHeading(withoutHeadingMarks(block.text))
      // The document's title names the text before the first section.
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
      // The document's title needs no text.
      const isTitle = at === 0 && parts.length > 1
      if (!isTitle) empty.push({ title, page: part.page })
      return []
    }
    return [{ slug, title, content: markdownOf(own, level), page: part.page }]
  })
  return { sections, empty, isUntitled: found === null }
}
