// Builds headings, tables, lists and paragraphs from the rows of a PDF's pages.
import type { Block } from './document-blocks.ts'
import {
  BULLET,
  headingLevel,
  isPlainHeading,
  joinText,
  type Layout,
  type Line,
  learnLayout
} from './pdf-layout.ts'
import type { Cell, Row } from './pdf-rows.ts'
import { tableAt } from './pdf-table.ts'

/** Longer lines are large print. */
const LONGEST_HEADING = 200
/** Lines of one heading are at most this far apart. */
const HEADING_PITCH_EM = 1.75
/** A paragraph ends at a distance of more than this many line pitches. */
const PARAGRAPH_PITCH = 1.3
/** A column's right edge is measured on lines that are indented by at most this much. */
const COLUMN_INDENT_PT = 90
const NESTED_LIST_PT = 8
/** A line that continues on the next one fills at least this share of its column. */
const MOSTLY_FULL = 0.7
const NUMBER = /^\d{1,3}[.)]\s+/
/** A table of contents holds no instructions. */
const CONTENTS_LINE = /(?:\.\s?){4,}\s*\d+$/
const SENTENCE_END = /[.!?:;…]["”»)]?$/

type Item = { text: string; mark: string; leftPt: number; depth: number }
type Text = { kind: 'paragraph' | 'list'; items: Item[]; page: number }

/** The blocks so far, the text that is still open, and the line before. */
type State = { blocks: Block[]; text: Text | null; previous: { line: Line; page: number } | null }

const closeText = (state: State): void => {
  const { text } = state
  if (text === null) return
  const lines = text.items.map((item) => `${'   '.repeat(item.depth)}${item.mark}${item.text}`)
  state.blocks.push({ kind: 'text', markdown: lines.join('\n'), page: text.page })
  state.text = null
}

const cellLine = ({ left, right, lines }: Cell): Line => ({
  text: lines.map(({ text }) => text).join(' '),
  left,
  right,
  y: lines[0]?.y ?? 0,
  sizePt: lines[0]?.sizePt ?? 0,
  font: lines[0]?.font ?? ''
})

const rowLine = ({ cells }: Row): Line | null => {
  const lines = cells.map(cellLine)
  const [first] = lines
  if (first === undefined) return null
  const text = lines.map((line) => line.text).join(' ')
  return { ...first, text, right: Math.max(...lines.map(({ right }) => right)) }
}

const addHeading = (
  { blocks, previous }: State,
  line: Line,
  page: number,
  level: number,
  layout: Layout
): void => {
  const last = blocks.at(-1)
  const pitch = previous === null ? 0 : previous.line.y - line.y
  const isSecondLine =
    last?.kind === 'heading' &&
    last.level === level &&
    previous?.page === page &&
    pitch > 0 &&
    pitch <= HEADING_PITCH_EM * line.sizePt &&
    headingLevel(previous.line.sizePt, layout) === headingLevel(line.sizePt, layout)
  if (isSecondLine) last.text = joinText(last.text, line.text)
  else blocks.push({ kind: 'heading', level, text: line.text, page })
}

type Relation = {
  /** To another column or page. */
  jumps: boolean
  isNear: boolean
  hasSameEdge: boolean
  /** The sentence before goes on. */
  continues: boolean
}

const relationOf = (
  line: Line,
  page: number,
  { previous }: State,
  pageLines: readonly Line[],
  layout: Layout
): Relation => {
  if (previous === null) return { jumps: true, isNear: false, hasSameEdge: false, continues: false }
  const before = previous.line
  const pitch = before.y - line.y
  const jumps = previous.page !== page || pitch < 0
  const isNear = pitch > 0 && pitch <= PARAGRAPH_PITCH * layout.linePitchPt
  const isMidSentence = !SENTENCE_END.test(before.text) && /^\p{Ll}/u.test(line.text)
  const edge = Math.max(
    ...[...pageLines, before]
      .filter(({ left }) => left <= before.left + 1 && left >= before.left - COLUMN_INDENT_PT)
      .map(({ right }) => right)
  )
  // The writer ended the line before early if this line's first word had room on it.
  const wordPt = (line.text.split(' ')[0]?.length ?? 0) * 0.5 * line.sizePt
  const wasFull = before.right + wordPt + 0.25 * line.sizePt > edge - 1
  const wasMostlyFull = before.right - before.left > MOSTLY_FULL * (edge - before.left)
  return {
    jumps,
    isNear,
    hasSameEdge: Math.abs(before.left - line.left) < 1,
    continues: jumps ? isMidSentence : isNear && (wasFull || (wasMostlyFull && isMidSentence))
  }
}

const depthBelow = (above: Item | undefined, leftPt: number, jumps: boolean): number => {
  if (above === undefined || jumps) return 0
  if (leftPt > above.leftPt + NESTED_LIST_PT) return above.depth + 1
  return leftPt < above.leftPt - NESTED_LIST_PT ? Math.max(0, above.depth - 1) : above.depth
}

const markOf = (text: string): { mark: string; length: number } => {
  const bullet = BULLET.exec(text)?.[0]
  if (bullet !== undefined) return { mark: '- ', length: bullet.length }
  const number = NUMBER.exec(text)?.[0] ?? ''
  return { mark: number.replace(/\s+$/, ' '), length: number.length }
}

const addText = (
  state: State,
  line: Line,
  page: number,
  { jumps, isNear, hasSameEdge, continues }: Relation,
  { bodyLeftPt }: Layout
): void => {
  const { mark, length } = markOf(line.text)
  const item: Item = { text: line.text.slice(length), mark, leftPt: line.left, depth: 0 }
  const { text } = state
  const last = text?.items.at(-1)
  if (continues && mark === '' && last !== undefined) {
    last.text = joinText(last.text, item.text)
  } else if (mark !== '' && text?.kind === 'list') {
    text.items.push({ ...item, depth: depthBelow(last, line.left, jumps) })
  } else if (mark === '' && isNear && hasSameEdge && text?.kind === 'paragraph') {
    // The lines of an address, or a list whose bullets are drawn.
    const isList = line.left > bodyLeftPt + 1.5 * line.sizePt && !jumps
    if (isList) text.kind = 'list'
    text.items.push(item)
    if (isList) for (const each of text.items) each.mark = '- '
  } else if (mark === '' && isNear && hasSameEdge && text?.kind === 'list' && last?.mark === '- ') {
    text.items.push({ ...item, mark: '- ', depth: last.depth })
  } else {
    closeText(state)
    state.text = { kind: mark === '' ? 'paragraph' : 'list', items: [item], page }
  }
}

/** The blocks of all pages in order. */
export const buildPdfBlocks = (pages: readonly (readonly Row[])[]): Block[] => {
  const layout = learnLayout(pages)
  const state: State = { blocks: [], text: null, previous: null }
  for (const rows of pages) {
    const pageLines = rows
      .flatMap(({ cells }) => (cells.length === 1 ? cells.map(cellLine) : []))
      .filter(({ sizePt }) => headingLevel(sizePt, layout) === null)
    for (let at = 0; at < rows.length; at += 1) {
      const table = tableAt(rows.slice(at), layout)
      const row = rows[at]
      const line = row === undefined ? null : rowLine(row)
      if (row === undefined || line === null) continue
      const { page } = row
      const isShort = line.text.length <= LONGEST_HEADING
      if (table !== null) {
        closeText(state)
        state.blocks.push({ kind: 'text', markdown: table.markdown, page })
        at += table.rows - 1
        state.previous = null
        continue
      }
      if (isShort && CONTENTS_LINE.test(line.text)) continue
      const level =
        headingLevel(line.sizePt, layout) ??
        (row.cells.length === 1 && isPlainHeading(line, layout) ? 2 : null)
      if (level !== null && isShort) {
        closeText(state)
        addHeading(state, line, page, level, layout)
      } else {
        addText(state, line, page, relationOf(line, page, state, pageLines, layout), layout)
      }
      state.previous = { line, page }
    }
  }
  closeText(state)
  return state.blocks
}
