// The rows of a PDF's pages as headings and Markdown: a heading by its size, a table by its edges, a list by its marks,
// and a paragraph by what is left.

import type { Block } from './document-blocks.ts'
import { tableMarkdown } from './docx-blocks.ts'
import type { Cell, Row } from './pdf-rows.ts'

/** Larger than the text by this much is a heading. */
const HEADING_RATIO = 1.1
/** Sizes nearer to each other than this are one level. */
const SAME_SIZE_PT = 0.6
/** Longer than this is large print, not a heading. */
const LONGEST_HEADING = 200
const LONGEST_BOLD_HEADING = 80
/** Headings on two lines; lines further apart than this are two. */
const HEADING_PITCH_EM = 1.75
/** More than this many times the usual distance between lines ends a paragraph. */
const PARAGRAPH_PITCH = 1.3
const SAME_EDGE_EM = 1
/** Right edges of one column are compared among lines that begin no further left than this. */
const COLUMN_INDENT_PT = 90
/** A list inside a list stands this much further in. */
const INDENT_PT = 8
/** A line that goes on in the next one fills at least this much of its column. */
const MOSTLY_FULL = 0.7
const BULLET = /^(?:[•‣◦▪■●○·∙–*-]|[\uE000-\uF8FF]|o(?=\s))\s*(?=\S)/
const NUMBER = /^\d{1,3}[.)]\s+/
/** Of the distance between a table's rows: nearer lines are of one row. */
const WRAPPED_PITCH = 0.87
/** A line of a table of contents: it says where things are, and nothing of them. */
const CONTENTS_LINE = /(?:\.\s?){4,}\s*\d+$/
const SENTENCE_END = /[.!?:;…]["”»)]?$/

type Line = { text: string; left: number; right: number; y: number; sizePt: number; font: string }

export type PageRows = readonly Row[]

const lineOf = (cell: Cell): Line => {
  const [first] = cell.lines
  return {
    text: cell.lines.map(({ text }) => text).join(' '),
    left: cell.left,
    right: cell.right,
    y: first?.y ?? 0,
    sizePt: first?.sizePt ?? 0,
    font: first?.font ?? ''
  }
}

/** The value with the most characters. */
const heaviest = <T>(weighted: Iterable<readonly [T, number]>): T | undefined => {
  const sums = new Map<T, number>()
  for (const [value, weight] of weighted) sums.set(value, (sums.get(value) ?? 0) + weight)
  let best: T | undefined
  let most = 0
  for (const [value, sum] of sums) {
    if (sum > most) {
      best = value
      most = sum
    }
  }
  return best
}

const median = (values: readonly number[]): number | undefined =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]

const half = (value: number): number => Math.round(value * 2) / 2

/** A word that was cut at the line's end keeps its hyphen: "walk-in" is more frequent there than "tempera-ture". */
const joined = (text: string, more: string): string =>
  /[\p{L}\d]-$/u.test(text) ? `${text}${more}` : `${text} ${more}`.trim()

/** How a document sets its text, learnt from all its pages. */
type Setting = {
  bodySizePt: number
  bodyFont: string
  hasOneFont: boolean
  /** Between two lines of a paragraph. */
  linePitchPt: number
  /** Of headings, largest first; empty where all text has one size. */
  headingSizesPt: number[]
}

const settingOf = (pages: readonly PageRows[]): Setting => {
  const fragments = pages.flatMap((rows) =>
    rows.flatMap(({ cells }) => cells.flatMap(({ lines }) => lines))
  )
  const bodySizePt =
    heaviest(fragments.map(({ sizePt, text }) => [half(sizePt), text.length] as const)) ?? 0
  const bodyFont = heaviest(fragments.map(({ font, text }) => [font, text.length] as const)) ?? ''
  const pitches = pages.flatMap((rows) =>
    rows.flatMap(({ cells }, at) => {
      const [cell] = cells
      const above = rows[at - 1]?.cells[0]?.lines[0]
      const line = cell?.lines[0]
      if (line === undefined || above === undefined || half(line.sizePt) !== bodySizePt) return []
      const pitch = above.y - line.y
      return pitch > 0 && pitch < 2.2 * bodySizePt && line.left === above.left ? [pitch] : []
    })
  )
  const larger = fragments
    .filter(({ sizePt, text }) => sizePt >= bodySizePt * HEADING_RATIO && /\p{L}/u.test(text))
    .map(({ sizePt }) => sizePt)
    .sort((one, other) => other - one)
  const headingSizesPt: number[] = []
  for (const size of larger) {
    const last = headingSizesPt.at(-1)
    if (last === undefined || last - size > SAME_SIZE_PT) headingSizesPt.push(size)
  }
  return {
    bodySizePt,
    bodyFont,
    hasOneFont: fragments.every(({ font }) => font === bodyFont),
    linePitchPt: median(pitches) ?? 1.2 * bodySizePt,
    headingSizesPt
  }
}

