// Removes running titles and page numbers: lines at the same place on most pages.
import type { TextRun } from './pdf-text-runs.ts'

/** Fewer pages show no repetition. */
const LEAST_PAGES = 3
/** Title pages and chapter pages often lack the line. */
const SHARE = 0.5
/** Lines at the top and bottom of a page that are compared. */
const EDGE_LINES = 2
const SAME_PLACE_PT = 3

/** Ignores digits: page numbers differ. */
const shapeOf = ({ text, y }: TextRun): string =>
  `${text.replace(/\d+/g, '#')} ${Math.round(y / SAME_PLACE_PT)}`

const edgesOf = (runs: readonly TextRun[]): Set<TextRun> => {
  const heights = [...new Set(runs.map(({ y }) => Math.round(y)))].sort((one, other) => other - one)
  const edges = new Set([...heights.slice(0, EDGE_LINES), ...heights.slice(-EDGE_LINES)])
  return new Set(runs.filter(({ y }) => edges.has(Math.round(y))))
}

/** A page with no other text keeps its lines. */
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
      (run) => !edges.has(run) || (times.get(shapeOf(run)) ?? 0) < SHARE * pages.length
    )
    return left.length === 0 ? page : left
  })
}
