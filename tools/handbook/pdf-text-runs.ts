// The pieces of text that a page of a PDF is made of, joined into runs that stand on one line without a gap. The order
// is the file's own, which is the order of reading, columns included, with every common writer.

export type TextItem = {
  text: string
  x: number
  y: number
  width: number
  sizePt: number
  font: string
}

/** A run of text on one line. Coordinates in points from the page's lower left corner. */
export type TextRun = {
  text: string
  left: number
  right: number
  /** Of the base line. */
  y: number
  sizePt: number
  /** The page's name for the font of most of it. */
  font: string
}

/** In units of the text's size. Narrower than this is no space: a ligature's or a kerned pair's. */
const SPACE_EM = 0.15
/** Wider than this may be another cell or column; where it is none, the runs of a line are joined again. */
const GAP_EM = 0.7
/** Base lines of one line, superscripts included. */
const SAME_LINE_EM = 0.45
/** A bullet or number stands further from its text than words from each other. */
const MARK_GAP_EM = 5

/** What stands before a list's item, alone: bullets (Symbol's too), numbers. */
const LONE_MARK = /^(?:[•‣◦▪■●○·∙–*-]|[\uE000-\uF8FF]|o|\d{1,3}[.)]|[a-z][.)])$/

export const joinTextItems = (items: readonly TextItem[]): TextRun[] => {
  const fragments: TextRun[] = []
  for (const { text, x, y, width, sizePt, font } of items) {
    if (text.trim() === '' || sizePt === 0) continue
    const last = fragments.at(-1)
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
      fragments.push({ text, left: x, right: x + width, y, sizePt, font })
    }
  }
  return fragments.map((fragment) => ({
    ...fragment,
    text: fragment.text.replace(/\s+/g, ' ').trim()
  }))
}