/** Level of a heading of this size; null for text. */
const levelOf = (sizePt: number, { headingSizesPt }: Setting): number | null => {
  const at = headingSizesPt.findIndex((size) => size - sizePt <= SAME_SIZE_PT && size >= sizePt)
  return at === -1 ? null : Math.min(at + 1, 6)
}

const cellText = (cell: Cell): string =>
  cell.lines.reduce((text, line) => joined(text, line.text), '')

/** Whether a row's cells stand under the columns that a table has so far. */
const fits = (columns: readonly number[], row: Row): boolean =>
  row.cells.every(({ left, lines }) =>
    columns.some((edge) => Math.abs(edge - left) <= SAME_EDGE_EM * (lines[0]?.sizePt ?? 0))
  )

const columnAt = (columns: readonly number[], left: number): number =>
  columns.reduce(
    (best, edge, at) => (Math.abs(edge - left) < Math.abs((columns[best] ?? 0) - left) ? at : best),
    0
  )

/** Between the rows of the table that begins here: rows of several cells, from the first column on. */
const rowPitchOf = (rows: readonly Row[], columns: readonly number[]): number => {
  const heights: number[] = []
  for (const row of rows) {
    if (!fits(columns, row)) break
    const [head] = row.cells
    const line = head?.lines[0]
    if (head === undefined || line === undefined) break
    if (row.cells.length > 1 && columnAt(columns, head.left) === 0) heights.push(line.y)
  }
  return median(heights.slice(1).map((y, at) => (heights[at] ?? 0) - y)) ?? 0
}

/** The table that begins with these rows, and how many of them it has; null for one that is none. */
const tableAt = (
  rows: readonly Row[],
  from: number,
  setting: Setting
): { markdown: string; rows: number } | null => {
  const here = rows.slice(from)
  const [first] = here
  if (first === undefined || first.cells.length < 2) return null
  const columns = first.cells.map(({ left }) => left)
  const rowPitch = rowPitchOf(here, columns)
  const table: string[][] = []
  let used = 0
  let previousY = Number.POSITIVE_INFINITY
  for (const row of here) {
    const [head] = row.cells
    const line = head?.lines[0]
    if (head === undefined || line === undefined) break
    // A table goes down; what stands higher is on the next column or page.
    if (!fits(columns, row) || line.y > previousY || levelOf(line.sizePt, setting) !== null) break
    const isFromFirst = columnAt(columns, head.left) === 0
    // Nearer than rows are, and not of every column: the second line of the cells above.
    const isWrapped =
      row.cells.length < columns.length && previousY - line.y < WRAPPED_PITCH * rowPitch
    if (row.cells.length === 1 && (table.length === 0 || (isFromFirst && !isWrapped))) break
    used += 1
    previousY = line.y
    if (table.length === 0 || (isFromFirst && !isWrapped)) table.push(columns.map(() => ''))
    const cells = table.at(-1) ?? []
    for (const cell of row.cells) {
      const column = columnAt(columns, cell.left)
      cells[column] = joined(cells[column] ?? '', cellText(cell))
    }
  }
  if (table.length < 2) return null
  const escaped = table.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const markdown = tableMarkdown(escaped)
  return markdown === null ? null : { markdown, rows: used }
}

/** Where the text to the right of this line ends, on its page and in its column. */
const rightEdge = (lines: readonly Line[], line: Line): number =>
  Math.max(
    ...lines
      .filter(({ left }) => left <= line.left + 1 && left >= line.left - COLUMN_INDENT_PT)
      .map(({ right }) => right)
  )

type Item = { text: string; mark: string; leftPt: number; depth: number }

/** One paragraph or list in the making. */
type Text = { kind: 'paragraph' | 'list'; items: Item[]; page: number }

const markdownOf = ({ kind, items }: Text): string => {
  if (kind === 'paragraph') return items.map(({ text }) => text).join('\n')
  return items.map(({ text, mark, depth }) => `${'   '.repeat(depth)}${mark}${text}`).join('\n')
}

/** Further to the right than the item above is inside it. */
const depthUnder = (above: Item | undefined, leftPt: number, jumps: boolean): number => {
  if (above === undefined || jumps) return 0
  if (leftPt > above.leftPt + INDENT_PT) return above.depth + 1
  return leftPt < above.leftPt - INDENT_PT ? Math.max(0, above.depth - 1) : above.depth
}

/**
 * Whether a line is a heading although it is no larger, in a document of one size: alone in another font or, where
 * there is one font only, in capitals.
 */
const isPlainHeading = (line: Line, setting: Setting): boolean =>
  setting.headingSizesPt.length === 0 &&
  (setting.hasOneFont
    ? /\p{Lu}{3}/u.test(line.text) && !/\p{Ll}/u.test(line.text)
    : line.font !== setting.bodyFont) &&
  line.text.length <= LONGEST_BOLD_HEADING &&
  !/[.;,:]$/.test(line.text) &&
  !BULLET.test(line.text) &&
  /\p{L}/u.test(line.text)

