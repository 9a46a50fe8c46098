// Joins the text items of a PDF's page into runs without gaps. Common writers store items in reading order, columns
// included.
export type TextItem = {
  text: string
  x: number
  y: number
  width: number
  sizePt: number
  font: string
}

/** Coordinates in points from the page's lower left corner. */
export type TextRun = {
  text: string
  left: number
  right: number
  /** Of the baseline. */
  y: number
  sizePt: number
  /** Of most of the text. */
  font: string
}

/** A narrower gap is that of a ligature or a kerned pair. */
const SPACE_EM = 0.15
/** A wider gap may separate cells or columns. */
const GAP_EM = 0.7
/** Includes superscripts. */
const SAME_LINE_EM = 0.45
/** Between a bullet or number and its text. */
const MARK_GAP_EM = 5

/** A bullet (those of Symbol, too) or number of a list item. */
const LONE_MARK = /^(?:[•‣◦▪■●○·∙–*-]|[\uE000-\uF8FF]|o|\d{1,3}[.)]|[a-z][.)])$/

export const joinTextItems = (items: readonly TextItem[]): TextRun[] => {
  const runs: TextRun[] = []
  for (const { text, x, y, width, sizePt, font } of items) {
    if (text.trim() === '' || sizePt === 0) continue
    const last = runs.at(-1)
    const em = Math.max(sizePt, last?.sizePt ?? 0)
    const gap = last === undefined ? 0 : x - last.right
    const limitEm = last !== undefined && LONE_MARK.test(last.text.trim()) ? MARK_GAP_EM : GAP_EM
    if (
      last !== undefined &&
      Math.abs(last.y - y) <= SAME_LINE_EM * em &&
      gap > -em &&
      gap < limitEm * em
    ) {
      const isApart = gap > SPACE_EM * em && !/\s$/.test(last.text) && !/^\s/.test(text)
      if (text.length > last.text.length) last.font = font
      last.text += isApart ? ` ${text}` : text
      last.right = Math.max(last.right, x + width)
      if (sizePt > last.sizePt) {
        last.sizePt = sizePt
        last.y = y
      }
    } else {
      runs.push({ text, left: x, right: x + width, y, sizePt, font })
    }
  }
  return runs.map((run) => ({
    ...run,
    text: run.text.replace(/\s+/g, ' ').trim()
  }))
}
