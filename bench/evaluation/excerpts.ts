// Finds an excerpt of a handbook in a text, regardless of case, Markdown marks and white space.

const EMPHASIS = /[*_`]/g
const LINE_MARK = /^[ \t]*(?:#{1,6}|[-+>]|\d{1,3}[.)])[ \t]+/gm
const CELL_MARK = /\|/g
const WHITE_SPACE = /\s+/g

export const folded = (text: string): string =>
  text
    .normalize('NFC')
    .replace(EMPHASIS, '')
    .replace(LINE_MARK, ' ')
    .replace(CELL_MARK, ' ')
    .replace(WHITE_SPACE, ' ')
    .trim()
    .toLowerCase()

export const holdsExcerpt = (text: string, excerpt: string): boolean =>
  folded(text).includes(folded(excerpt))
