// What stands at the same place on most pages (a running title, a page's number) is the paper's, not the text's.
import type { TextRun } from './pdf-text-runs.ts'

/** Fewer pages than this do not show what repeats. */
const LEAST_PAGES = 3
/** Of the pages; a title page and chapter pages often lack it. */
const SHARE = 0.5
/** Lines of a page's top and bottom that may be a running title. */
const EDGE_LINES = 2
const SAME_PLACE_PT = 3

/** Page numbers differ, and nothing else of the line does. */
const shapeOf = ({ text, y }: TextRun): string =>
  `${text.replace(/\d+/g, '#')} ${Math.round(y / SAME_PLACE_PT)}`

/** The highest and the lowest lines of a page. */
const edgesOf = (fragments: readonly TextRun[]): Set<TextRun> => {
  const heights = [...new Set(fragments.map(({ y }) => Math.round(y)))].sort(
    (one, other) => other - one
  )
  const edges = new Set([...heights.slice(0, EDGE_LINES), ...heights.slice(-EDGE_LINES)])
  return new Set(fragments.filter(({ y }) => edges.has(Math.round(y))))
}

/** The pages without what repeats. A page of nothing else keeps it. */
export const removeRunningHeaders = (pages: readonly TextRun[][]): TextRun[][] => {
  if (pages.length < LEAST_PAGES) return [...pages]
  const times = new Map<string, number>()
  for (const page of pages) {
    for (const shape of new Set([...edgesOf(page)].map(shapeOf))) {
      times.set(shape, (times.get(shape) ?? 0) + 1)
    }
  }
  return pages.map((page) => {
    const edges = edgesOf(page)
    const left = page.filter(
      (fragment) =>
        !edges.has(fragment) || (times.get(shapeOf(fragment)) ?? 0) < SHARE * pages.length
    )
    return left.length === 0 ? page : left
  })
}
