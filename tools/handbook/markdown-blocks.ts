// Splits Markdown into headings and texts. It knows fences and headings that are underlined with === or ---.
import { headingOf } from '../../supabase/functions/_shared/passages.ts'
import type { Block } from './document-blocks.ts'

const FENCE = /^ {0,3}(```|~~~)/
const UNDERLINE = /^ {0,3}(=+|-{2,})\s*$/

/** False for a list, a table, a quotation and a fence. */
const canBeUnderlined = (line: string): boolean =>
  line.trim() !== '' && !/^\s*(?:[-*+>|#]|\d{1,9}[.)]\s|```|~~~)/.test(line)

export const parseMarkdownBlocks = (markdown: string): Block[] => {
  const blocks: Block[] = []
  let text: string[] = []
  let fence: string | undefined
  const flush = (): void => {
    const written = text.join('\n').replace(/^\n+/, '').trimEnd()
    if (written !== '') blocks.push({ kind: 'text', markdown: written, page: null })
    text = []
  }
  for (const line of markdown.split('\n')) {
    const mark = FENCE.exec(line)?.[1]
    if (mark !== undefined) {
      if (fence === undefined) fence = mark
      else if (fence === mark) fence = undefined
    }
    const heading = fence === undefined ? headingOf(line) : null
    const underline = fence === undefined ? UNDERLINE.exec(line)?.[1] : undefined
    const [before, above] = [text.at(-2), text.at(-1)]
    if (heading !== null) {
      flush()
      blocks.push({ kind: 'heading', level: heading.level, text: heading.name, page: null })
    } else if (
      underline !== undefined &&
      above !== undefined &&
      canBeUnderlined(above) &&
      (before === undefined || before.trim() === '')
    ) {
      text.pop()
      flush()
      blocks.push({
        kind: 'heading',
        level: underline.startsWith('=') ? 1 : 2,
        text: above.trim(),
        page: null
      })
    } else {
      text.push(line)
    }
  }
  flush()
  return blocks
}
