// Learns the layout of a PDF from all its pages: text size, line distance, left edge and heading sizes.
import type { Cell, Row } from './pdf-rows.ts'

/** Text that is larger by this factor is a heading. */
const HEADING_RATIO = 1.1
/** Sizes that differ by less are one heading level. */
const SAME_SIZE_PT = 0.6
const LONGEST_PLAIN_HEADING = 80
const MOST_LEVELS = 6
export const BULLET = /^(?:[•‣◦▪■●○·∙–*-]|[\uE000-\uF8FF]|o(?=\s))\s*(?=\S)/

export type Line = {
  text: string
  left: number
  right: number
  y: number
  sizePt: number
  font: string
}

export type Layout = {
  bodySizePt: number
  bodyFont: string
  bodyLeftPt: number
  hasOneFont: boolean
  /** Between two lines of a paragraph. */
  linePitchPt: number
  /** Largest first; empty where all text has one size. */
  headingSizesPt: number[]
}

/** Keeps the hyphen of a divided word: "walk-in" is more frequent at a line's end than "tempera-ture". */
export const joinText = (text: string, more: string): string =>
  /[\p{L}\d]-$/u.test(text) ? `${text}${more}` : `${text} ${more}`.trim()

export const cellText = (cell: Cell): string =>
  cell.lines.reduce((text, line) => joinText(text, line.text), '')

/** The value with the largest sum of weights. */
const heaviest = <T>(weighted: readonly (readonly [T, number])[]): T | undefined => {
  const sums = new Map<T, number>()
  for (const [value, weight] of weighted) sums.set(value, (sums.get(value) ?? 0) + weight)
  return [...sums].sort(([, one], [, other]) => other - one)[0]?.[0]
}

export const median = (values: readonly number[]): number | undefined =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]

const half = (value: number): number => Math.round(value * 2) / 2

export const learnLayout = (pages: readonly (readonly Row[])[]): Layout => {
  const rows = pages.flat()
  const runs = rows.flatMap(({ cells }) => cells.flatMap(({ lines }) => lines))
  const bodySizePt =
    heaviest(runs.map(({ sizePt, text }) => [half(sizePt), text.length] as const)) ?? 0
  const bodyFont = heaviest(runs.map(({ font, text }) => [font, text.length] as const)) ?? ''
  const pitches = pages.flatMap((page) =>
    page.flatMap(({ cells }, at) => {
      const above = page[at - 1]?.cells[0]?.lines[0]
      const line = cells[0]?.lines[0]
      if (line === undefined || above === undefined || half(line.sizePt) !== bodySizePt) return []
      const pitch = above.y - line.y
      return pitch > 0 && pitch < 2.2 * bodySizePt && line.left === above.left ? [pitch] : []
    })
  )
  const headingSizesPt: number[] = []
  for (const { sizePt, text } of runs.toSorted((one, other) => other.sizePt - one.sizePt)) {
    if (sizePt < bodySizePt * HEADING_RATIO || !/\p{L}/u.test(text)) continue
    const last = headingSizesPt.at(-1)
    if (last === undefined || last - sizePt > SAME_SIZE_PT) headingSizesPt.push(sizePt)
  }
  const lefts = rows.flatMap(({ cells: [cell] }) =>
    cell === undefined ? [] : [[Math.round(cell.left), cellText(cell).length] as const]
  )
  return {
    bodySizePt,
    bodyFont,
    bodyLeftPt: heaviest(lefts) ?? 0,
    hasOneFont: runs.every(({ font }) => font === bodyFont),
    linePitchPt: median(pitches) ?? 1.2 * bodySizePt,
    headingSizesPt
  }
}

/** Null for text. */
export const headingLevel = (sizePt: number, { headingSizesPt }: Layout): number | null => {
  const at = headingSizesPt.findIndex((size) => size - sizePt <= SAME_SIZE_PT && size >= sizePt)
  return at === -1 ? null : Math.min(at + 1, MOST_LEVELS)
}

/** In a document of one size a heading is a line in another font; with one font, a line in capitals. */
export const isPlainHeading = (line: Line, layout: Layout): boolean =>
  layout.headingSizesPt.length === 0 &&
  (layout.hasOneFont
    ? /\p{Lu}{3}/u.test(line.text) && !/\p{Ll}/u.test(line.text)
    : line.font !== layout.bodyFont) &&
  line.text.length <= LONGEST_PLAIN_HEADING &&
  !/[.;,:]$/.test(line.text) &&
  !BULLET.test(line.text) &&
  /\p{L}/u.test(line.text)
