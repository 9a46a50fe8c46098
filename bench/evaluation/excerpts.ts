// Finds an excerpt of a handbook in a text. Case, Markdown marks and white space do not count; nothing else is folded.

const EMPHASIS = /[*_`]/g
/** Marks that separate: of headings, list items, quotations and table cells. */
const LINE_MARK = /^[ \t]*(?:#{1,6}|[-+>]|\d{1,3}[.)])[ \t]+/gm
const CELL_MARK = /\|/g
const WHITE_SPACE = /\s+/g

/** Lower case without Markdown marks, each run of white space as one space. */
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