/** The blocks of all pages in order. */
export const buildPdfBlocks = (pages: readonly PageRows[]): Block[] => {
  const setting = settingOf(pages)
  const bodyLeftPt =
    heaviest(
      pages.flatMap((rows) =>
        rows.flatMap(({ cells }) =>
          cells.slice(0, 1).map((cell) => [Math.round(cell.left), cellText(cell).length] as const)
        )
      )
    ) ?? 0
  const blocks: Block[] = []
  let text: Text | null = null
  let previous: { line: Line; page: number } | null = null
  const flush = (): void => {
    if (text !== null) blocks.push({ kind: 'text', markdown: markdownOf(text), page: text.page })
    text = null
  }
  for (const rows of pages) {
    const bodyLines = rows.flatMap(({ cells }) =>
      cells.length === 1
        ? cells.map(lineOf).filter(({ sizePt }) => levelOf(sizePt, setting) === null)
        : []
    )
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at]
      if (row === undefined) continue
      const table = tableAt(rows, at, setting)
      if (table !== null) {
        flush()
        blocks.push({ kind: 'text', markdown: table.markdown, page: row.page })
        at += table.rows - 1
        previous = null
        continue
      }
      const cells = row.cells.map(lineOf)
      const [first] = cells
      if (first === undefined) continue
      const line: Line = {
        ...first,
        text: cells.map((cell) => cell.text).join(' '),
        right: Math.max(...cells.map(({ right }) => right))
      }
      if (line.text.length <= LONGEST_HEADING && CONTENTS_LINE.test(line.text)) continue
      const level =
        levelOf(line.sizePt, setting) ??
        (row.cells.length === 1 && isPlainHeading(line, setting) ? 2 : null)
      if (level !== null && line.text.length <= LONGEST_HEADING) {
        flush()
        const last = blocks.at(-1)
        const pitch = previous === null ? 0 : previous.line.y - line.y
        const goesOn =
          last?.kind === 'heading' &&
          last.level === level &&
          previous?.page === row.page &&
          pitch > 0 &&
          pitch <= HEADING_PITCH_EM * line.sizePt &&
          levelOf(previous.line.sizePt, setting) === levelOf(line.sizePt, setting)
        if (goesOn) last.text = joined(last.text, line.text)
        else blocks.push({ kind: 'heading', level, text: line.text, page: row.page })
        previous = { line, page: row.page }
        continue
      }

      const bullet = BULLET.exec(line.text)?.[0]
      const number = bullet === undefined ? NUMBER.exec(line.text)?.[0] : undefined
      const own = line.text.slice((bullet ?? number ?? '').length)
      const mark =
        bullet === undefined ? (number === undefined ? '' : number.replace(/\s+$/, ' ')) : '- '
      const current: Text | null = text
      const before = previous?.line
      const pitch = before === undefined ? 0 : before.y - line.y
      const jumps = previous?.page !== row.page || pitch < 0
      const isNear = pitch > 0 && pitch <= PARAGRAPH_PITCH * setting.linePitchPt
      // The line before had room for this one's first word, so it ended there by intent.
      const wordPt =
        line.text === '' ? 0 : (line.text.split(' ')[0]?.length ?? 0) * 0.5 * line.sizePt
      const edge = before === undefined || jumps ? 0 : rightEdge([...bodyLines, before], before)
      const wasFull = before !== undefined && before.right + wordPt + 0.25 * line.sizePt > edge - 1
      const wasMostlyFull =
        before !== undefined && before.right - before.left > MOSTLY_FULL * (edge - before.left)
      const isMidSentence =
        before !== undefined && !SENTENCE_END.test(before.text) && /^\p{Ll}/u.test(line.text)
      const goesOn =
        current !== null &&
        mark === '' &&
        (jumps ? isMidSentence : isNear && (wasFull || (wasMostlyFull && isMidSentence)))
      const last = current?.items.at(-1)
      if (goesOn && last !== undefined) {
        last.text = joined(last.text, own)
      } else if (mark !== '') {
        if (current?.kind !== 'list') {
          flush()
          text = { kind: 'list', items: [], page: row.page }
        }
        text?.items.push({
          text: own,
          mark,
          leftPt: line.left,
          depth: depthUnder(text.items.at(-1), line.left, jumps)
        })
      } else {
        const isIndented = line.left > bodyLeftPt + 1.5 * line.sizePt && !jumps
        const sameEdge = before !== undefined && Math.abs(before.left - line.left) < 1
        if (isNear && sameEdge && current?.kind === 'paragraph') {
          // Lines that end by intent: an address, or a list whose bullets are drawn and not written.
          if (isIndented) {
            current.kind = 'list'
            for (const item of current.items) item.mark = '- '
          }
          current.items.push({
            text: own,
            mark: isIndented ? '- ' : '',
            leftPt: line.left,
            depth: 0
          })
        } else if (isNear && sameEdge && current?.kind === 'list' && last?.mark === '- ') {
          current.items.push({ text: own, mark: '- ', leftPt: line.left, depth: last.depth })
        } else {
          flush()
          text = {
            kind: 'paragraph',
            items: [{ text: own, mark: '', leftPt: line.left, depth: 0 }],
            page: row.page
          }
        }
      }
      previous = { line, page: row.page }
    }
  }
  flush()
  return blocks
}
