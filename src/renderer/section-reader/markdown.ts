// Parses a section's Markdown into blocks without HTML: headings, paragraphs, lists, tables and code. Every
// other mark is text.
import { anchorOf, type Heading, headingOf, pathUnder } from '../../shared/headings.ts'

export type Inline = {
  style: 'plain' | 'strong' | 'emphasis' | 'code'
  text: string
  /** A part of a marked quote (`quote-marks.ts`). */
  isQuoted?: true
}
export type ListItem = {
  /** 0 for the outermost. */
  depth: number
  /** Of an ordered list; null: a bullet. */
  number: number | null
  content: readonly Inline[]
}
export type Block =
  /** `anchor` is the target of a citation. */
  | { kind: 'heading'; level: number; anchor: string; content: readonly Inline[] }
  | { kind: 'paragraph'; content: readonly Inline[] }
  | { kind: 'list'; items: readonly ListItem[] }
  /** `head` is empty for a table without one. */
  | {
      kind: 'table'
      head: readonly (readonly Inline[])[]
      rows: readonly (readonly (readonly Inline[])[])[]
    }
  | { kind: 'code'; text: string }

const ITEM = /^([ \t]*)(?:[-*+]|(\d{1,9})[.)])[ \t]+(?=\S)/
const FENCE = /^ {0,3}(```|~~~)/
const RULE = /^ {0,3}(?:-[ \t]*){3,}$|^ {0,3}(?:\*[ \t]*){3,}$|^ {0,3}(?:_[ \t]*){3,}$/
const ROW = /^[ \t]*\|/
const HEAD_RULE = /^[ \t]*\|?[ \t:|-]*-[ \t:|-]*$/
const QUOTED = /^ {0,3}>[ \t]?/
const INDENT_PER_DEPTH = 2
const DEEPEST = 4

/** Inline marks: code, strong, emphasis, links, escaped characters. */
const MARKS =
  /`([^`\n]{1,500})`|(\*\*|__)(?=\S)([^\n]{1,500}?\S)\2|(?<![\p{L}\d])([*_])(?=[^\s*_])([^\n*_]{1,500}?)(?<=\S)\4(?![\p{L}\d])|!?\[([^\]\n]{0,500})\]\([^()\n]{0,500}\)|\\([!-/:-@[-`{-~])/gu

const inlineOf = (text: string): Inline[] => {
  const parts: Inline[] = []
  const add = (style: Inline['style'], added: string | undefined) => {
    if (added === undefined || added === '') return
    const last = parts.at(-1)
    if (last?.style === style) parts[parts.length - 1] = { style, text: last.text + added }
    else parts.push({ style, text: added })
  }
  let from = 0
  for (const match of text.matchAll(MARKS)) {
    add('plain', text.slice(from, match.index))
    from = match.index + match[0].length
    add('code', match[1])
    add('strong', match[3])
    add('emphasis', match[5])
    add('plain', match[6])
    add('plain', match[7])
  }
  add('plain', text.slice(from))
  return parts
}

const cellsOf = (line: string): (readonly Inline[])[] => {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => inlineOf(cell.trim()))
}

/** The lines from `at` on while `isMore` holds. */
const runOf = (
  lines: readonly string[],
  at: number,
  isMore: (line: string, index: number) => boolean
): readonly string[] => {
  let end = at
  while (end < lines.length && isMore(lines[end] ?? '', end)) end += 1
  return lines.slice(at, end)
}

const isBlank = (line: string): boolean => line.trim() === ''

/** Whether a line ends a paragraph. */
const isOpening = (line: string): boolean =>
  isBlank(line) ||
  headingOf(line) !== null ||
  [ITEM, FENCE, ROW, RULE].some((one) => one.test(line))

const itemsOf = (lines: readonly string[]): ListItem[] => {
  const items: { depth: number; number: number | null; text: string }[] = []
  for (const line of lines) {
    const [mark, indent = '', number] = ITEM.exec(line) ?? []
    const last = items.at(-1)
    if (mark !== undefined) {
      items.push({
        depth: Math.min(
          DEEPEST,
          Math.floor(indent.replaceAll('\t', '  ').length / INDENT_PER_DEPTH)
        ),
        number: number === undefined ? null : Number(number),
        text: line.slice(mark.length).trim()
      })
    } else if (last !== undefined && !isBlank(line)) last.text += ` ${line.trim()}`
  }
  return items.map(({ text, ...item }) => ({ ...item, content: inlineOf(text) }))
}

/** The blocks in their order. Never throws. */
export const blocksOf = (markdown: string): Block[] => {
  const lines = markdown
    .replaceAll(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.replace(QUOTED, ''))
  const blocks: Block[] = []
  let path: Heading[] = []
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? ''
    const heading = headingOf(line)
    const fence = FENCE.exec(line)?.[1]
    if (isBlank(line) || RULE.test(line)) at += 1
    else if (heading !== null) {
      path = pathUnder(path, heading)
      blocks.push({
        kind: 'heading',
        level: heading.level,
        anchor: anchorOf(path),
        content: inlineOf(heading.name)
      })
      at += 1
    } else if (fence !== undefined) {
      const code = runOf(lines, at + 1, (more) => FENCE.exec(more)?.[1] !== fence)
      blocks.push({ kind: 'code', text: code.join('\n') })
      at += code.length + 2
    } else if (ROW.test(line)) {
      const table = runOf(lines, at, (more) => ROW.test(more))
      const hasHead = HEAD_RULE.test(table[1] ?? '')
      blocks.push({
        kind: 'table',
        head: hasHead ? cellsOf(line) : [],
        rows: table.slice(hasHead ? 2 : 0).map(cellsOf)
      })
      at += table.length
    } else if (ITEM.test(line)) {
      // An item continues below, also over an empty line before another item or an indented line.
      const list = runOf(lines, at, (more, index) => {
        if (isBlank(more))
          return /^\s+\S/.test(lines[index + 1] ?? '') || ITEM.test(lines[index + 1] ?? '')
        return (
          ITEM.test(more) ||
          /^[ \t]/.test(more) ||
          (!isOpening(more) && !isBlank(lines[index - 1] ?? ''))
        )
      })
      blocks.push({ kind: 'list', items: itemsOf(list) })
      at += list.length
    } else {
      const paragraph = runOf(lines, at, (more, index) => index === at || !isOpening(more))
      blocks.push({
        kind: 'paragraph',
        content: inlineOf(paragraph.map((one) => one.trim().replace(/\\$/, '')).join(' '))
      })
      at += paragraph.length
    }
  }
  return blocks
}
